#include <vector>

#include <Eigen/LU>
#include <catch2/catch.hpp>

#include <snnbd/statistics/mahalanobis.hpp>
#include <snnbd/statistics/moments.hpp>

#include "../core/keep_threads.hpp"
#include "samples.hpp"

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using snnbd::Index;
using statistics::CovarianceOf;
using statistics::Mahalanobis;
using statistics::Matrix;

namespace {

/// By the definition, with an inverse.
double naive(const Matrix& centred, double shrinkage, const statistics::Row& apart) {
  const Index features = centred.cols();
  const Matrix s = centred.transpose() * centred / static_cast<double>(centred.rows());
  const Eigen::MatrixXd covariance =
      (1.0 - shrinkage) * s +
      shrinkage * s.trace() / static_cast<double>(features) * Matrix::Identity(features, features);
  return apart * covariance.inverse() * apart.transpose();
}

}  // namespace

TEST_CASE("Distances to two classes on a line by hand", "[statistics]") {
  Matrix samples(4, 1);
  samples << 0.0, 2.0, 10.0, 12.0;
  const std::vector<int> labels{0, 0, 1, 1};
  const Mahalanobis distance{samples, labels, 2, {.shrinkage = 0.0}};
  Matrix asked(2, 1);
  asked << 5.0, 11.0;
  const Matrix found = distance.squared_distances(asked);
  CHECK(found(0, 0) == Approx(16.0));
  CHECK(found(0, 1) == Approx(36.0));
  CHECK(distance.squared_to_nearest(asked)[0] == Approx(16.0));
  CHECK(distance.squared_to_nearest(asked)[1] == Approx(0.0).margin(1e-12));
  CHECK(distance.squared_to_class(asked, std::vector<int>{1, 0})[0] == Approx(36.0));
}

TEST_CASE("Each axis counts by its deviation, less so with shrinkage", "[statistics]") {
  Matrix samples(4, 2);
  samples << 2.0, 1.0, 2.0, -1.0, -2.0, 1.0, -2.0, -1.0;  // variances 4 and 1
  const std::vector<int> labels(4, 0);
  Matrix asked(1, 2);
  asked << 2.0, 2.0;
  const auto with = [&](double shrinkage) {
    return Mahalanobis{samples, labels, 1, {.shrinkage = shrinkage}}.squared_distances(asked)(0, 0);
  };
  CHECK(with(0.0) == Approx(1.0 + 4.0));
  CHECK(with(0.5) == Approx(4.0 / 3.25 + 4.0 / 1.75));
  CHECK(with(1.0) == Approx(8.0 / 2.5));
}

TEST_CASE("Without shrinkage the mean over its own samples is the number of features",
          "[statistics]") {
  const Matrix samples = snnbd_tests::normal_samples(30, 5, 4);
  std::vector<int> labels(30);
  for (std::size_t i = 0; i < 30; ++i) labels[i] = static_cast<int>(i % 3);
  const Mahalanobis all{samples, labels, 3, {.shrinkage = 0.0}};
  const Mahalanobis each{
      samples, labels, 3, {.covariance = CovarianceOf::each_class, .shrinkage = 0.0}};
  for (const Mahalanobis* distance : {&all, &each}) {
    double sum = 0.0;
    for (const double square : distance->squared_to_class(samples, labels)) sum += square;
    CHECK(sum / 30.0 == Approx(5.0));
  }
}

TEST_CASE("Distances are those of the definition, for fewer samples than features too",
          "[statistics]") {
  const Matrix asked = snnbd_tests::normal_samples(3, 8, 5);
  for (const Index count : {Index{6}, Index{40}}) {
    const Matrix samples = snnbd_tests::normal_samples(count, 8, 6);
    std::vector<int> labels;
    for (Index i = 0; i < count; ++i) labels.push_back(static_cast<int>(i % 2));
    const Matrix means = statistics::class_means(samples, labels, 2);
    Matrix centred = samples;
    for (Index i = 0; i < count; ++i) centred.row(i) -= means.row(i % 2);
    const double chosen = statistics::ledoit_wolf(centred).shrinkage;
    for (const std::optional<double> shrinkage : {std::optional<double>{}, {1e-3}, {0.4}}) {
      const Mahalanobis distance{samples, labels, 2, {.shrinkage = shrinkage}};
      CHECK(distance.shrinkage(1) == Approx(shrinkage.value_or(chosen)));
      const Matrix found = distance.squared_distances(asked);
      for (Index i = 0; i < 3; ++i)
        for (Index label = 0; label < 2; ++label)
          CHECK(found(i, label) == Approx(naive(centred, shrinkage.value_or(chosen),
                                                asked.row(i) - means.row(label))));
    }
  }
}

TEST_CASE("Distances have the same bits for any number of threads", "[statistics]") {
  const snnbd_tests::KeepThreads keep;
  const Matrix samples = snnbd_tests::normal_samples(90, 100, 7);
  const std::vector<int> labels(90, 0);
  snnbd::set_thread_count(1);
  const Matrix alone = Mahalanobis{samples, labels, 1}.squared_distances(samples);
  snnbd::set_thread_count(3);
  CHECK(Mahalanobis{samples, labels, 1}.squared_distances(samples) == alone);
}

TEST_CASE("Samples that have no covariance to invert are refused", "[statistics]") {
  const Matrix samples = snnbd_tests::normal_samples(4, 6, 8);
  const std::vector<int> labels(4, 0);
  CHECK_THROWS_WITH((Mahalanobis{samples, labels, 1, {.shrinkage = 0.0}}),
                    "shrinkage of 4 samples of 6 features: expected above 0, found 0");
  CHECK_THROWS_WITH((Mahalanobis{Matrix::Zero(4, 6), labels, 1}), Contains("some that vary"));
  Matrix twice(5, 2);
  twice.col(0) << 1.0, 2.0, 3.0, 4.0, 7.0;
  twice.col(1) = 2.0 * twice.col(0);
  CHECK_THROWS_WITH((Mahalanobis{twice, std::vector<int>(5, 0), 1, {.shrinkage = 0.0}}),
                    Contains("one with an inverse"));
  CHECK_THROWS_WITH(
      (Mahalanobis{
          samples, std::vector<int>{0, 0, 0, 1}, 2, {.covariance = CovarianceOf::each_class}}),
      "samples of class 1: expected at least 2, found 1");
  CHECK_THROWS_WITH((Mahalanobis{samples, labels, 1, {.shrinkage = 2.0}}), Contains("shrinkage"));
  const Mahalanobis distance{samples, labels, 1};
  CHECK_THROWS_WITH(distance.squared_distances(Matrix::Zero(1, 5)), Contains("expected 6"));
  CHECK_THROWS_WITH(distance.squared_to_class(samples, std::vector<int>{0, 0, 0, 1}),
                    Contains("found 1"));
}
