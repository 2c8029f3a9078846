#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include <snnbd/core/policy.hpp>

using namespace snnbd;
using Catch::Contains;

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

struct Checked {
  double rate = 0.0;
  void check() const { require_positive("rate", rate); }
};
struct Unchecked {};

}  // namespace

TEST_CASE("A policy is checked by its own check, if it has one", "[core]") {
  CHECK_THROWS_WITH(check_policy(Checked{}), Contains("rate: expected a number above 0, found 0"));
  CHECK_NOTHROW(check_policy(Checked{.rate = 1.0}));
  CHECK_NOTHROW(check_policy(Unchecked{}));
}

TEST_CASE("Ranges of settings have the ends that they say", "[core]") {
  CHECK_NOTHROW(require_finite("x", std::numeric_limits<double>::lowest()));
  CHECK_NOTHROW(require_positive("x", std::numeric_limits<double>::denorm_min()));
  CHECK_THROWS_AS(require_positive("x", 0.0), Error);
  CHECK_NOTHROW(require_not_negative("x", 0.0));
  CHECK_THROWS_AS(require_not_negative("x", -1e-300), Error);
  CHECK_NOTHROW(require_share("x", 0.0F));
  CHECK_NOTHROW(require_share("x", 1.0F));
  CHECK_THROWS_AS(require_share("x", 1.0000001F), Error);
  CHECK_NOTHROW(require_part("x", 0.0));
  CHECK_THROWS_AS(require_part("x", 1.0), Error);
}

TEST_CASE("Infinity and what is not a number are in no range", "[core]") {
  for (const double value : {infinity, -infinity, nothing}) {
    CHECK_THROWS_WITH(require_finite("x", value), Contains("x: expected a finite number"));
    CHECK_THROWS_WITH(require_positive("x", value), Contains("x: expected a number above 0"));
    CHECK_THROWS_WITH(require_not_negative("x", value), Contains("x: expected a number of at"));
    CHECK_THROWS_WITH(require_share("x", value), Contains("x: expected a number from 0 to 1"));
    CHECK_THROWS_WITH(require_part("x", value), Contains("x: expected a number from 0 to below 1"));
  }
}
