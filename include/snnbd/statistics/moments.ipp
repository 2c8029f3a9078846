#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/statistics/moments.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

SNNBD_INLINE Matrix smaller_product(const Samples& rows) {
  return rows.cols() <= rows.rows() ? squares(rows) : product_with_transposed(rows, rows);
}

SNNBD_INLINE Shrinkage ledoit_wolf_from(const Samples& centred, const Matrix& inner) {
  const auto samples = static_cast<double>(centred.rows());
  const auto features = static_cast<double>(centred.cols());
  // Both products have the trace and the norm of n S.
  const double scale = inner.trace() / (samples * features);
  const double square = inner.squaredNorm() / (samples * samples);
  const double from_sphere = square / features - scale * scale;
  double fourths = 0.0;
  for (Index row = 0; row < centred.rows(); ++row) {
    const double norm = centred.row(row).squaredNorm();
    fourths += norm * norm;
  }
  const double spread = (fourths / samples - square) / (samples * features);
  // Rounding may leave a little of nothing, on either side.
  if (from_sphere <= 1e-14 * scale * scale) return {1.0, scale};
  return {std::clamp(spread / from_sphere, 0.0, 1.0), scale};
}

}  // namespace detail

SNNBD_INLINE Row mean(const Samples& samples) {
  detail::check_samples("samples", samples, 1);
  return samples.colwise().sum() / static_cast<double>(samples.rows());
}

SNNBD_INLINE Matrix covariance(const Samples& samples) {
  detail::check_samples("samples", samples, 2);
  return detail::squares(detail::centred(samples, mean(samples))) /
         static_cast<double>(samples.rows() - 1);
}

SNNBD_INLINE Matrix class_means(const Samples& samples, std::span<const int> labels, int classes) {
  detail::check_samples("samples", samples, 1);
  detail::check_labels(labels, samples.rows());
  if (classes < 1) reject("classes", "at least 1", classes);
  Matrix means = Matrix::Zero(classes, samples.cols());
  Eigen::VectorXd counts = Eigen::VectorXd::Zero(classes);
  for (Index row = 0; row < samples.rows(); ++row) {
    const int label = labels[static_cast<std::size_t>(row)];
    if (label < 0 || label >= classes)
      reject("labels", "classes from 0 to " + std::to_string(classes - 1), label);
    means.row(label) += samples.row(row);
    counts(label) += 1.0;
  }
  for (int label = 0; label < classes; ++label) {
    if (counts(label) == 0.0)
      reject("samples of class " + std::to_string(label), "at least 1", "none");
    means.row(label) /= counts(label);
  }
  return means;
}

SNNBD_INLINE Shrinkage ledoit_wolf(const Samples& centred) {
  detail::check_samples("samples", centred, 1);
  return detail::ledoit_wolf_from(centred, detail::smaller_product(centred));
}

SNNBD_INLINE Matrix ledoit_wolf_covariance(const Samples& samples) {
  const Matrix centred = detail::centred(samples, mean(samples));
  const auto [shrinkage, scale] = ledoit_wolf(centred);
  Matrix result =
      detail::squares(centred) * ((1.0 - shrinkage) / static_cast<double>(samples.rows()));
  result.diagonal().array() += shrinkage * scale;
  return result;
}

SNNBD_INLINE double mean_distance(const Samples& reference, const Samples& suspect) {
  detail::check_samples("reference samples", reference, 2);
  detail::check_samples("suspect samples", suspect, 1);
  detail::check_features("suspect samples", suspect, reference.cols());
  const Row centre = mean(reference);
  const double variance =
      detail::centred(reference, centre).squaredNorm() / static_cast<double>(reference.rows() - 1);
  if (!(variance > 0.0)) reject("features of the reference", "some that vary", "none");
  return (mean(suspect) - centre).norm() / std::sqrt(variance);
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
