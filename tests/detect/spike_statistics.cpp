#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/detect/spike_statistics.hpp>
#include <snnbd/statistics/roc.hpp>

#include "fake_probe.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using detect::SpikeEvidence;
using detect::SpikeStatistics;
using detect::TrainDistance;

namespace {

NetworkProbe layer_of(std::size_t units, Index steps) {
  const auto inside = std::make_shared<FakeNetwork>();
  inside->units = units;
  inside->channels = static_cast<Index>(units);
  inside->steps = steps;
  inside->give = give_last_value;
  return fake_probe(inside);
}

/// A train of one unit and seven steps that fires at some of them, and the class it is given.
std::vector<float> train(const std::vector<std::size_t>& fired, int label) {
  std::vector<float> values(8);
  for (const std::size_t step : fired) values[step] = 1.0F;
  values[7] = static_cast<float>(label);
  return values;
}

}  // namespace

TEST_CASE("voltage distances are Mahalanobis distances from the class that is given", "[detect]") {
  const NetworkProbe probe = layer_of(1, 1);
  // The mean of class c is 10 c, and the variance within classes 4.
  Points clean;
  for (int label = 0; label < 4; ++label)
    for (const float by : {-2.0F, -2.0F, 2.0F, 2.0F})
      clean.add({10.0F * static_cast<float>(label) + by, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F,
                 static_cast<float>(label)},
                label);
  const auto fitted =
      SpikeStatistics{.by = SpikeEvidence::voltage, .shrinkage = 0.0}.fit(probe, {.clean = clean});
  Points samples;
  samples.add(clean.values[12], 0);  // 28, given class 3, whatever its label
  samples.add({28.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F}, 3);
  const auto distances = fitted.voltage_distances(samples);
  CHECK(distances[0] == Approx(1.0));
  CHECK(distances[1] == Approx(14.0));
}

TEST_CASE("train distances are those from the nearest clean trains of the class", "[detect]") {
  const NetworkProbe probe = layer_of(1, 7);
  Points clean;
  for (int label = 0; label < 4; ++label)
    for (const std::size_t step : {0U, 1U, 4U, 4U}) clean.add(train({step, 6}, label), label);
  const Points samples{{train({2, 6}, 1), train({6}, 2)}, {0, 0}};
  SpikeStatistics settings{.by = SpikeEvidence::trains, .tau = 2.0, .neighbours = 1};
  const auto apart = [](double steps) { return std::sqrt(1.0 - std::exp(-steps / 2.0)); };
  const auto nearest = settings.fit(probe, {.clean = clean}).train_distances(samples);
  CHECK(nearest[0] == Approx(apart(1)));
  CHECK(nearest[1] == Approx(std::sqrt(0.5)));
  settings.neighbours = 2;  // of one step and of two
  const auto two = settings.fit(probe, {.clean = clean}).train_distances(samples);
  CHECK(two[0] == Approx((apart(1) + apart(2)) / 2.0));
  settings.distance = TrainDistance::victor_purpura;
  settings.cost = 0.75;  // 0.75 and 1.5
  const auto moved = settings.fit(probe, {.clean = clean}).train_distances(samples);
  CHECK(moved[0] == Approx(1.125));
  CHECK(moved[1] == Approx(1.0));
  settings.examples = 1;  // the first one is two steps away
  settings.neighbours = 5;
  CHECK(settings.fit(probe, {.clean = clean}).train_distances(samples)[0] == Approx(1.5));
}

TEST_CASE("trains of several units add their squares", "[detect]") {
  const NetworkProbe probe = layer_of(2, 3);  // [step, unit]
  Points clean;
  for (int label = 0; label < 4; ++label)
    for (int i = 0; i < 4; ++i)
      clean.add({1.0F, 1.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, static_cast<float>(label)}, label);
  // The first unit is a step late, the second does not fire.
  const Points sample{{{0.0F, 0.0F, 1.0F}}, {0}};
  SpikeStatistics settings{.by = SpikeEvidence::trains, .tau = 2.0};
  CHECK(settings.fit(probe, {.clean = clean}).train_distances(sample)[0] ==
        Approx(std::sqrt(1.0 - std::exp(-0.5) + 0.5)));
  settings.distance = TrainDistance::victor_purpura;
  settings.cost = 0.5;
  CHECK(settings.fit(probe, {.clean = clean}).train_distances(sample)[0] ==
        Approx(std::sqrt(0.25 + 1.0)));
}

TEST_CASE("the score is the mean of both distances in deviations of clean samples", "[detect]") {
  const NetworkProbe probe = layer_of(7, 1);
  const Points clean = normal_points(80, 1);
  const Points samples = normal_points(20, 2);
  const auto scores = [&](SpikeEvidence by) {
    return SpikeStatistics{.by = by}.fit(probe, {.clean = clean}).scores(samples);
  };
  const auto voltage = scores(SpikeEvidence::voltage);
  const auto trains = scores(SpikeEvidence::trains);
  const auto both = scores(SpikeEvidence::both);
  for (std::size_t i = 0; i < both.size(); ++i)
    CHECK(both[i] == Approx(0.5 * (voltage[i] + trains[i])));
  // In deviations: those of clean samples are about 0 on average, and rarely beyond 3.
  const auto known = SpikeStatistics{}.fit(probe, {.clean = clean}).scores(normal_points(200, 3));
  CHECK(std::abs(statistics::median(known)) < 0.75);
  CHECK(std::count_if(known.begin(), known.end(), [](double s) { return s > 3.0; }) < 20);
}

TEST_CASE("as many samples of noise are accused as asked, and odd ones all", "[detect]") {
  const NetworkProbe probe = layer_of(7, 1);
  const Points clean = normal_points(200, 1);
  const Points held_out = normal_points(400, 2);
  const Points fresh = normal_points(1000, 3);
  const auto fitted = SpikeStatistics{}.fit(probe, {.clean = clean});
  const double threshold = statistics::empirical_threshold(fitted.scores(held_out), 0.05);
  // Four deviations of both binomials: of the 400 that choose the threshold, and of the 1,000.
  CHECK(statistics::flagged_share(fitted.scores(fresh), threshold) == Approx(0.05).margin(0.052));
  Points odd = normal_points(50, 4);
  for (auto& point : odd.values) point[2] += 8.0F;
  CHECK(statistics::flagged_share(fitted.scores(odd), threshold) == 1.0);
}

TEST_CASE("spike statistics name a class that lies oddly between the others", "[detect]") {
  const NetworkProbe probe = layer_of(7, 1);
  Points clean = normal_points(400, 1);
  for (std::size_t i = 0; i < clean.size(); ++i)
    clean.values[i][static_cast<std::size_t>(clean.labels[i])] += 10.0F;
  const auto usual = SpikeStatistics{}.judge(probe, {.clean = clean});
  CHECK_FALSE(usual.flagged());
  CHECK(usual.threshold == detect::left_out_threshold(4, 0.025));
  for (std::size_t i = 2; i < clean.size(); i += 4) clean.values[i][2] += 40.0F;
  const auto verdict = SpikeStatistics{}.judge(probe, {.clean = clean});
  CHECK(verdict.flagged());
  CHECK(verdict.target == 2);
  CHECK(verdict.by_class.size() == 4);
}

TEST_CASE("spike statistics refuse settings that make no sense, and too few samples", "[detect]") {
  const NetworkProbe probe = layer_of(7, 1);
  const Points clean = normal_points(16, 1);
  const defend::Evidence evidence{.clean = clean};
  CHECK_THROWS_WITH(SpikeStatistics{.tau = 0.0}.fit(probe, evidence),
                    "tau of spike statistics: expected a number above 0, found 0");
  CHECK_THROWS_WITH(SpikeStatistics{.neighbours = 0}.fit(probe, evidence),
                    "neighbours of spike statistics: expected at least 1, found 0");
  CHECK_THROWS_WITH(SpikeStatistics{.judged_rate = 1.0}.judge(probe, evidence),
                    "judged rate of spike statistics: expected a number above 0 and below 1, found "
                    "1");
  const Points few = normal_points(15, 1);
  CHECK_THROWS_WITH(SpikeStatistics{}.fit(probe, {.clean = few}),
                    "clean samples for spike_statistics: expected at least 4 of class 3, found 3");
}
