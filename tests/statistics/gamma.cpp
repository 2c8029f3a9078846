#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/statistics/gamma.hpp>

using namespace snnbd;

TEST_CASE("the tail of the gamma distribution is that of its closed forms", "[statistics]") {
  const double value = GENERATE(0.1, 0.9, 2.0, 7.5, 30.0);
  const double e = std::exp(-value);
  CHECK(statistics::gamma_tail(1.0, value) == Approx(e).epsilon(1e-12));
  CHECK(statistics::gamma_tail(3.0, value) ==
        Approx(e * (1.0 + value + value * value / 2.0)).epsilon(1e-12));
  CHECK(statistics::gamma_tail(0.5, value) == Approx(std::erfc(std::sqrt(value))).epsilon(1e-10));
}
