#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/statistics/moments.hpp>

#include "samples.hpp"

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using snnbd::Index;
using statistics::Matrix;
using statistics::Row;

TEST_CASE("Mean and covariance of three points by hand", "[statistics]") {
  Matrix samples(3, 2);
  samples << 0.0, 0.0, 2.0, 0.0, 1.0, 3.0;
  CHECK(statistics::mean(samples) == Row{{1.0, 1.0}});
  Matrix expected(2, 2);
  expected << 1.0, 0.0, 0.0, 3.0;
  CHECK(statistics::covariance(samples).isApprox(expected));
}

TEST_CASE("Classes have means of their own", "[statistics]") {
  Matrix samples(3, 1);
  samples << 1.0, 5.0, 3.0;
  const std::vector<int> labels{0, 1, 0};
  const Matrix means = statistics::class_means(samples, labels, 2);
  CHECK(means(0, 0) == 2.0);
  CHECK(means(1, 0) == 5.0);
  CHECK_THROWS_WITH(statistics::class_means(samples, labels, 3),
                    "samples of class 2: expected at least 1, found none");
  CHECK_THROWS_WITH(statistics::class_means(samples, labels, 1), Contains("found 1"));
}

TEST_CASE("The shrinkage of Ledoit and Wolf by hand", "[statistics]") {
  Matrix samples(4, 2);
  // S = diag(2, 1/2): delta^2 = 9/16, beta^2 = 17/32.
  samples << 2.0, 0.0, -2.0, 0.0, 0.0, 1.0, 0.0, -1.0;
  const auto found = statistics::ledoit_wolf(samples);
  CHECK(found.scale == Approx(1.25));
  CHECK(found.shrinkage == Approx(17.0 / 18.0));
  const Matrix shrunk = statistics::ledoit_wolf_covariance(samples);
  CHECK(shrunk(0, 0) == Approx(2.0 / 18.0 + 1.25 * 17.0 / 18.0));
  CHECK(shrunk(1, 1) == Approx(0.5 / 18.0 + 1.25 * 17.0 / 18.0));
  CHECK(shrunk(0, 1) == 0.0);
}

TEST_CASE("What needs no shrinkage gets none, and a sphere all", "[statistics]") {
  Matrix line(2, 2);
  line << 1.0, 0.0, -1.0, 0.0;
  CHECK(statistics::ledoit_wolf(line).shrinkage == Approx(0.0).margin(1e-12));
  Matrix sphere(4, 2);
  sphere << 1.0, 0.0, -1.0, 0.0, 0.0, 1.0, 0.0, -1.0;
  CHECK(statistics::ledoit_wolf(sphere).shrinkage == 1.0);
}

TEST_CASE("The shrinkage is that of its definition, for few samples and for many", "[statistics]") {
  for (const Index count : {Index{6}, Index{25}}) {
    Matrix rows = snnbd_tests::normal_samples(count, 10, 3);
    rows.rowwise() -= statistics::mean(rows);
    const Matrix s = rows.transpose() * rows / static_cast<double>(count);
    const double scale = s.trace() / 10.0;
    const double delta = (s - scale * Matrix::Identity(10, 10)).squaredNorm();
    double beta = 0.0;
    for (Index k = 0; k < count; ++k)
      beta += (rows.row(k).transpose() * rows.row(k) - s).squaredNorm() /
              static_cast<double>(count * count);
    const auto found = statistics::ledoit_wolf(rows);
    CHECK(found.scale == Approx(scale));
    CHECK(found.shrinkage == Approx(std::min(beta / delta, 1.0)));
  }
}

TEST_CASE("Means are apart by so many deviations of the reference", "[statistics]") {
  Matrix reference(2, 1);
  reference << 0.0, 2.0;
  Matrix suspect(1, 1);
  suspect << 4.0;
  CHECK(statistics::mean_distance(reference, suspect) == Approx(3.0 / std::sqrt(2.0)));
  CHECK(statistics::mean_distance(reference, reference) == 0.0);
  CHECK_THROWS_WITH(statistics::mean_distance(Matrix::Zero(2, 1), suspect), Contains("vary"));
  CHECK_THROWS_WITH(statistics::mean_distance(reference, Matrix::Zero(2, 3)),
                    Contains("features of suspect samples: expected 1, found 3"));
}
