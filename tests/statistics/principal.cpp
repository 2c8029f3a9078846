#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/statistics/principal.hpp>

#include "../core/keep_threads.hpp"
#include "samples.hpp"

namespace statistics = snnbd::statistics;
using Catch::Matchers::Contains;
using snnbd::Index;
using statistics::Matrix;

TEST_CASE("Points on a line have that line as their first axis", "[statistics]") {
  Matrix samples(3, 2);
  samples << 7.0, 1.0, 10.0, 5.0, 13.0, 9.0;  // (10, 5) + t (3, 4)
  const auto found = statistics::principal_axes(samples, 2);
  CHECK(found.mean == statistics::Row{{10.0, 5.0}});
  CHECK(found.axes(0, 0) == Approx(0.6));
  CHECK(found.axes(0, 1) == Approx(0.8));
  CHECK(found.variances(0) == Approx(25.0));
  CHECK(found.variances(1) == Approx(0.0).margin(1e-12));
  const Matrix along = found.coordinates(samples);
  CHECK(along(0, 0) == Approx(-5.0));
  CHECK(along(2, 0) == Approx(5.0));
  const auto scores = statistics::spectral_scores(samples);
  CHECK(scores[0] == Approx(25.0));
  CHECK(scores[1] == Approx(0.0).margin(1e-12));
}

TEST_CASE("Axes are orthonormal and keep the variance, from either product", "[statistics]") {
  for (const Index count : {Index{5}, Index{20}}) {
    const Matrix samples = snnbd_tests::normal_samples(count, 7, 2);
    const Index axes = std::min<Index>(count, 7);
    const auto found = statistics::principal_axes(samples, axes);
    CHECK((found.axes * found.axes.transpose()).isIdentity(1e-9));
    const Matrix along = found.coordinates(samples);
    const Matrix centred = samples.rowwise() - found.mean;
    CHECK(along.squaredNorm() == Approx(centred.squaredNorm()));
    for (Index axis = 0; axis < axes; ++axis) {
      CHECK(along.col(axis).squaredNorm() / static_cast<double>(count - 1) ==
            Approx(found.variances(axis)).margin(1e-9));
      if (axis > 0) CHECK(found.variances(axis) <= found.variances(axis - 1));
      CHECK(found.axes.row(axis).maxCoeff() == found.axes.row(axis).cwiseAbs().maxCoeff());
    }
  }
}

TEST_CASE("Iterated axes are the same as those of all eigenvectors", "[statistics]") {
  Matrix centred = snnbd_tests::normal_samples(40, 30, 3);
  centred.rowwise() -= centred.colwise().mean().eval();
  const auto exact = statistics::detail::all_axes(centred, 2);
  const auto found = statistics::detail::iterated_axes(centred, 2, 1);
  CHECK(found.values.isApprox(exact.values, 1e-9));
  for (Index axis = 0; axis < 2; ++axis)
    CHECK(std::abs(found.vectors.col(axis).dot(exact.vectors.col(axis))) ==
          Approx(1.0).epsilon(1e-6));
}

TEST_CASE("Large sets are iterated, with the same bits for any number of threads", "[statistics]") {
  const snnbd_tests::KeepThreads keep;
  // t u + s v with u and v along two features.
  Matrix samples = Matrix::Zero(257, 300);
  for (Index row = 0; row < 257; ++row) {
    samples(row, 3) = static_cast<double>(row % 2 == 0 ? 2 : -2);
    samples(row, 5) = static_cast<double>(row % 4 < 2 ? 1 : -1);
  }
  snnbd::set_thread_count(1);
  const auto alone = statistics::principal_axes(samples, 2);
  CHECK(alone.axes(0, 3) == Approx(1.0).epsilon(1e-4));
  CHECK(alone.axes(1, 5) == Approx(1.0).epsilon(1e-4));
  CHECK(alone.variances(0) == Approx(4.0).epsilon(0.01));
  snnbd::set_thread_count(3);
  CHECK(statistics::principal_axes(samples, 2).axes == alone.axes);
}

TEST_CASE("Poisoned samples of a class have the largest spectral scores", "[statistics]") {
  Matrix samples = snnbd_tests::normal_samples(50, 6, 4);
  samples.topRows(5).col(2).array() += 30.0;
  const auto scores = statistics::spectral_scores(samples);
  for (std::size_t clean = 5; clean < 50; ++clean)
    for (std::size_t poisoned = 0; poisoned < 5; ++poisoned)
      CHECK(scores[poisoned] > scores[clean]);
}

TEST_CASE("Axes that there are not are refused", "[statistics]") {
  const Matrix samples = snnbd_tests::normal_samples(4, 3, 1);
  CHECK_THROWS_WITH(statistics::principal_axes(samples, 4), Contains("1 to 3"));
  CHECK_THROWS_WITH(statistics::principal_axes(samples, 0), Contains("found 0"));
  CHECK_THROWS_WITH(statistics::principal_axes(samples.topRows(1), 1), Contains("at least 2"));
  CHECK_THROWS_WITH(statistics::principal_axes(samples, 1).coordinates(Matrix::Zero(1, 2)),
                    Contains("features of samples"));
}
