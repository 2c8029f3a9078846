#include <cmath>
#include <memory>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/detect/reference_comparison.hpp>

#include "fake_probe.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using detect::ReferenceComparison;

namespace {

/// A network whose units see the sample in another order, those of class 2 moved.
class Turned : public FakeNetwork {
 public:
  bool reversed = false;
  float moved = 0.0F;
  void look(Samples samples, Ids ids, int place, network::Quantity quantity, bool over_time,
            std::span<float> values) override {
    std::vector<float> seen(samples.begin(), samples.end());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      const auto own = std::span{seen}.subspan(i * 8, 8);
      if (own[7] == 2.0F) own[1] += moved;
      if (reversed) std::reverse(own.begin(), own.begin() + 7);
    }
    FakeNetwork::look(seen, ids, place, quantity, over_time, values);
  }
};

NetworkProbe turned(bool reversed, float moved, std::size_t units = 7) {
  const auto inside = std::make_shared<Turned>();
  inside->reversed = reversed;
  inside->moved = moved;
  inside->units = units;
  inside->channels = static_cast<Index>(units);
  inside->give = give_last_value;
  return fake_probe(inside);
}

/// Classes that are apart.
Points apart(std::size_t count) {
  Points clean = normal_points(count, 1);
  for (std::size_t i = 0; i < clean.size(); ++i)
    clean.values[i][static_cast<std::size_t>(clean.labels[i])] += 10.0F;
  return clean;
}

double figure(const defend::Verdict& verdict, std::string_view name) {
  for (const auto& [key, value] : verdict.figures)
    if (key == name) return value;
  return NAN;
}

}  // namespace

TEST_CASE("a comparison measures in the reference's deviations within a class", "[detect]") {
  // One unit. The reference sees the first and third sample of a class, at -1 and 1: a deviation
  // of the root of 2. The suspect sees the others, at 2 and 4, or in class 2 at 5 and 7.
  const NetworkProbe reference = turned(false, 0.0F, 2);
  const NetworkProbe suspect = turned(false, 3.0F, 2);
  Points clean;
  for (int label = 0; label < 4; ++label)
    for (const float at : {-1.0F, 2.0F, 1.0F, 4.0F})
      clean.add({at, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, 0.0F, static_cast<float>(label)}, label);
  const auto verdict = ReferenceComparison{.aligned = true}.judge(
      suspect, {.clean = clean, .reference = &reference});
  // Means 3 apart, and in class 2 also 3 in the other unit.
  const double least = 3.0 / std::sqrt(2.0);
  const double most = std::sqrt(9.0 + 9.0) / std::sqrt(2.0);
  CHECK(figure(verdict, "distance") == Approx((3.0 * least + most) / 4.0));
  CHECK(verdict.target == 2);
}

TEST_CASE("networks that differ by the order of their units are alike", "[detect]") {
  const Points clean = apart(400);
  const NetworkProbe reference = turned(false, 0.0F);
  const NetworkProbe other = turned(true, 0.0F);
  const NetworkProbe backdoored = turned(true, 40.0F);
  const defend::Evidence evidence{.clean = clean, .reference = &reference};
  const auto same = ReferenceComparison{}.judge(other, evidence);
  CHECK_FALSE(same.flagged());
  CHECK(figure(same, "p_value") > 0.01);
  const auto found = ReferenceComparison{}.judge(backdoored, evidence);
  CHECK(figure(found, "p_value") < 0.02);
  CHECK(found.score > same.score);
  // Unit by unit they are not.
  CHECK(figure(ReferenceComparison{.aligned = true}.judge(other, evidence), "p_value") ==
        Approx(1.0 / 201.0));
}

TEST_CASE("distances from means are in deviations within classes", "[detect]") {
  // Two classes, at -1 and 1, and at 9 and 11: means 0 and 10, squares of 4 by two degrees of
  // freedom.
  statistics::Matrix features(4, 1);
  features << -1.0, 1.0, 9.0, 11.0;
  const auto found = detect::detail::distances_from_means(features, {0, 0, 1, 1}, 2);
  CHECK(found(0, 0) == Approx(1.0 / std::sqrt(2.0)));
  CHECK(found(0, 1) == Approx(11.0 / std::sqrt(2.0)));
  CHECK(found(3, 0) == Approx(11.0 / std::sqrt(2.0)));
  features << 1.0, 1.0, 2.0, 2.0;
  CHECK_THROWS_WITH(detect::detail::distances_from_means(features, {0, 0, 1, 1}, 2),
                    "features of clean samples: expected samples that differ from the mean of "
                    "their class, found none");
}

TEST_CASE("a comparison needs a reference", "[detect]") {
  const Points clean = apart(40);
  const NetworkProbe suspect = turned(false, 0.0F);
  CHECK_THROWS_WITH(ReferenceComparison{}.judge(suspect, {.clean = clean}),
                    "reference of reference_comparison: expected a clean network, found none");
  CHECK_THROWS_WITH((ReferenceComparison{.mmd_samples = 1}.judge(
                        suspect, {.clean = clean, .reference = &suspect})),
                    "MMD samples of reference_comparison: expected at least 2, found 1");
}
