#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/statistics/robust.hpp>

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using Values = std::vector<double>;

TEST_CASE("The median of an even number of values is between the two in the middle",
          "[statistics]") {
  CHECK(statistics::median(Values{5.0}) == 5.0);
  CHECK(statistics::median(Values{9.0, 1.0, 4.0}) == 4.0);
  CHECK(statistics::median(Values{9.0, 1.0, 4.0, 6.0}) == 5.0);
}

TEST_CASE("A quantile lies on a straight line between two values", "[statistics]") {
  const Values values{4.0, 1.0, 3.0, 2.0};
  CHECK(statistics::quantile(values, 0.0) == 1.0);
  CHECK(statistics::quantile(values, 0.85) == Approx(3.55));
  CHECK(statistics::quantile(values, 1.0) == 4.0);
  CHECK_THROWS_WITH(statistics::quantile(values, 1.5), Contains("from 0 to 1"));
}

TEST_CASE("An outlier moves neither the median nor the MAD", "[statistics]") {
  const Values values{1.0, 2.0, 100.0, 3.0, 4.0};
  CHECK(statistics::median_absolute_deviation(values) == 1.0);
  const auto spread = statistics::robust_spread(values);
  CHECK(spread.median == 3.0);
  CHECK(spread.deviation == 1.4826);
  CHECK_FALSE(spread.by_mean);
  const auto indices = statistics::anomaly_indices(values);
  CHECK(indices[0] == Approx(2.0 / 1.4826));
  CHECK(indices[2] == Approx(97.0 / 1.4826));
  CHECK(indices[3] == 0.0);
  const auto scores = statistics::robust_scores(values);
  CHECK(scores[0] == Approx(-2.0 / 1.4826));
  CHECK(scores[2] == Approx(97.0 / 1.4826));
}

TEST_CASE("If more than half of the values are equal, the mean distance takes the MAD's place",
          "[statistics]") {
  const Values values{0.0, 0.0, 5.0, 0.0, 0.0};
  const auto spread = statistics::robust_spread(values);
  CHECK(spread.by_mean);
  CHECK(spread.deviation == Approx(std::sqrt(std::numbers::pi / 2.0)));
  const auto indices = statistics::anomaly_indices(values);
  CHECK(indices[2] == Approx(5.0 / std::sqrt(std::numbers::pi / 2.0)));
  CHECK(indices[0] == 0.0);
}

TEST_CASE("Of equal values none is an anomaly", "[statistics]") {
  CHECK(statistics::anomaly_indices(Values{7.0, 7.0, 7.0}) == Values{0.0, 0.0, 0.0});
  CHECK(statistics::robust_spread(Values{7.0, 7.0}).deviation == 0.0);
}

TEST_CASE("Values that are none are refused", "[statistics]") {
  CHECK_THROWS_WITH(statistics::median(Values{}), "values: expected at least 1, found 0");
  CHECK_THROWS_WITH(statistics::anomaly_indices(Values{1.0, std::nan("")}),
                    "values: expected finite numbers, found nan");
}
