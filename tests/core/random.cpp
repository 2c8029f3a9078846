#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <set>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>

using namespace snnbd::random;

namespace {

constexpr auto all_bits = std::numeric_limits<std::uint32_t>::max();

/// Pearson's statistic of counts that should be alike.
double chi_square(const std::vector<int>& counts) {
  double total = 0;
  for (const int count : counts) total += count;
  const double expected = total / static_cast<double>(counts.size());
  double result = 0;
  for (const int count : counts) result += (count - expected) * (count - expected) / expected;
  return result;
}

/// Six deviations above the mean of a chi-square variable.
double bound(std::size_t cells) {
  const auto freedom = static_cast<double>(cells - 1);
  return freedom + 6.0 * std::sqrt(2.0 * freedom);
}

}  // namespace

TEST_CASE("Philox gives the published vectors", "[core]") {
  using Block = std::array<std::uint32_t, 4>;
  CHECK(philox(0, static_cast<Purpose>(0), 0, 0, 0) ==
        Block{0x6627e8d5U, 0xe169c58dU, 0xbc57ac4cU, 0x9b00dbd8U});
  CHECK(philox(std::numeric_limits<std::uint64_t>::max(), static_cast<Purpose>(all_bits),
               0xFFFFFFFFFFFFULL, 0xFFFF,
               all_bits) == Block{0x408f276dU, 0x41c83b0eU, 0xa20bc7c6U, 0x6d5451fdU});
  CHECK(philox(0x299f31d0a4093822ULL, static_cast<Purpose>(0x03707344U), 0x131985a308d3ULL, 0x8a2e,
               0x243f6a88U) == Block{0xd16cfe09U, 0x94fdccebU, 0x5001e420U, 0x24126ea1U});
}

TEST_CASE("A stream is the blocks of its units, one after another", "[core]") {
  Stream stream{7, Purpose::dropout, 1ULL << 40U, 9};
  for (std::uint32_t unit = 0; unit < 5; ++unit)
    for (const std::uint32_t expected : philox(7, Purpose::dropout, 1ULL << 40U, 9, unit))
      CHECK(stream.bits() == expected);
}

TEST_CASE("Streams that differ in one thing share no numbers", "[core]") {
  std::set<std::uint64_t> seen;
  const auto add = [&](Stream stream) {
    const std::uint64_t high = stream.bits();
    seen.insert(high << 32U | stream.bits());
  };
  add({1, Purpose::shuffle, 2, 3});
  add({2, Purpose::shuffle, 2, 3});
  add({1ULL << 32U, Purpose::shuffle, 2, 3});
  add({1, Purpose::select, 2, 3});
  add({1, Purpose::shuffle, 3, 2});
  add({1, Purpose::shuffle, 2 + (1ULL << 32U), 3});
  add({1, Purpose::shuffle, 2 + (1ULL << 47U), 3});
  add({1, Purpose::shuffle, 2, 4});
  CHECK(seen.size() == 8);
}

TEST_CASE("Uniform numbers fill the unit interval evenly in multiples of 2^-24", "[core]") {
  Stream stream{11, Purpose::encode};
  std::vector<int> counts(100);
  bool right = true;
  for (int i = 0; i < 100'000; ++i) {
    const float value = stream.uniform();
    right = right && value >= 0.0F && value < 1.0F && std::fmod(value, 0x1p-24F) == 0.0F;
    if (right) ++counts[static_cast<std::size_t>(value * 100.0F)];
  }
  CHECK(right);
  CHECK(chi_square(counts) < bound(counts.size()));
}

TEST_CASE("Numbers below a bound are below it and alike in frequency", "[core]") {
  Stream stream{12, Purpose::select};
  for (const std::uint32_t limit : {1U, 2U, 3U, 7U, 10U, 64U, 1000U}) {
    std::vector<int> counts(limit);
    bool below = true;
    for (int i = 0; i < 100'000; ++i) {
      const std::uint32_t value = stream.below(limit);
      below = below && value < limit;
      if (below) ++counts[value];
    }
    CHECK(below);
    if (limit > 1) CHECK(chi_square(counts) < bound(limit));
  }
}

TEST_CASE("A bound that does not divide 2^32 leaves no bias", "[core]") {
  // Without rejection every third value below 3 * 2^30 would come twice as often as the others.
  Stream stream{13, Purpose::select};
  std::vector<int> counts(3);
  for (int i = 0; i < 30'000; ++i) ++counts[stream.below(3U << 30U) % 3];
  CHECK(chi_square(counts) < bound(counts.size()));
}

TEST_CASE("Normal numbers have the moments and the tails of a normal variable", "[core]") {
  constexpr int count = 200'000;
  Stream stream{14, Purpose::initialize};
  double sum = 0;
  double squares = 0;
  double fourths = 0;
  int outside = 0;
  for (int i = 0; i < count; ++i) {
    const double value = stream.normal();
    sum += value;
    squares += value * value;
    fourths += value * value * value * value;
    outside += std::abs(value) > 1.959963984540054 ? 1 : 0;
  }
  // Five deviations of each mean: the variances are 1, 2, 96 and 0.05 * 0.95.
  const double root = std::sqrt(static_cast<double>(count));
  CHECK(std::abs(sum / count) < 5.0 / root);
  CHECK(std::abs(squares / count - 1.0) < 5.0 * std::sqrt(2.0) / root);
  CHECK(std::abs(fourths / count - 3.0) < 5.0 * std::sqrt(96.0) / root);
  CHECK(std::abs(static_cast<double>(outside) / count - 0.05) < 5.0 * std::sqrt(0.0475) / root);
}
