#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/statistics/roc.hpp>

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using statistics::RocPoint;
using Values = std::vector<double>;

namespace {

/// Scores of which many are equal.
Values draw(int count, std::uint64_t seed, double shift) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  Values scores;
  for (int i = 0; i < count; ++i) scores.push_back(std::round(2.0 * stream.normal() + shift));
  return scores;
}

}  // namespace

TEST_CASE("AUROC counts pairs, equal ones half", "[statistics]") {
  const Values clean{3.0, 1.0, 2.0};
  const Values poisoned{2.0, 4.0, 3.0};
  CHECK(statistics::auroc(clean, poisoned) == Approx(7.0 / 9.0));
  CHECK(statistics::auroc(clean, clean) == 0.5);
  CHECK(statistics::auroc(clean, Values{9.0}) == 1.0);
  CHECK(statistics::auroc(clean, Values{0.0}) == 0.0);
}

TEST_CASE("The ROC curve goes from nothing flagged to everything", "[statistics]") {
  const auto curve = statistics::roc_curve(Values{3.0, 1.0, 2.0}, Values{2.0, 4.0, 3.0});
  const std::vector<RocPoint> expected{{4.0, 0.0, 0.0},
                                       {3.0, 0.0, 1.0 / 3.0},
                                       {2.0, 1.0 / 3.0, 2.0 / 3.0},
                                       {1.0, 2.0 / 3.0, 1.0},
                                       {-std::numeric_limits<double>::infinity(), 1.0, 1.0}};
  CHECK(curve == expected);
  CHECK(statistics::area_below(curve) == Approx(7.0 / 9.0));
}

TEST_CASE("AUROC is the share of pairs and the area below the curve", "[statistics]") {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const Values clean = draw(23, seed, 0.0);
    const Values poisoned = draw(17, seed + 100, 1.0);
    double pairs = 0.0;
    for (const double one : clean)
      for (const double other : poisoned) pairs += other > one ? 1.0 : other == one ? 0.5 : 0.0;
    const double expected = pairs / (23.0 * 17.0);
    CHECK(statistics::auroc(clean, poisoned) == Approx(expected));
    CHECK(statistics::auroc(poisoned, clean) == Approx(1.0 - expected));
    CHECK(statistics::area_below(statistics::roc_curve(clean, poisoned)) == Approx(expected));
  }
}

TEST_CASE("A threshold from clean scores flags at most the share that was asked", "[statistics]") {
  Values hundred(100);
  std::iota(hundred.begin(), hundred.end(), 1.0);
  CHECK(statistics::empirical_threshold(hundred, 0.0) == 100.0);
  CHECK(statistics::empirical_threshold(hundred, 0.01) == 99.0);
  CHECK(statistics::empirical_threshold(hundred, 0.29) == 71.0);
  CHECK(statistics::empirical_threshold(hundred, 1.0) == -std::numeric_limits<double>::infinity());
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const Values clean = draw(50, seed, 0.0);
    for (const double rate : {0.0, 0.01, 0.05, 0.3, 0.98}) {
      const double threshold = statistics::empirical_threshold(clean, rate);
      CHECK(statistics::flagged_share(clean, threshold) <= rate);
      // Any lower one would flag too many.
      CHECK(statistics::flagged_share(clean, std::nextafter(threshold, -1e9)) > rate);
    }
  }
}

TEST_CASE("A normal threshold is so many deviations above the mean", "[statistics]") {
  const Values clean{-1.0, 3.0};
  CHECK(statistics::normal_threshold(clean, 0.5) == 1.0);
  CHECK(statistics::normal_threshold(clean, 0.025) == Approx(1.0 + 2.0 * 1.959963984540054));
  CHECK(statistics::normal_threshold(Values{2.0, 2.0}, 0.01) == 2.0);
  CHECK_THROWS_WITH(statistics::normal_threshold(clean, 0.0), Contains("false-positive rate"));
}

TEST_CASE("TPR at a FPR counts what is above the clean threshold", "[statistics]") {
  const Values clean{1.0, 2.0, 3.0, 4.0};
  const Values poisoned{2.5, 3.5, 4.0, 9.0};
  CHECK(statistics::true_positive_rate_at(clean, poisoned, 0.0) == 0.25);
  CHECK(statistics::true_positive_rate_at(clean, poisoned, 0.25) == 0.75);
  CHECK(statistics::true_positive_rate_at(clean, poisoned, 1.0) == 1.0);
}

TEST_CASE("Scores that are none are refused by name", "[statistics]") {
  CHECK_THROWS_WITH(statistics::auroc(Values{}, Values{1.0}), Contains("clean scores"));
  CHECK_THROWS_WITH(statistics::roc_curve(Values{1.0}, Values{INFINITY}),
                    Contains("poisoned scores: expected finite numbers"));
  CHECK_THROWS_WITH(statistics::empirical_threshold(Values{1.0}, 1.1), Contains("found 1.1"));
}
