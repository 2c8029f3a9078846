#pragma once

#include <algorithm>
#include <cmath>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/statistics/matrix.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

// Rows of a product that are made at a time.
inline constexpr Index rows_at_a_time = 64;

SNNBD_COLD OneThread::OneThread() : before_{thread_count()} {
#if defined(_OPENMP)
  omp_set_num_threads(1);
#endif
}

SNNBD_COLD OneThread::~OneThread() {
#if defined(_OPENMP)
  omp_set_num_threads(before_);
#endif
}

SNNBD_INLINE Matrix product_with_transposed(const Samples& left, const Samples& right) {
  Matrix result(left.rows(), right.rows());
  parallel_ranges(left.rows(), rows_at_a_time, [&](Index first, Index last) {
    const OneThread alone;
    result.middleRows(first, last - first).noalias() =
        left.middleRows(first, last - first) * right.transpose();
  });
  return result;
}

SNNBD_INLINE Matrix product(const Samples& left, const Samples& right) {
  Matrix result(left.rows(), right.cols());
  parallel_ranges(left.rows(), rows_at_a_time, [&](Index first, Index last) {
    const OneThread alone;
    result.middleRows(first, last - first).noalias() = left.middleRows(first, last - first) * right;
  });
  return result;
}

SNNBD_INLINE Matrix squares(const Samples& samples) {
  Matrix result(samples.cols(), samples.cols());
  parallel_ranges(samples.cols(), rows_at_a_time, [&](Index first, Index last) {
    const OneThread alone;
    result.middleRows(first, last - first).noalias() =
        samples.middleCols(first, last - first).transpose() * samples;
  });
  return result;
}

SNNBD_INLINE Matrix centred(const Samples& samples, const Row& centre) {
  return samples.rowwise() - centre;
}

SNNBD_COLD void check_samples(std::string_view subject, const Samples& samples, Index least) {
  if (samples.rows() < least) reject(subject, "at least " + std::to_string(least), samples.rows());
  if (samples.cols() < 1) reject(subject, "at least one feature each", "none");
  if (samples.allFinite()) return;
  for (Index row = 0; row < samples.rows(); ++row)
    for (Index column = 0; column < samples.cols(); ++column)
      if (const double value = samples(row, column); !std::isfinite(value))
        reject(std::string{subject}.append(", sample ").append(std::to_string(row)),
               "finite features", value);
}

SNNBD_COLD void check_values(std::string_view subject, std::span<const double> values,
                             std::size_t least) {
  if (values.size() < least) reject(subject, "at least " + std::to_string(least), values.size());
  for (const double value : values)
    if (!std::isfinite(value)) reject(subject, "finite numbers", value);
}

SNNBD_COLD void check_features(std::string_view subject, const Samples& samples, Index features) {
  if (samples.cols() != features)
    reject("features of " + std::string{subject}, std::to_string(features), samples.cols());
}

SNNBD_COLD void check_labels(std::span<const int> labels, Index samples) {
  if (static_cast<Index>(labels.size()) != samples)
    reject("labels", std::to_string(samples) + ", as many as samples", labels.size());
}

SNNBD_COLD void check_share(std::string_view subject, double share) {
  if (!(share >= 0.0 && share <= 1.0)) reject(subject, "a number from 0 to 1", share);
}

template <class Value>
Matrix matrix_from(std::span<const Value> values, Index samples) {
  if (samples < 1) reject("samples", "at least 1", samples);
  const auto size = static_cast<Index>(values.size());
  if (size == 0 || size % samples != 0)
    reject("values of " + std::to_string(samples) + " samples", "a whole number of them for each",
           size);
  Matrix result(samples, size / samples);
  std::ranges::copy(values, result.data());
  return result;
}

}  // namespace detail

SNNBD_COLD Matrix matrix_of(std::span<const float> values, Index samples) {
  return detail::matrix_from(values, samples);
}

SNNBD_COLD Matrix matrix_of(std::span<const double> values, Index samples) {
  return detail::matrix_from(values, samples);
}

SNNBD_COLD Matrix rows_with_label(const Samples& samples, std::span<const int> labels, int label) {
  detail::check_labels(labels, samples.rows());
  Matrix result(std::ranges::count(labels, label), samples.cols());
  Index at = 0;
  for (Index row = 0; row < samples.rows(); ++row)
    if (labels[static_cast<std::size_t>(row)] == label) result.row(at++) = samples.row(row);
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
