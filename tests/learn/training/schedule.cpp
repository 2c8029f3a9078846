#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/learn/training/schedule.hpp>

namespace learn = snnbd::learn;

TEST_CASE("A cosine falls from one to its floor, half way at half the epochs", "[learn]") {
  const learn::Cosine cosine{.floor = 0.2};
  CHECK(cosine.factor(0, 8) == Approx(1.0));
  CHECK(cosine.factor(2, 8) == Approx(0.2 + 0.8 * (0.5 + std::sqrt(0.125))));
  CHECK(cosine.factor(4, 8) == Approx(0.6));
  CHECK(cosine.factor(8, 8) == Approx(0.2));
  CHECK(learn::Cosine{}.factor(3, 3) == Approx(0.0).margin(1e-15));
}

TEST_CASE("Steps multiply at the beginnings of their epochs", "[learn]") {
  const learn::Step step{.period = 3, .gamma = 0.5};
  CHECK(step.factor(0, 10) == 1.0);
  CHECK(step.factor(2.999, 10) == 1.0);
  CHECK(step.factor(3, 10) == 0.5);
  CHECK(step.factor(5.5, 10) == 0.5);
  CHECK(step.factor(9, 10) == 0.125);
}

TEST_CASE("A constant schedule changes nothing", "[learn]") {
  CHECK(learn::Constant{}.factor(7, 8) == 1.0);
}

TEST_CASE("Schedules refuse settings out of range by their names", "[learn]") {
  using Catch::Matchers::Contains;
  CHECK_NOTHROW(learn::Cosine{}.check());
  CHECK_NOTHROW(learn::Step{}.check());
  CHECK_THROWS_WITH(learn::Cosine{.floor = 1.5}.check(), Contains("cosine floor"));
  CHECK_THROWS_WITH(learn::Step{.period = 0}.check(), Contains("step period"));
  CHECK_THROWS_WITH((learn::Step{.period = 1, .gamma = std::nan("")}.check()),
                    Contains("step gamma"));
}
