#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/statistics/mmd.hpp>

#include "../core/keep_threads.hpp"
#include "samples.hpp"

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using statistics::Matrix;

namespace {

Matrix on_a_line(std::initializer_list<double> values) {
  Matrix samples(static_cast<snnbd::Index>(values.size()), 1);
  std::copy(values.begin(), values.end(), samples.data());
  return samples;
}

}  // namespace

TEST_CASE("The median distance of all pairs is the bandwidth", "[statistics]") {
  CHECK(statistics::median_bandwidth(on_a_line({0.0}), on_a_line({3.0, 7.0})) == 4.0);
  // 6 of 10 pairs are equal: the median of the others.
  CHECK(statistics::median_bandwidth(on_a_line({1.0, 1.0}), on_a_line({1.0, 1.0, 6.0})) == 5.0);
  CHECK(statistics::median_bandwidth(on_a_line({1.0}), on_a_line({1.0})) == 1.0);
}

TEST_CASE("MMD of two points and two points by hand", "[statistics]") {
  const double k = std::exp(-0.5);
  // Both sets at 0 and 1: k + k - 2 (1 + 1 + k + k) / 4.
  CHECK(statistics::squared_mmd(on_a_line({0.0, 1.0}), on_a_line({0.0, 1.0}), 1.0) ==
        Approx(k - 1.0));
  // All of one set at 0, all of the other at 2 with bandwidth 2: 1 + 1 - 2 k.
  CHECK(statistics::squared_mmd(on_a_line({0.0, 0.0}), on_a_line({2.0, 2.0, 2.0}), 2.0) ==
        Approx(2.0 - 2.0 * k));
}

TEST_CASE("MMD is that of its definition", "[statistics]") {
  const Matrix x = snnbd_tests::normal_samples(5, 3, 1);
  const Matrix y = snnbd_tests::normal_samples(4, 3, 2);
  const auto kernel = [](const auto& one, const auto& other) {
    return std::exp(-(one - other).squaredNorm() / (2.0 * 1.7 * 1.7));
  };
  double expected = 0.0;
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 5; ++j)
      if (i != j) expected += kernel(x.row(i), x.row(j)) / 20.0;
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      if (i != j) expected += kernel(y.row(i), y.row(j)) / 12.0;
  for (int i = 0; i < 5; ++i)
    for (int j = 0; j < 4; ++j) expected -= 2.0 * kernel(x.row(i), y.row(j)) / 20.0;
  CHECK(statistics::squared_mmd(x, y, 1.7) == Approx(expected));
}

TEST_CASE("Sets that are far apart are told by as many permutations as tell them", "[statistics]") {
  // 2 of the 20 ways to take 3 of 6 leave the sets as they are.
  const auto test = statistics::mmd_test(on_a_line({0.0, 0.1, 0.2}), on_a_line({9.0, 9.1, 9.2}));
  CHECK(test.bandwidth == Approx(8.9));
  CHECK(test.p_value > 0.07);
  CHECK(test.p_value < 0.13);
  const auto larger = statistics::mmd_test(snnbd_tests::normal_samples(30, 3, 1),
                                           snnbd_tests::normal_samples(30, 3, 2).array() + 3.0,
                                           {.permutations = 199});
  CHECK(larger.squared_mmd > 0.0);
  CHECK(larger.p_value == Approx(1.0 / 200.0));
}

TEST_CASE("Sets of one kind are told apart as seldom as the p-value says", "[statistics]") {
  int flagged = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const Matrix both = snnbd_tests::normal_samples(16, 2, seed);
    if (statistics::mmd_test(both.topRows(8), both.bottomRows(8), {.permutations = 39}).p_value <=
        0.1)
      ++flagged;
  }
  // Of 60 with a chance of 0.1 each: none, or more than 14, with a chance below 2e-3 each.
  CHECK(flagged >= 1);
  CHECK(flagged <= 14);
}

TEST_CASE("Equal samples are of one kind", "[statistics]") {
  const Matrix same = Matrix::Constant(4, 2, 3.0);
  const auto test = statistics::mmd_test(same, same, {.permutations = 10});
  CHECK(test.squared_mmd == Approx(0.0).margin(1e-12));
  CHECK(test.p_value == 1.0);
}

TEST_CASE("A permutation test has the same bits for any number of threads", "[statistics]") {
  const snnbd_tests::KeepThreads keep;
  const Matrix x = snnbd_tests::normal_samples(40, 5, 3);
  const Matrix y = snnbd_tests::normal_samples(50, 5, 4);
  snnbd::set_thread_count(1);
  const auto alone = statistics::mmd_test(x, y, {.permutations = 200, .seed = 9});
  snnbd::set_thread_count(3);
  const auto together = statistics::mmd_test(x, y, {.permutations = 200, .seed = 9});
  CHECK(together.squared_mmd == alone.squared_mmd);
  CHECK(together.bandwidth == alone.bandwidth);
  CHECK(together.p_value == alone.p_value);
  CHECK(statistics::mmd_test(x, y, {.permutations = 200, .seed = 10}).p_value != alone.p_value);
}

TEST_CASE("Sets that cannot be tested are refused by name", "[statistics]") {
  const Matrix two = on_a_line({1.0, 2.0});
  CHECK_THROWS_WITH(statistics::squared_mmd(on_a_line({1.0}), two, 1.0),
                    "first samples: expected at least 2, found 1");
  CHECK_THROWS_WITH(statistics::squared_mmd(two, Matrix::Zero(2, 2), 1.0),
                    Contains("features of second samples"));
  CHECK_THROWS_WITH(statistics::squared_mmd(two, two, 0.0), Contains("bandwidth"));
  CHECK_THROWS_WITH(statistics::mmd_test(two, two, {.permutations = 0}), Contains("permutations"));
  CHECK_THROWS_WITH(statistics::mmd_test(two, two, {.bandwidth = -1.0}), Contains("bandwidth"));
  CHECK_THROWS_WITH(statistics::median_bandwidth(Matrix::Zero(16'384, 1), two),
                    "samples of both sets: expected at most 16384, found 16386");
}
