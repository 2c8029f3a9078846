#include <algorithm>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/detect/scale_up.hpp>

#include "fake_probe.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using detect::ScaleUp;

namespace {

/// Values from 0 to 10.
struct Positive : Points {
  static constexpr data::Range range{0.0F, 10.0F};
};

/// Class 0, unless the first value is above 4: then class 1.
NetworkProbe steps_at_four() {
  const auto inside = std::make_shared<FakeNetwork>();
  inside->give = [](FakeNetwork::Samples sample, std::span<float> outputs) {
    std::fill(outputs.begin(), outputs.end(), 0.0F);
    outputs[sample[0] > 4.0F ? 1 : 0] = 1.0F;
  };
  return fake_probe(inside);
}

Positive firsts(const std::vector<float>& values) {
  Positive set;
  for (const float value : values) set.add({value}, 0);
  return set;
}

}  // namespace

TEST_CASE("SCALE-UP's score is the share of multiplied samples that keep their class", "[detect]") {
  const NetworkProbe probe = steps_at_four();
  const Positive clean = firsts({0.0F});
  const ScaleUp plain{.factors = {2.0, 3.0, 5.0, 9.0}, .by_class = false};
  // 1 becomes 2, 3, 5 and 9: half stay in class 0. 8 becomes 10, the largest, and stays in 1.
  // Half a step is 1/8: a lead of 1 where it keeps its class, of -1 where not.
  const auto scores = plain.fit(probe, {.clean = clean}).scores(firsts({1.0F, 8.0F, 3.0F, 0.0F}));
  CHECK(scores[0] == Approx(0.5));
  CHECK(scores[1] == Approx(1.0 + 0.125));
  CHECK(scores[2] == Approx(0.0 - 0.125));
  CHECK(scores[3] == Approx(1.0 + 0.125));
}

TEST_CASE("SCALE-UP measures in deviations of clean samples of a class", "[detect]") {
  const NetworkProbe probe = steps_at_four();
  // Shares of 1.125 and -0.125 in class 0: a mean of 0.5 and a deviation of 0.625.
  const Positive clean = firsts({0.0F, 3.0F});
  const ScaleUp settings{.factors = {2.0, 3.0, 5.0, 9.0}};
  const auto scores = settings.fit(probe, {.clean = clean}).scores(firsts({1.0F, 0.0F, 8.0F}));
  CHECK(scores[0] == Approx(0.0).margin(1e-12));
  CHECK(scores[1] == Approx(1.0));
  CHECK(scores[2] == Approx(1.0));  // no clean sample of class 1: measured by all
  CHECK_THROWS_WITH(ScaleUp{.factors = {}}.fit(probe, {.clean = clean}),
                    "factors of scale_up: expected at least one, found none");
  CHECK_THROWS_WITH((ScaleUp{.factors = {2.0, 0.0}}.fit(probe, {.clean = clean})),
                    "factor of scale_up: expected a number above 0, found 0");
}
