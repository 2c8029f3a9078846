#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/statistics/mahalanobis.hpp>
#include <snnbd/statistics/moments.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

// With n rows X, a = (1 - shrinkage) / n and b = the floor, C = a X^T X + b I. Fewer features than
// samples: C = L L^T, and the distance is |L^-1 v|^2. Else, with M = b/a I + X X^T = L L^T,
// C^-1 = (I - X^T M^-1 X) / b, and the distance is (|v|^2 - |L^-1 X v|^2) / b.
SNNBD_INLINE Mahalanobis::Inverse::Inverse(Matrix centred, std::optional<double> asked) {
  Matrix inner = detail::smaller_product(centred);
  const Shrinkage found = detail::ledoit_wolf_from(centred, inner);
  if (!(found.scale > 0.0)) reject("features of the samples", "some that vary", "none");
  shrinkage = asked.value_or(found.shrinkage);
  floor = shrinkage * found.scale;
  const bool dual = centred.rows() < centred.cols() && shrinkage < 1.0;
  if (dual && !(floor > 0.0))
    reject("shrinkage of " + std::to_string(centred.rows()) + " samples of " +
               std::to_string(centred.cols()) + " features",
           "above 0", shrinkage);
  const double scale = (1.0 - shrinkage) / static_cast<double>(centred.rows());
  if (dual) {
    inner.diagonal().array() += floor / scale;
    rows = std::move(centred);
  } else if (shrinkage < 1.0) {
    inner *= scale;
    inner.diagonal().array() += floor;
  } else {
    return;  // a sphere
  }
  const detail::OneThread alone;
  root.compute(inner);
  // Rounding may let a matrix without an inverse pass by a hair.
  const auto diagonal = root.matrixLLT().diagonal().array().abs();
  const bool flat = shrinkage < 1e-12 && diagonal.minCoeff() <= 1e-7 * diagonal.maxCoeff();
  if (root.info() != Eigen::Success || flat)
    reject("covariance of the samples", "one with an inverse; some shrinkage gives it one", "none");
}

SNNBD_INLINE Eigen::VectorXd Mahalanobis::Inverse::squares(const Samples& samples,
                                                           const Row& centre) const {
  Eigen::VectorXd result(samples.rows());
  parallel_ranges(samples.rows(), 64, [&](Index first, Index last) {
    const detail::OneThread alone;
    const Index count = last - first;
    const Matrix apart = samples.middleRows(first, count).rowwise() - centre;
    auto part = result.segment(first, count);
    if (shrinkage >= 1.0) {
      part = apart.rowwise().squaredNorm() / floor;
      return;
    }
    Eigen::MatrixXd columns = rows.size() == 0 ? Eigen::MatrixXd{apart.transpose()}
                                               : Eigen::MatrixXd{rows * apart.transpose()};
    root.matrixL().solveInPlace(columns);
    part = columns.colwise().squaredNorm().transpose();
    if (rows.size() > 0) part = ((apart.rowwise().squaredNorm() - part) / floor).cwiseMax(0.0);
  });
  return result;
}

SNNBD_INLINE Mahalanobis::Mahalanobis(const Samples& samples, std::span<const int> labels,
                                      int classes, const MahalanobisOptions& options)
    : means_{class_means(samples, labels, classes)} {
  if (options.shrinkage) detail::check_share("shrinkage", *options.shrinkage);
  if (options.covariance == CovarianceOf::all) {
    Matrix centred = samples;
    for (Index row = 0; row < samples.rows(); ++row)
      centred.row(row) -= means_.row(labels[static_cast<std::size_t>(row)]);
    inverses_.emplace_back(std::move(centred), options.shrinkage);
    return;
  }
  for (int label = 0; label < classes; ++label) {
    const Matrix own = rows_with_label(samples, labels, label);
    if (own.rows() < 2)
      reject("samples of class " + std::to_string(label), "at least 2", own.rows());
    inverses_.emplace_back(detail::centred(own, means_.row(label)), options.shrinkage);
  }
}

SNNBD_INLINE Matrix Mahalanobis::squared_distances(const Samples& samples) const {
  detail::check_samples("samples", samples, 0);
  detail::check_features("samples", samples, means_.cols());
  Matrix result(samples.rows(), means_.rows());
  for (Index label = 0; label < means_.rows(); ++label) {
    const Inverse& inverse =
        inverses_.size() == 1 ? inverses_[0] : inverses_[static_cast<std::size_t>(label)];
    result.col(label) = inverse.squares(samples, means_.row(label));
  }
  return result;
}

SNNBD_INLINE std::vector<double> Mahalanobis::squared_to_nearest(const Samples& samples) const {
  const Matrix distances = squared_distances(samples);
  std::vector<double> result;
  for (Index row = 0; row < distances.rows(); ++row)
    result.push_back(distances.row(row).minCoeff());
  return result;
}

SNNBD_INLINE std::vector<double> Mahalanobis::squared_to_class(const Samples& samples,
                                                               std::span<const int> labels) const {
  detail::check_labels(labels, samples.rows());
  for (const int label : labels)
    if (label < 0 || label >= means_.rows())
      reject("labels", "classes from 0 to " + std::to_string(means_.rows() - 1), label);
  const Matrix distances = squared_distances(samples);
  std::vector<double> result;
  for (Index row = 0; row < distances.rows(); ++row)
    result.push_back(distances(row, labels[static_cast<std::size_t>(row)]));
  return result;
}

SNNBD_INLINE double Mahalanobis::shrinkage(int label) const {
  if (label < 0 || label >= means_.rows())
    reject("label", "a class from 0 to " + std::to_string(means_.rows() - 1), label);
  return inverses_.size() == 1 ? inverses_[0].shrinkage
                               : inverses_[static_cast<std::size_t>(label)].shrinkage;
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
