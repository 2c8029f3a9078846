#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/detect/spectral_signatures.hpp>

#include "fake_probe.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using detect::SpectralSignatures;

TEST_CASE("spectral signatures are squared coordinates along the first axis of a class",
          "[detect]") {
  const NetworkProbe probe = seven_units();
  // Class 0 varies along (3, 4) / 5 by -2, -1, 0, 3 and along (4, -3) / 5 by 0.1, -0.2, 0.1, 0.
  // Class 1 is one sample, which has nothing to be compared with.
  Points training;
  const std::vector<float> along{-2.0F, -1.0F, 0.0F, 3.0F};
  for (const float a : along)
    training.add({10.0F + 0.6F * a, 0.8F * a, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F}, 0);
  training.add({100.0F}, 1);
  const auto found =
      SpectralSignatures{.removed = 0.3}.suspect(probe, {.clean = training, .training = training});
  REQUIRE(found.scores.size() == 5);
  for (std::size_t i = 0; i < 4; ++i)
    CHECK(found.scores[i] == Approx(double{along[i]} * double{along[i]}).margin(1e-6));
  CHECK(found.scores[4] == 0.0);
  CHECK(found.flagged == std::vector<bool>{false, false, false, true, false});
}

TEST_CASE("spectral signatures accuse as many clean samples as they are told to remove",
          "[detect]") {
  const NetworkProbe probe = seven_units();
  const Points training = normal_points(400, 3);
  const auto found = SpectralSignatures{}.suspect(probe, {.clean = training, .training = training});
  CHECK(std::count(found.flagged.begin(), found.flagged.end(), true) == 60);
  CHECK_THROWS_WITH(SpectralSignatures{}.suspect(probe, {.clean = training}),
                    "training set for spectral_signatures: expected at least one sample, found "
                    "none");
  CHECK_THROWS_WITH((SpectralSignatures{.removed = 1.0}.suspect(
                        probe, {.clean = training, .training = training})),
                    "share that spectral signatures remove: expected a number from 0 to below 1, "
                    "found 1");
  CHECK_THROWS_WITH(
      (SpectralSignatures{.place = 4}.suspect(probe, {.clean = training, .training = training})),
      "layer of a detector: expected the place of a layer of neurons or rectifiers, "
      "one of 3, found 4");
}
