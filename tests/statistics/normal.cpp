#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/statistics/normal.hpp>

namespace statistics = snnbd::statistics;

TEST_CASE("Normal quantiles are those of the tables", "[statistics]") {
  CHECK(statistics::normal_quantile(0.5) == 0.0);
  CHECK(statistics::normal_quantile(0.975) == Approx(1.959963984540054).epsilon(1e-14));
  CHECK(statistics::normal_quantile(0.025) == Approx(-1.959963984540054).epsilon(1e-14));
  CHECK(statistics::normal_quantile(0.99) == Approx(2.3263478740408408).epsilon(1e-14));
}

TEST_CASE("The tail of a normal quantile is its share again", "[statistics]") {
  for (const double share : {1e-300, 1e-20, 0.001, 0.3, 0.49})
    CHECK(statistics::normal_tail(-statistics::normal_quantile(share)) ==
          Approx(share).epsilon(1e-10).margin(0.0));
}

TEST_CASE("Shares without a normal quantile are refused", "[statistics]") {
  for (const double share : {0.0, 1.0, -1.0, std::nan("")})
    CHECK_THROWS_WITH(statistics::normal_quantile(share),
                      Catch::Matchers::Contains("above 0 and below 1"));
}
