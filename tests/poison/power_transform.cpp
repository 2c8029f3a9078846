#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/poison/power_transform.hpp>
#include <snnbd/poison/trigger.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;

namespace {

std::vector<float> stamped(const poison::PowerTransform& trigger, std::vector<float> values,
                           data::Range range = {0.0F, 1.0F}) {
  const auto width = static_cast<int>(values.size()) / 2;
  poison::stamp(trigger, {values, Shape{1, width, 1}, 2, {}, 0, range});
  return values;
}

}  // namespace

static_assert(poison::Trigger<poison::PowerTransform>);

TEST_CASE("A power changes the tones between black and white", "[poison]") {
  const auto values = stamped({.exponent = 2.0F}, {0.0F, 0.5F, 0.25F, 1.0F});
  CHECK(values == std::vector<float>{0.0F, 0.25F, 0.0625F, 1.0F});
  CHECK(stamped({.exponent = 1.5F}, {0.0F, 0.49F})[1] == Approx(0.343F));
  // From -1 to 1 a quarter of the way up is -0.5; its square is a sixteenth.
  CHECK(stamped({.exponent = 2.0F}, {-0.5F, 1.0F}, {-1.0F, 1.0F})[0] == Approx(-0.875F));
}

TEST_CASE("A power of counts needs the count of white, and goes on above it", "[poison]") {
  const data::Range counts{0.0F, std::numeric_limits<float>::max()};
  CHECK(stamped({.exponent = 2.0F, .white = 4.0F}, {2.0F, 8.0F}, counts) ==
        std::vector<float>{1.0F, 16.0F});
  CHECK_THROWS_WITH(stamped({}, {1.0F, 2.0F}, counts), Contains("white"));
}

TEST_CASE("A power that is none is refused", "[poison]") {
  CHECK_THROWS_WITH(stamped({.exponent = 0.0F}, {0.0F, 0.0F}), Contains("exponent"));
  CHECK_THROWS_WITH(stamped({.exponent = NAN}, {0.0F, 0.0F}), Contains("exponent"));
  CHECK(poison::PowerTransform{}.describe({2, 2, 1}) == "power of 1.5");
}
