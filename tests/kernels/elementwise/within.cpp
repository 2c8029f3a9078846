#include <cstddef>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/within.hpp>

using namespace snnbd;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();

Index first_outside(const std::vector<float>& values, float low, float high) {
  return kernels::first_outside(values.data(), static_cast<Index>(values.size()), low, high);
}

}  // namespace

TEST_CASE("The first value out of range is found at any place of any length", "[kernels]") {
  const float odd =
      GENERATE(std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::quiet_NaN(),
               infinity, -infinity, -1e-30F, 1.0000001F);
  for (const std::size_t length : {1U, 7U, 64U, 131U, 200U})
    for (std::size_t place = 0; place < length; ++place) {
      std::vector<float> values(length, 0.5F);
      values.back() = odd;
      values[place] = odd;
      REQUIRE(first_outside(values, 0.0F, 1.0F) == static_cast<Index>(place));
    }
}

TEST_CASE("Both ends of a range are within it", "[kernels]") {
  for (const std::size_t length : {0U, 1U, 2U, 100U, 257U}) {
    std::vector<float> values(length, -2.0F);
    if (length > 0) values.back() = 3.0F;
    CHECK(first_outside(values, -2.0F, 3.0F) == static_cast<Index>(length));
    if (length > 1) CHECK(first_outside(values, -1.0F, 3.0F) == 0);
  }
  CHECK(first_outside({-0.0F}, 0.0F, 0.0F) == 1);
}
