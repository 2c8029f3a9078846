#pragma once

#include <cstdint>
#include <vector>

#include <snnbd/statistics/matrix.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

/// Eigenvectors as columns, the largest eigenvalue first.
struct Eigenpairs {
  Eigen::MatrixXd vectors;
  Eigen::VectorXd values;
};

/// The first axes as columns, by all eigenvectors of the smaller product.
Eigenpairs all_axes(const Matrix& centred, Index count);

/// The same by block iteration.
Eigenpairs iterated_axes(const Matrix& centred, Index count, std::uint64_t seed);

}  // namespace detail

/// The axes along which samples vary most.
struct PrincipalAxes {
  Row mean;
  Matrix axes;                ///< [axis, feature], of length 1, the one with most variance first
  Eigen::VectorXd variances;  ///< along each axis, divided by n - 1

  /// The coordinates of samples along the axes, [sample, axis].
  ///
  /// @throws Error if the samples have another number of features, or one that is not finite
  [[nodiscard]] Matrix coordinates(const Samples& samples) const;
};

/// PCA: the first axes of the samples less their mean. The largest entry of each axis is positive.
///
/// Up to 256 samples or features, from all eigenvectors of the smaller of both products. Beyond,
/// by block iteration from random axes, until the variances change by at most 1e-12 of the
/// largest, or 1,000 times; axes of equal variances are any of the plane that they span.
///
/// The same for any number of threads.
///
/// @param count of axes; at most as many as there are features or samples
/// @throws Error if there are fewer than two samples, a feature is not finite, or the count is
///         outside
PrincipalAxes principal_axes(const Samples& samples, Index count, std::uint64_t seed = 1);

/// The spectral signature of each sample: its squared coordinate along the first axis, that is
/// ((x - mean) v)^2 with v the top right-singular vector of the centred samples (Tran et al. 2018).
/// It is meant for the samples of one class.
///
/// @throws Error as `principal_axes`
std::vector<double> spectral_scores(const Samples& samples, std::uint64_t seed = 1);

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/principal.ipp>
#endif
