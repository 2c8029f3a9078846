#include <cmath>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/detect/strip.hpp>

#include "fake_probe.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using detect::Strip;

namespace {

/// Gives the first value of a sample, times ln 3, to class 0 and nothing to the others.
NetworkProbe first_value() {
  const auto inside = std::make_shared<FakeNetwork>();
  inside->give = [](FakeNetwork::Samples sample, std::span<float> outputs) {
    std::fill(outputs.begin(), outputs.end(), 0.0F);
    outputs[0] = static_cast<float>(std::log(3.0)) * sample[0];
  };
  return fake_probe(inside);
}

/// Of the softmax of (weight, 1, 1, 1).
double entropy(double weight) {
  const double all = weight + 3.0;
  return -(weight * std::log2(weight / all) + 3.0 * std::log2(1.0 / all)) / all;
}

}  // namespace

TEST_CASE("STRIP's score is the mean entropy under overlays, negated", "[detect]") {
  const NetworkProbe probe = first_value();
  const Points clean{{{1.0F}}, {0}};
  const Points samples{{{0.0F}, {1.0F}, {-3.0F}}, {0, 0, 0}};
  const defend::Evidence evidence{.clean = clean};
  // One overlay only, whatever is drawn: sums of 1, 2 and -2, so weights of 3, 9 and 1/9.
  const auto sums = Strip{.overlays = 3, .temperature = 1.0}.fit(probe, evidence).scores(samples);
  CHECK(sums[0] == Approx(-(0.5 + 0.5 * std::log2(6.0))));
  CHECK(sums[1] == Approx(-entropy(9.0)));
  CHECK(sums[2] == Approx(-entropy(1.0 / 9.0)));
  // A quarter of the sample and three quarters of the overlay: 3/4, 1, 0.
  const auto blends = Strip{.overlays = 2, .weight = 0.25, .blends = true, .temperature = 1.0}
                          .fit(probe, evidence)
                          .scores(samples);
  CHECK(blends[0] == Approx(-entropy(std::pow(3.0, 0.75))));
  CHECK(blends[1] == Approx(-entropy(3.0)));
  CHECK(blends[2] == Approx(-2.0));  // all four alike: two bits
  // Twice the temperature halves the logits.
  const auto warm = Strip{.overlays = 1, .temperature = 2.0}.fit(probe, evidence).scores(samples);
  CHECK(warm[1] == Approx(-entropy(3.0)));
}

TEST_CASE("STRIP's temperature is the deviation of the outputs on clean samples", "[detect]") {
  const NetworkProbe probe = first_value();
  const Points clean{{{2.0F}}, {0}};
  const auto fitted = Strip{}.fit(probe, {.clean = clean});
  CHECK(fitted.temperature() == Approx(2.0 * std::log(3.0) * std::sqrt(3.0) / 4.0));
  // Outputs a hundred times as large, such as membranes beside rates, are the same to STRIP.
  const auto large = std::make_shared<FakeNetwork>();
  large->give = [](FakeNetwork::Samples sample, std::span<float> outputs) {
    std::fill(outputs.begin(), outputs.end(), 0.0F);
    outputs[0] = 100.0F * static_cast<float>(std::log(3.0)) * sample[0];
  };
  const NetworkProbe other = fake_probe(large);
  const Points samples{{{0.5F}, {3.0F}}, {0, 0}};
  const auto expected = fitted.scores(samples);
  const auto found = Strip{}.fit(other, {.clean = clean}).scores(samples);
  CHECK(found[0] == Approx(expected[0]).epsilon(1e-5));
  CHECK(found[1] == Approx(expected[1]).epsilon(1e-5));
  const Points blank{{{0.0F}}, {0}};
  CHECK(Strip{}.fit(probe, {.clean = blank}).temperature() == 1.0);
}

TEST_CASE("STRIP draws the same overlays each time, and others with another seed", "[detect]") {
  const NetworkProbe probe = first_value();
  const Points clean = normal_points(50, 1);
  const Points samples = normal_points(5, 2);
  const auto scores = [&](std::uint64_t seed) {
    return Strip{.overlays = 4, .seed = seed}.fit(probe, {.clean = clean}).scores(samples);
  };
  CHECK(scores(1) == scores(1));
  CHECK(scores(1) != scores(2));
}

TEST_CASE("STRIP refuses settings that make no sense", "[detect]") {
  const NetworkProbe probe = first_value();
  const Points clean = normal_points(4, 1);
  const defend::Evidence evidence{.clean = clean};
  CHECK_THROWS_WITH(Strip{.overlays = 0}.fit(probe, evidence),
                    "overlays of strip: expected at least 1, found 0");
  CHECK_THROWS_WITH(Strip{.weight = 1.5}.fit(probe, evidence),
                    "weight of strip: expected a number from 0 to 1, found 1.5");
  CHECK_THROWS_WITH(Strip{.temperature = -1.0}.fit(probe, evidence),
                    "temperature of strip: expected a number of at least 0, found -1");
  CHECK_THROWS_WITH(Strip{}.fit(probe, {.clean = Points{}}),
                    "clean samples for strip: expected at least one, found none");
}
