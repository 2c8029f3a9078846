#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/detect/class_outlier.hpp>

using namespace snnbd;

TEST_CASE("each class is measured by the others", "[detect]") {
  const std::vector<double> values{1.0, 2.0, 3.0, 10.0};
  const auto scores = detect::left_out_scores(values);
  CHECK(scores[3] == Approx(8.0));                     // 2 and 1 are mean and deviation of 1, 2, 3
  CHECK(scores[0] == Approx(-4.0 / std::sqrt(19.0)));  // of 2, 3, 10: 5 and the root of 19
  CHECK(detect::left_out_scores(std::vector{0.1, 0.1, 0.1, 0.1}) == std::vector<double>(4));
  const auto lone = detect::left_out_scores(std::vector{2.0, 2.0, 2.0, 3.0});
  CHECK(lone[3] > 1e10);
  CHECK(std::isfinite(lone[3]));
  CHECK_THROWS_WITH(detect::left_out_scores(std::vector{1.0, 2.0}),
                    "values to compare: expected at least 3, found 2");
}

TEST_CASE("the oddest of harmless classes is beyond the threshold as often as asked", "[detect]") {
  // With three classes, sqrt(2/3) of each score has Student's distribution with one degree of
  // freedom, so one alone exceeds x with a chance of atan2(1, sqrt(2/3) x) / pi; no two of three do
  // if x is large.
  const double three = detect::left_out_threshold(3, 0.1, 5);
  CHECK(3.0 * std::atan2(1.0, std::sqrt(2.0 / 3.0) * three) / M_PI == Approx(0.1).margin(0.01));

  const double threshold = detect::left_out_threshold(10, 0.05, 7);
  int flagged = 0;
  for (std::uint64_t turn = 0; turn < 2000; ++turn) {
    random::Stream random{99, random::Purpose::synthetic, turn};
    std::vector<double> values(10);
    for (double& value : values) value = 4.0 + 0.3 * random.normal();
    if (std::ranges::max(detect::left_out_scores(values)) > threshold) ++flagged;
  }
  CHECK(std::abs(flagged - 100) < 4 * 10);  // four deviations of a binomial
}
