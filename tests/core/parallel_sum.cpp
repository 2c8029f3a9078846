#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel_sum.hpp>

#include "keep_threads.hpp"

using namespace snnbd;

TEST_CASE("A sum has the bits of its pieces added in order, for any number of threads", "[core]") {
  // Of 1e16 and many small numbers another order has another sum.
  std::vector<double> values(1001);
  for (std::size_t i = 0; i < values.size(); ++i)
    values[i] = i % 10 == 3 ? (i % 20 == 3 ? 1e16 : -1e16) : 1.0 / static_cast<double>(i + 1);
  const auto part = [&](Index first, Index last) {
    return std::accumulate(values.begin() + first, values.begin() + last, 0.0);
  };
  double expected = 0.0;
  for (Index first = 0; first < 1001; first += 7)
    expected += part(first, std::min<Index>(first + 7, 1001));
  const snnbd_tests::KeepThreads keep_threads;
  for (const int threads : {1, 2, 5}) {
    set_thread_count(threads);
    CHECK(parallel_sum(1001, 7, part) == expected);
  }
}

TEST_CASE("A sum over nothing is zero, over less than a piece one piece", "[core]") {
  CHECK(parallel_sum(0, 8, [](Index, Index) { return 1.0; }) == 0.0);
  CHECK(parallel_sum(3, 8, [](Index first, Index last) {
          return static_cast<double>(10 * first + last);
        }) == 3.0);
}
