#include <cmath>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/detect/beatrix.hpp>
#include <snnbd/statistics/roc.hpp>

#include "fake_probe.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using detect::Beatrix;

namespace {

/// @param steps of `units` units each, as the values of a sample are
NetworkProbe layer_of(std::size_t units, Index channels, Index steps) {
  const auto inside = std::make_shared<FakeNetwork>();
  inside->units = units;
  inside->channels = channels;
  inside->steps = steps;
  inside->give = give_last_value;
  return fake_probe(inside);
}

/// Three samples of each class whose first unit is at 1, 2, 3.
Points three_each() {
  Points clean;
  for (int label = 0; label < 4; ++label)
    for (const float first : {1.0F, 2.0F, 3.0F})
      clean.add({first, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, static_cast<float>(label)}, label);
  return clean;
}

}  // namespace

TEST_CASE("Beatrix measures how far Gram features are outside of those of the class", "[detect]") {
  const NetworkProbe probe = layer_of(1, 1, 1);
  const Points clean = three_each();
  // One channel at one position: the only feature is the square, 1, 4, 9. Its median is 4 and its
  // MAD 3: bounds of 1 and 7 if they are one MAD wide.
  const Beatrix settings{.orders = 1, .width = 1.0, .floor = 0.5};
  const auto fitted = settings.fit(probe, {.clean = clean});
  Points samples;
  for (const float first : {2.5F, 3.0F, 0.5F}) samples.add({first}, 0);
  const auto scores = fitted.scores(samples);
  CHECK(scores[0] == 0.0);
  CHECK(scores[1] == Approx((9.0 - 7.0) / 7.5));
  CHECK(scores[2] == Approx((1.0 - 0.25) / 1.5));
  CHECK(fitted.deviations_from_label(samples) == scores);
}

TEST_CASE("Beatrix sees in bins what rates do not show", "[detect]") {
  // One unit, four steps. Clean samples fire in the first half, others in the second.
  const NetworkProbe probe = layer_of(1, 1, 4);
  Points clean;
  for (int label = 0; label < 4; ++label)
    for (int i = 0; i < 3; ++i)
      clean.add({1.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, static_cast<float>(label)}, label);
  const Points late{{{0.0F, 0.0F, 1.0F, 1.0F}}, {0}};
  const auto score = [&](int bins) {
    return Beatrix{.bins = bins, .orders = 1, .floor = 0.5}
        .fit(probe, {.clean = clean})
        .scores(late)[0];
  };
  CHECK(score(1) == 0.0);
  // Squares of the first half, the halves and the second: 1, 0, 0 become 0, 0, 1.
  CHECK(score(2) == Approx(1.0 / 1.5 + 1.0 / 0.5));
  CHECK_THROWS_WITH(score(5), "bins of beatrix: expected at most 4, one for each step, found 5");
}

TEST_CASE("Beatrix names the class whose training samples are deviant", "[detect]") {
  const NetworkProbe probe = layer_of(7, 7, 1);
  const Points clean = normal_points(400, 1);
  Points training = normal_points(400, 2);
  const Beatrix settings{.orders = 2, .width = 2.0};
  CHECK_FALSE(settings.judge(probe, {.clean = clean, .training = training}).target == 2);
  for (std::size_t i = 2; i < training.size(); i += 8) training.values[i] = {6.0F, -6.0F, 5.0F};
  const auto verdict = settings.judge(probe, {.clean = clean, .training = training});
  CHECK(verdict.flagged());
  CHECK(verdict.target == 2);
  CHECK(verdict.threshold == Approx(std::exp(2.0)));
  CHECK_THROWS_WITH(settings.judge(probe, {.clean = clean}),
                    "training set for beatrix: expected at least one sample, found none");
}

TEST_CASE("Beatrix accuses as many samples of noise as asked", "[detect]") {
  const NetworkProbe probe = layer_of(7, 7, 1);
  const Points clean = normal_points(400, 1);
  const Points held_out = normal_points(400, 2);
  const Points fresh = normal_points(1000, 3);
  const auto fitted = Beatrix{.orders = 2, .width = 1.0}.fit(probe, {.clean = clean});
  const double threshold = statistics::empirical_threshold(fitted.scores(held_out), 0.05);
  // Four deviations of both binomials: of the 400 that choose the threshold, and of the 1,000.
  CHECK(statistics::flagged_share(fitted.scores(fresh), threshold) == Approx(0.05).margin(0.052));
}
