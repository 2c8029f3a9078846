#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/encode/latency.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/encode/real_valued.hpp>
#include <snnbd/encode/standardized.hpp>

using namespace snnbd;

namespace {

struct Channels {
  static constexpr Shape shape{1, 2, 2};
  static constexpr float mean[]{0.5F, 0.25F};
  static constexpr float deviation[]{0.5F, 0.25F};
};

/// An encoder of one's own that squares its images, and does not say how it changes.
struct Squared {
  static constexpr std::string_view name = "squared";
  template <Shape S>
  using Signal = Static<S>;
};

}  // namespace

TEST_CASE("gradients are taken through what is real", "[encode]") {
  constexpr Shape shape{4, 4, 2};
  STATIC_REQUIRE(std::is_same_v<encode::RealValued<encode::Direct>, encode::Direct>);
  STATIC_REQUIRE(std::is_same_v<encode::RealValued<encode::Poisson>, encode::Direct>);
  STATIC_REQUIRE(std::is_same_v<encode::RealValued<encode::BinaryFrames>, encode::Frames>);
  STATIC_REQUIRE(std::is_same_v<encode::RealInput<encode::Frames, shape>::type, Real<shape>>);
  STATIC_REQUIRE(std::is_same_v<encode::RealInput<encode::Latency, shape>::type, Static<shape>>);
}

TEST_CASE("a change of samples is multiplied by the slope of the signal", "[encode]") {
  std::vector<double> values{1, 2, 3, 4};
  const RealView<double> view{values.data(), {1, 1}, Channels::shape};
  encode::multiply_by_slope(encode::Direct{}, view);
  CHECK(values == std::vector<double>{1, 2, 3, 4});
  encode::multiply_by_slope(encode::Standardized<Channels>{}, view);
  CHECK(values == std::vector<double>{2, 8, 6, 16});
  CHECK_THROWS_WITH(encode::multiply_by_slope(Squared{}, view),
                    "gradient by the samples: expected an encoder with "
                    "multiply_by_slope(values), found squared");
}
