#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/statistics/matrix.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

struct KMeansOptions {
  int clusters = 2;   ///< at least 1, at most as many as samples
  int restarts = 10;  ///< from other centres; the best counts
  int turns = 300;    ///< at most, for each start
  std::uint64_t seed = 1;
};

/// Samples in clusters.
struct Clusters {
  std::vector<int> labels;         ///< the cluster of each sample; 0 is the largest
  Matrix centres;                  ///< [cluster, feature]
  std::vector<std::size_t> sizes;  ///< samples of each cluster; some may have none
  double squares = 0.0;            ///< the sum of squared distances to the centres
};

/// Puts samples into clusters so that the squared distances to their centres are small: Lloyd's
/// algorithm, from centres drawn by k-means++ (Arthur and Vassilvitskii 2007). Clusters are in the
/// order of their sizes, equal ones in that of their first samples.
///
/// The same for any number of threads.
///
/// @throws Error if there are no samples, a feature is not finite, or an option is outside
Clusters k_means(const Samples& samples, const KMeansOptions& options = {});

/// How well clusters are apart: the mean of (b - a) / max(a, b), with a the mean distance of a
/// sample to the others of its cluster and b the smallest mean distance to those of another
/// (Rousseeuw 1987). From -1 to 1; a sample alone in its cluster counts 0, and so does all if there
/// is only one cluster.
///
/// Takes time for each pair of samples.
///
/// @param labels of the clusters, from 0
/// @throws Error if there are no samples, a feature is not finite, or the labels are others
double silhouette_score(const Samples& samples, std::span<const int> labels);

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/clusters.ipp>
#endif
