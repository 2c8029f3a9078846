#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/shuffle.hpp>

using namespace snnbd;

namespace {

std::vector<int> shuffled(std::size_t size, std::uint64_t seed, std::size_t count) {
  std::vector<int> values(size);
  std::iota(values.begin(), values.end(), 0);
  random::Stream stream{seed, random::Purpose::shuffle};
  data::shuffle(values, stream, count);
  return values;
}

}  // namespace

TEST_CASE("Shuffling permutes", "[data][shuffle]") {
  for (const std::size_t size : {0U, 1U, 2U, 3U, 100U}) {
    auto values = shuffled(size, 5, size);
    std::sort(values.begin(), values.end());
    for (std::size_t place = 0; place < size; ++place)
      REQUIRE(values[place] == static_cast<int>(place));
  }
}

TEST_CASE("Shuffling fewer places gives the beginning of shuffling more", "[data][shuffle]") {
  const auto all = shuffled(50, 8, 50);
  for (std::size_t count = 0; count <= 50; ++count) {
    const auto some = shuffled(50, 8, count);
    CHECK(std::equal(some.begin(), some.begin() + static_cast<std::ptrdiff_t>(count), all.begin()));
  }
}

TEST_CASE("Each of the six orders of three comes equally often", "[data][shuffle]") {
  // 6,000 draws: 1,000 each with a deviation of 29; the bound is five deviations.
  std::array<int, 27> counts{};
  for (std::uint64_t seed = 0; seed < 6000; ++seed) {
    const auto order = shuffled(3, seed, 3);
    ++counts[static_cast<std::size_t>(order[0] * 9 + order[1] * 3 + order[2])];
  }
  for (const std::size_t order : {5U, 7U, 11U, 15U, 19U, 21U})
    CHECK(std::abs(counts[order] - 1000) < 145);
}
