#include <algorithm>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>

#include "keep_threads.hpp"

using namespace snnbd;
using snnbd_tests::KeepThreads;

TEST_CASE("Every index is visited once, for any number of threads", "[core]") {
  const KeepThreads keep;
  for (const int threads : {1, 2, 5}) {
    set_thread_count(threads);
    for (const Index count : {0, 1, 7, 255, 1000, 70001}) {
      std::vector<int> visits(static_cast<std::size_t>(count));
      parallel_for(count, [&](Index index) { ++visits[static_cast<std::size_t>(index)]; });
      CHECK(visits == std::vector<int>(visits.size(), 1));
    }
  }
}

TEST_CASE("Ranges cover all indices and only the last one is shorter", "[core]") {
  std::vector<Index> lengths(10);
  parallel_ranges(10, 3, [&](Index first, Index last) {
    lengths[static_cast<std::size_t>(first)] = last - first;
  });
  CHECK(lengths == std::vector<Index>{3, 0, 0, 3, 0, 0, 3, 0, 0, 1});
}

TEST_CASE("A large buffer is filled to its ends and not beyond", "[core]") {
  std::vector<int> values(200003, 7);
  parallel_fill(std::span{values}.subspan(1, 200001), 3);
  CHECK(values.front() == 7);
  CHECK(values.back() == 7);
  CHECK(std::count(values.begin(), values.end(), 3) == 200001);
}

TEST_CASE("An exception in a loop reaches the caller", "[core]") {
  const KeepThreads keep;
  for (const int threads : {1, 2}) {
    set_thread_count(threads);
    CHECK_THROWS_AS(parallel_for(100,
                                 [](Index index) {
                                   if (index == 42) throw Error{"no"};
                                 }),
                    Error);
  }
}

TEST_CASE("A loop within a loop does its work", "[core]") {
  std::vector<Index> sums(8);
  parallel_for(8, [&](Index outer) {
    parallel_for(5, [&](Index inner) { sums[static_cast<std::size_t>(outer)] += inner; });
  });
  CHECK(sums == std::vector<Index>(8, 10));
}

TEST_CASE("Numbers of threads that no machine has are refused", "[core]") {
  CHECK_THROWS_AS(set_thread_count(0), Error);
  CHECK_THROWS_AS(set_thread_count(-2), Error);
  CHECK_THROWS_AS(set_thread_count(5000), Error);
}
