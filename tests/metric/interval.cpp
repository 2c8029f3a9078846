#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/metric/interval.hpp>

namespace metric = snnbd::metric;

TEST_CASE("The quantile inverts the share of a normal variable around its mean", "[metric]") {
  for (const double confidence : {1e-6, 0.1, 0.5, 0.8, 0.95, 0.99, 0.999999, 1 - 1e-12}) {
    const double quantile = metric::normal_quantile(confidence);
    CHECK(std::erfc(quantile / std::sqrt(2.0)) == Approx(1.0 - confidence).epsilon(1e-9));
  }
  CHECK(metric::normal_quantile(0.95) == Approx(1.959963984540054).epsilon(1e-13));
  CHECK(metric::normal_quantile(0.99) == Approx(2.5758293035489004).epsilon(1e-13));
  for (const double outside : {0.0, 1.0, -0.5, 2.0, std::numeric_limits<double>::quiet_NaN()})
    CHECK_THROWS_AS(metric::normal_quantile(outside), snnbd::Error);
}

TEST_CASE("The ends of an interval are the roots of the score equation", "[metric]") {
  for (const double confidence : {0.5, 0.95, 0.999})
    for (const std::size_t total : {1UL, 2UL, 10UL, 999UL, 1'000'000UL})
      for (const std::size_t hits : {std::size_t{0}, total / 3, total / 2, total - 1, total}) {
        const auto [low, high] = metric::wilson_interval(hits, total, confidence);
        const double share = static_cast<double>(hits) / static_cast<double>(total);
        const double square = std::pow(metric::normal_quantile(confidence), 2.0);
        CHECK(0.0 <= low);
        CHECK(low <= share);
        CHECK(share <= high);
        CHECK(high <= 1.0);
        for (const double end : {low, high}) {
          const double left = std::pow(share - end, 2.0);
          const double right = square * end * (1.0 - end) / static_cast<double>(total);
          CHECK(left == Approx(right).epsilon(1e-6).margin(1e-15));
        }
      }
}

TEST_CASE("The interval has the values that Newcombe (1998, table I, method 3) gives", "[metric]") {
  struct Known {
    std::size_t hits;
    std::size_t total;
    double low;
    double high;
  };
  for (const Known& known : {Known{81, 263, 0.2553, 0.3662}, Known{15, 148, 0.0624, 0.1605},
                             Known{0, 20, 0.0, 0.1611}, Known{1, 29, 0.0061, 0.1718}}) {
    const metric::Interval interval = metric::wilson_interval(known.hits, known.total);
    CHECK(interval.low == Approx(known.low).margin(5e-5));
    CHECK(interval.high == Approx(known.high).margin(5e-5));
  }
}

TEST_CASE("Misses have the mirrored interval of hits", "[metric]") {
  for (const std::size_t hits : {0UL, 1UL, 17UL, 50UL}) {
    const auto of_hits = metric::wilson_interval(hits, 50);
    const auto of_misses = metric::wilson_interval(50 - hits, 50);
    CHECK(of_hits.low == Approx(1.0 - of_misses.high).margin(1e-15));
    CHECK(of_hits.high == Approx(1.0 - of_misses.low).margin(1e-15));
  }
}

TEST_CASE("Intervals at the edges are exact", "[metric]") {
  const double square = std::pow(metric::normal_quantile(0.95), 2.0);
  CHECK(metric::wilson_interval(0, 0) == metric::Interval{0.0, 1.0});
  CHECK(metric::wilson_interval(0, 10).low == 0.0);
  CHECK(metric::wilson_interval(0, 10).high == Approx(square / (10.0 + square)));
  CHECK(metric::wilson_interval(10, 10).high == 1.0);
  CHECK(metric::wilson_interval(10, 10).low == Approx(10.0 / (10.0 + square)));
  CHECK_THROWS_AS(metric::wilson_interval(11, 10), snnbd::Error);
  CHECK_THROWS_AS(metric::wilson_interval(1, 10, 1.0), snnbd::Error);
}

TEST_CASE("A rate keeps its counts and says when there is nothing to divide", "[metric]") {
  const metric::Rate rate{3, 8};
  CHECK(rate.fraction() == 0.375);
  CHECK(rate.percent() == 37.5);
  CHECK(rate.wilson() == metric::wilson_interval(3, 8, 0.95));
  CHECK(std::isnan(metric::Rate{}.percent()));
  CHECK(metric::Rate{}.wilson() == metric::Interval{0.0, 1.0});
}

TEST_CASE("The percentile interval leaves out as many values at either end", "[metric]") {
  std::vector<std::optional<double>> values;
  for (int value = 0; value < 100; ++value) values.emplace_back(value * 37 % 100);
  CHECK(metric::percentile_interval(values, 0.9) == metric::Interval{5.0, 94.0});
  CHECK(metric::percentile_interval(values, 0.95) == metric::Interval{2.0, 97.0});
  CHECK(metric::percentile_interval(values, 0.5) == metric::Interval{25.0, 74.0});
  CHECK(metric::percentile_interval(values, 1e-20) == metric::Interval{49.0, 50.0});
}

TEST_CASE("Undefined values lie beyond both ends of a percentile interval", "[metric]") {
  std::vector<std::optional<double>> values;
  for (int value = 0; value < 95; ++value) values.emplace_back(value);
  values.resize(98);
  values.emplace_back(95.0);
  values.emplace_back(96.0);
  CHECK(metric::percentile_interval(values, 0.9) == metric::Interval{2.0, 94.0});
  values[0].reset();
  values[1].reset();
  CHECK(metric::percentile_interval(values, 0.9) == metric::Interval{2.0, 96.0});
  values[2].reset();
  CHECK_FALSE(metric::percentile_interval(values, 0.9));
  CHECK_FALSE(metric::percentile_interval(std::vector<std::optional<double>>(100), 0.9));
}

TEST_CASE("A percentile interval needs values beyond its ends", "[metric]") {
  const std::vector<std::optional<double>> values(19, 1.0);
  CHECK_THROWS_WITH(metric::percentile_interval(values, 0.9), Catch::Contains("found 19"));
  CHECK_THROWS_AS(metric::percentile_interval({}, 0.5), snnbd::Error);
  CHECK_THROWS_AS(metric::percentile_interval(values, 0.0), snnbd::Error);
  CHECK_THROWS_AS(metric::percentile_interval(values, 1.0), snnbd::Error);
}
