#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/statistics/clusters.hpp>

#include "../core/keep_threads.hpp"
#include "samples.hpp"

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using statistics::Matrix;
using Labels = std::vector<int>;

namespace {

Matrix on_a_line(std::initializer_list<double> values) {
  Matrix samples(static_cast<snnbd::Index>(values.size()), 1);
  std::copy(values.begin(), values.end(), samples.data());
  return samples;
}

}  // namespace

TEST_CASE("Two clusters on a line by hand, the larger one first", "[statistics]") {
  const auto found = statistics::k_means(on_a_line({0.0, 10.0, 1.0, 11.0, 12.0}));
  CHECK(found.labels == Labels{1, 0, 1, 0, 0});
  CHECK(found.sizes == std::vector<std::size_t>{3, 2});
  CHECK(found.centres(0, 0) == Approx(11.0));
  CHECK(found.centres(1, 0) == Approx(0.5));
  CHECK(found.squares == Approx(2.5));
}

TEST_CASE("As many clusters as samples leave nothing over, and one is the mean", "[statistics]") {
  const Matrix samples = on_a_line({4.0, 1.0, 7.0});
  const auto three = statistics::k_means(samples, {.clusters = 3});
  CHECK(three.squares == 0.0);
  CHECK(three.labels == Labels{0, 1, 2});  // equal sizes: by their first samples
  const auto one = statistics::k_means(samples, {.clusters = 1});
  CHECK(one.centres(0, 0) == Approx(4.0));
  CHECK(one.squares == Approx(18.0));
}

TEST_CASE("The best of all splits into two is found", "[statistics]") {
  for (std::uint64_t seed = 1; seed < 8; ++seed) {
    const Matrix samples = snnbd_tests::normal_samples(8, 2, seed);
    double least = 1e300;
    for (unsigned split = 1; split < 128; ++split) {
      double squares = 0.0;
      for (const unsigned side : {0U, 1U}) {
        statistics::Row sum = statistics::Row::Zero(2);
        double count = 0.0;
        double norms = 0.0;
        for (unsigned i = 0; i < 8; ++i)
          if (((split >> i) & 1U) == side) {
            sum += samples.row(i);
            norms += samples.row(i).squaredNorm();
            count += 1.0;
          }
        squares += norms - sum.squaredNorm() / count;
      }
      least = std::min(least, squares);
    }
    CHECK(statistics::k_means(samples, {.restarts = 30}).squares == Approx(least));
  }
}

TEST_CASE("Equal samples are one cluster", "[statistics]") {
  const Matrix same = Matrix::Constant(4, 3, 2.0);
  const auto found = statistics::k_means(same);
  CHECK(found.labels == Labels{0, 0, 0, 0});
  CHECK(found.sizes == std::vector<std::size_t>{4, 0});
  CHECK(statistics::silhouette_score(same, found.labels) == 0.0);
}

TEST_CASE("Clusters are the same for any number of threads", "[statistics]") {
  const snnbd_tests::KeepThreads keep;
  const Matrix samples = snnbd_tests::normal_samples(60, 4, 5);
  snnbd::set_thread_count(1);
  const auto alone = statistics::k_means(samples, {.clusters = 3, .seed = 2});
  const double apart = statistics::silhouette_score(samples, alone.labels);
  snnbd::set_thread_count(3);
  const auto together = statistics::k_means(samples, {.clusters = 3, .seed = 2});
  CHECK(together.labels == alone.labels);
  CHECK(together.centres == alone.centres);
  CHECK(statistics::silhouette_score(samples, alone.labels) == apart);
}

TEST_CASE("The silhouette of three points by hand", "[statistics]") {
  // 0: (10 - 2) / 10; 2: (8 - 2) / 8; 10 is alone.
  CHECK(statistics::silhouette_score(on_a_line({0.0, 2.0, 10.0}), Labels{0, 0, 1}) ==
        Approx((0.8 + 0.75) / 3.0));
  // The wrong way: 0 with 10, so (2 - 10) / 10 and (8 - 10) / 10.
  CHECK(statistics::silhouette_score(on_a_line({0.0, 2.0, 10.0}), Labels{0, 1, 0}) ==
        Approx((-0.8 - 0.2) / 3.0));
}

TEST_CASE("Clusters that there cannot be are refused", "[statistics]") {
  const Matrix two = on_a_line({1.0, 2.0});
  CHECK_THROWS_WITH(statistics::k_means(two, {.clusters = 3}), Contains("1 to 2"));
  CHECK_THROWS_WITH(statistics::k_means(two, {.restarts = 0}), Contains("restarts"));
  CHECK_THROWS_WITH(statistics::k_means(two, {.turns = 0}), Contains("turns"));
  CHECK_THROWS_WITH(statistics::silhouette_score(two, Labels{0}), Contains("labels"));
  CHECK_THROWS_WITH(statistics::silhouette_score(two, Labels{0, 2}), Contains("found 2"));
  CHECK_THROWS_WITH(statistics::silhouette_score(two, Labels{0, -1}), Contains("found -1"));
}
