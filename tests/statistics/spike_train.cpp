#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/statistics/spike_train.hpp>

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using statistics::van_rossum_distance;
using statistics::victor_purpura_distance;
using Steps = std::vector<int>;

namespace {

std::vector<float> draw(int steps, float rate, std::uint64_t seed) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  std::vector<float> train;
  for (int step = 0; step < steps; ++step) train.push_back(stream.uniform() < rate ? 1.0F : 0.0F);
  return train;
}

/// By all ways to pair spikes of two short trains, in order.
double cheapest(const Steps& one, const Steps& other, double cost, std::size_t i, std::size_t j) {
  if (i == one.size()) return static_cast<double>(other.size() - j);
  if (j == other.size()) return static_cast<double>(one.size() - i);
  return std::min({1.0 + cheapest(one, other, cost, i + 1, j),
                   1.0 + cheapest(one, other, cost, i, j + 1),
                   cost * std::abs(one[i] - other[j]) + cheapest(one, other, cost, i + 1, j + 1)});
}

}  // namespace

TEST_CASE("A train of zeros and ones is the steps of its ones", "[statistics]") {
  CHECK(statistics::spike_steps(std::vector<float>{0.0F, 1.0F, 0.0F, 1.0F}) == Steps{1, 3});
  CHECK(statistics::spike_steps(std::vector<std::uint8_t>{1, 0, 1}) == Steps{0, 2});
}

TEST_CASE("Single spikes are as far apart as van Rossum says", "[statistics]") {
  for (const double tau : {0.5, 2.0, 10.0, 1e6}) {
    CHECK(van_rossum_distance(Steps{4}, Steps{}, tau) == Approx(std::sqrt(0.5)));
    for (const int apart : {0, 1, 3, 50})
      CHECK(van_rossum_distance(Steps{4}, Steps{4 + apart}, tau) ==
            Approx(std::sqrt(-std::expm1(-apart / tau))).margin(1e-12));
  }
}

TEST_CASE("A short tau counts spikes that do not coincide, a long one all", "[statistics]") {
  const Steps one{1, 3, 5, 9};
  const Steps other{1, 4};
  CHECK(van_rossum_distance(one, other, 1e-3) == Approx(std::sqrt(0.5 * 4.0)));
  CHECK(van_rossum_distance(one, other, 1e9) == Approx(std::sqrt(0.5) * 2.0));
}

TEST_CASE("The distance of van Rossum is the sum over its traces", "[statistics]") {
  const Steps one{0, 3, 4, 11};
  const Steps other{2, 3, 9};
  const double tau = 3.0;
  const double decay = std::exp(-1.0 / tau);
  double sum = 0.0;
  double difference = 0.0;
  for (int step = 0; step < 400; ++step) {
    difference *= decay;
    for (const int spike : one) difference += spike == step ? 1.0 : 0.0;
    for (const int spike : other) difference -= spike == step ? 1.0 : 0.0;
    sum += difference * difference;
  }
  CHECK(van_rossum_distance(one, other, tau) ==
        Approx(std::sqrt(0.5 * (1.0 - decay * decay) * sum)));
}

TEST_CASE("As points, trains have the distance of van Rossum", "[statistics]") {
  for (const double tau : {0.7, 5.0, 100.0}) {
    statistics::Matrix trains(6, 20);
    std::vector<Steps> steps;
    for (snnbd::Index row = 0; row < 6; ++row) {
      const auto train = draw(20, 0.3F, static_cast<std::uint64_t>(row) + 1);
      steps.push_back(statistics::spike_steps(train));
      for (snnbd::Index step = 0; step < 20; ++step)
        trains(row, step) = static_cast<double>(train[static_cast<std::size_t>(step)]);
    }
    const auto points = statistics::van_rossum_points(trains, tau);
    REQUIRE(points.cols() == 21);
    for (snnbd::Index i = 0; i < 6; ++i)
      for (snnbd::Index j = 0; j < 6; ++j)
        CHECK((points.row(i) - points.row(j)).norm() ==
              Approx(van_rossum_distance(steps[static_cast<std::size_t>(i)],
                                         steps[static_cast<std::size_t>(j)], tau))
                  .margin(1e-12));
  }
}

TEST_CASE("Single spikes are as far apart as Victor and Purpura say", "[statistics]") {
  CHECK(victor_purpura_distance(Steps{4}, Steps{}, 0.5) == 1.0);
  for (const int apart : {0, 1, 3, 4, 9})
    CHECK(victor_purpura_distance(Steps{10}, Steps{10 + apart}, 0.5) == std::min(0.5 * apart, 2.0));
  CHECK(victor_purpura_distance(Steps{1, 5}, Steps{2}, 0.5) == 1.5);
  CHECK(victor_purpura_distance(Steps{1, 5}, Steps{2}, 10.0) == 3.0);
  CHECK(victor_purpura_distance(Steps{1, 5, 7}, Steps{2}, 0.0) == 2.0);
}

TEST_CASE("The distance of Victor and Purpura is the least cost of all ways", "[statistics]") {
  for (std::uint64_t seed = 1; seed < 12; ++seed) {
    const Steps one = statistics::spike_steps(draw(12, 0.4F, seed));
    const Steps other = statistics::spike_steps(draw(12, 0.3F, seed + 50));
    for (const double cost : {0.0, 0.2, 0.7, 3.0})
      CHECK(victor_purpura_distance(one, other, cost) ==
            Approx(cheapest(one, other, cost, 0, 0)).margin(1e-12));
  }
}

TEST_CASE("Both are metrics", "[statistics]") {
  for (std::uint64_t seed = 1; seed < 20; ++seed) {
    const Steps a = statistics::spike_steps(draw(30, 0.3F, seed));
    const Steps b = statistics::spike_steps(draw(30, 0.3F, seed + 100));
    const Steps c = statistics::spike_steps(draw(30, 0.2F, seed + 200));
    const auto check = [&](auto distance) {
      CHECK(distance(a, a) == 0.0);
      CHECK(distance(a, b) > 0.0);
      CHECK(distance(a, b) == Approx(distance(b, a)));
      CHECK(distance(a, c) <= distance(a, b) + distance(b, c) + 1e-12);
    };
    check([](const Steps& x, const Steps& y) { return van_rossum_distance(x, y, 4.0); });
    check([](const Steps& x, const Steps& y) { return victor_purpura_distance(x, y, 0.3); });
  }
}

TEST_CASE("Trains out of order and settings out of range are refused", "[statistics]") {
  CHECK_THROWS_WITH(van_rossum_distance(Steps{1, 5, 3}, Steps{}, 1.0),
                    "first spike train: expected ascending numbers, so at least 5, found 3");
  CHECK_THROWS_WITH(victor_purpura_distance(Steps{}, Steps{2, 1}, 1.0),
                    Contains("second spike train"));
  CHECK_THROWS_WITH(van_rossum_distance(Steps{}, Steps{}, 0.0), Contains("tau"));
  CHECK_THROWS_WITH(statistics::van_rossum_points(statistics::Matrix::Zero(1, 3), INFINITY),
                    Contains("tau"));
  CHECK_THROWS_WITH(victor_purpura_distance(Steps{}, Steps{}, -1.0), Contains("cost"));
  CHECK_THROWS_WITH(statistics::van_rossum_points(statistics::Matrix(2, 0), 1.0),
                    Contains("at least one feature"));
}
