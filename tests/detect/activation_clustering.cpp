#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/detect/activation_clustering.hpp>

#include "fake_probe.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using detect::ActivationClustering;

TEST_CASE("activation clustering finds a small cluster that is apart", "[detect]") {
  const NetworkProbe probe = seven_units();
  // Class 0: six samples at 0 and 1, two at 10 and 11. Class 1: four and four, too many.
  Points training;
  for (const float at : {0.0F, 1.0F, 0.0F, 1.0F, 0.0F, 1.0F, 10.0F, 11.0F}) training.add({at}, 0);
  for (const float at : {0.0F, 1.0F, 0.0F, 1.0F, 10.0F, 11.0F, 10.0F, 11.0F}) training.add({at}, 1);
  training.add({50.0F}, 2);
  const defend::Evidence evidence{.clean = training, .training = training};
  const auto found = ActivationClustering{}.suspect(probe, evidence);
  std::vector<bool> expected(17);
  expected[6] = expected[7] = true;
  CHECK(found.flagged == expected);
  // Centres at 0.5 and 10.5.
  CHECK(found.scores[0] == Approx(0.5 - 10.5));
  CHECK(found.scores[7] == Approx(10.5 - 0.5));
  CHECK(found.scores[16] == 0.0);
  // Two of eight are too many for some, and no two clusters far enough apart for others.
  const auto count = [&](const ActivationClustering& detector) {
    const auto flagged = detector.suspect(probe, evidence).flagged;
    return std::count(flagged.begin(), flagged.end(), true);
  };
  CHECK(count({.largest_share = 0.25}) == 0);
  CHECK(count({.least_silhouette = 0.99}) == 0);
  CHECK(count({.largest_share = 0.51}) == 6);
  CHECK(count({.silhouette_of = 4}) == 2);
}

TEST_CASE("activation clustering accuses few samples of noise", "[detect]") {
  const NetworkProbe probe = seven_units();
  const Points training = normal_points(800, 3);
  const defend::Evidence evidence{.clean = training, .training = training};
  const auto found = ActivationClustering{}.suspect(probe, evidence);
  CHECK(std::count(found.flagged.begin(), found.flagged.end(), true) == 0);
  CHECK_THROWS_WITH(ActivationClustering{.axes = 0}.suspect(probe, evidence),
                    "axes of activation clustering: expected at least 1, found 0");
}
