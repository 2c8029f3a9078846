#pragma once

#include <span>

#include <snnbd/statistics/matrix.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

/// The mean of each feature.
///
/// @throws Error if there are no samples or features, or a feature is not finite
Row mean(const Samples& samples);

/// The covariance of the features, divided by n - 1: [feature, feature].
///
/// @throws Error as `mean`, or for fewer than two samples
Matrix covariance(const Samples& samples);

/// The means of the samples of each label, [label, feature].
///
/// @param labels from 0 to `classes` - 1, each at least once
/// @throws Error as `mean`, or if the labels are others
Matrix class_means(const Samples& samples, std::span<const int> labels, int classes);

/// A covariance drawn towards a sphere: (1 - shrinkage) S + shrinkage * scale * identity, where S
/// is divided by n and `scale` is the mean of its diagonal.
struct Shrinkage {
  double shrinkage = 0.0;  ///< from 0 to 1
  double scale = 0.0;      ///< the mean variance of a feature
};

/// The shrinkage of Ledoit and Wolf (2004), under which the expected squared distance to the true
/// covariance is the smallest. For rows x_k, S = 1/n sum x_k x_k^T and the norm
/// ||A||^2 = tr(A A^T) / d:
///
///     delta^2 = ||S - scale I||^2,  beta^2 = min(delta^2, 1/n^2 sum ||x_k x_k^T - S||^2),
///     shrinkage = beta^2 / delta^2
///
/// It is 1 if the variances are all the same. The matrix of features is never made if there are
/// fewer samples than features.
///
/// @param centred samples less their mean, or less those of their classes
/// @throws Error as `mean`
Shrinkage ledoit_wolf(const Samples& centred);

/// The covariance so shrunk: [feature, feature].
///
/// @param samples not yet centred
/// @throws Error as `mean`
Matrix ledoit_wolf_covariance(const Samples& samples);

/// How far apart the means of two sets are, in deviations of the first:
/// |mean_suspect - mean_reference| / sqrt(tr S), with S the covariance of the reference.
///
/// Two sets of n and m samples of the same kind are about sqrt(1/n + 1/m) apart.
///
/// @throws Error as `covariance`, or if the features differ in number, or none of them varies
double mean_distance(const Samples& reference, const Samples& suspect);

namespace detail {
/// The same of S = 1/n rows^T rows by the smaller of rows^T rows and rows rows^T, `inner`.
Shrinkage ledoit_wolf_from(const Samples& centred, const Matrix& inner);

/// The smaller of rows^T rows and rows rows^T.
Matrix smaller_product(const Samples& rows);
}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/moments.ipp>
#endif
