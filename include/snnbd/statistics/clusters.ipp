#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/parallel_sum.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/statistics/clusters.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

/// Centres that are samples, each drawn with a chance in proportion to its squared distance to the
/// nearest of those before it.
inline Matrix drawn_centres(const Samples& samples, int clusters, random::Stream stream) {
  Matrix centres(clusters, samples.cols());
  const auto total = static_cast<std::uint32_t>(samples.rows());
  centres.row(0) = samples.row(stream.below(total));
  Eigen::VectorXd nearest =
      Eigen::VectorXd::Constant(samples.rows(), std::numeric_limits<double>::infinity());
  for (int cluster = 1; cluster < clusters; ++cluster) {
    for (Index row = 0; row < samples.rows(); ++row)
      nearest(row) =
          std::min(nearest(row), (samples.row(row) - centres.row(cluster - 1)).squaredNorm());
    double left = nearest.sum() * ((stream.bits() + 0.5) * 0x1p-32);
    Index chosen = 0;
    for (Index row = 0; row < samples.rows(); ++row) {
      if (nearest(row) == 0.0) continue;  // a centre already
      chosen = row;
      left -= nearest(row);
      if (left < 0.0) break;
    }
    centres.row(cluster) = samples.row(chosen);
  }
  return centres;
}

/// Gives each sample to its nearest centre, the first of equal ones.
///
/// @returns whether any changed
inline bool assign(const Samples& samples, Clusters& clusters) {
  bool changed = false;
  clusters.squares = 0.0;
  for (Index row = 0; row < samples.rows(); ++row) {
    Index nearest = 0;
    clusters.squares +=
        (clusters.centres.rowwise() - samples.row(row)).rowwise().squaredNorm().minCoeff(&nearest);
    int& label = clusters.labels[static_cast<std::size_t>(row)];
    changed = changed || label != static_cast<int>(nearest);
    label = static_cast<int>(nearest);
  }
  return changed;
}

inline void move_centres(const Samples& samples, Clusters& clusters) {
  Matrix sums = Matrix::Zero(clusters.centres.rows(), clusters.centres.cols());
  std::ranges::fill(clusters.sizes, std::size_t{0});
  for (Index row = 0; row < samples.rows(); ++row) {
    const int label = clusters.labels[static_cast<std::size_t>(row)];
    sums.row(label) += samples.row(row);
    ++clusters.sizes[static_cast<std::size_t>(label)];
  }
  // A cluster that lost all its samples stays where it was.
  for (std::size_t label = 0; label < clusters.sizes.size(); ++label)
    if (clusters.sizes[label] > 0)
      clusters.centres.row(static_cast<Index>(label)) =
          sums.row(static_cast<Index>(label)) / static_cast<double>(clusters.sizes[label]);
}

inline Clusters lloyd(const Samples& samples, const KMeansOptions& options, std::uint64_t restart) {
  Clusters clusters;
  clusters.centres =
      drawn_centres(samples, options.clusters, {options.seed, random::Purpose::cluster, restart});
  clusters.labels.assign(static_cast<std::size_t>(samples.rows()), -1);
  clusters.sizes.resize(static_cast<std::size_t>(options.clusters));
  for (int turn = 0; turn < options.turns && assign(samples, clusters); ++turn)
    move_centres(samples, clusters);
  return clusters;
}

/// The largest cluster first, and among equal ones that of the first sample.
inline void sort_by_size(Clusters& clusters) {
  std::vector<std::size_t> order(clusters.sizes.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto first_of = [&](std::size_t label) {
    return std::ranges::find(clusters.labels, static_cast<int>(label)) - clusters.labels.begin();
  };
  std::ranges::sort(order, [&](std::size_t one, std::size_t other) {
    if (clusters.sizes[one] != clusters.sizes[other])
      return clusters.sizes[one] > clusters.sizes[other];
    const auto first = first_of(one);
    const auto second = first_of(other);
    return first != second ? first < second : one < other;
  });
  Clusters sorted = clusters;
  std::vector<int> place(order.size());
  for (std::size_t at = 0; at < order.size(); ++at) {
    place[order[at]] = static_cast<int>(at);
    sorted.sizes[at] = clusters.sizes[order[at]];
    sorted.centres.row(static_cast<Index>(at)) =
        clusters.centres.row(static_cast<Index>(order[at]));
  }
  for (int& label : sorted.labels) label = place[static_cast<std::size_t>(label)];
  clusters = std::move(sorted);
}

}  // namespace detail

SNNBD_INLINE Clusters k_means(const Samples& samples, const KMeansOptions& options) {
  detail::check_samples("samples", samples, 1);
  if (options.clusters < 1 || options.clusters > samples.rows())
    reject("clusters", "1 to " + std::to_string(samples.rows()) + ", as many as samples",
           options.clusters);
  if (options.restarts < 1 || options.restarts > 10'000)
    reject("restarts", "1 to 10000", options.restarts);
  if (options.turns < 1) reject("turns", "at least 1", options.turns);
  std::vector<Clusters> found(static_cast<std::size_t>(options.restarts));
  parallel_for(options.restarts, [&](Index restart) {
    found[static_cast<std::size_t>(restart)] =
        detail::lloyd(samples, options, static_cast<std::uint64_t>(restart));
  });
  Clusters best = std::move(*std::ranges::min_element(found, {}, &Clusters::squares));
  detail::sort_by_size(best);
  return best;
}

SNNBD_INLINE double silhouette_score(const Samples& samples, std::span<const int> labels) {
  detail::check_samples("samples", samples, 1);
  detail::check_labels(labels, samples.rows());
  for (const int label : labels)
    if (label < 0 || label >= samples.rows())
      reject("labels of clusters", "numbers from 0, below " + std::to_string(samples.rows()),
             label);
  std::vector<double> sizes(static_cast<std::size_t>(*std::ranges::max_element(labels)) + 1);
  for (const int label : labels) sizes[static_cast<std::size_t>(label)] += 1.0;
  if (std::ranges::count_if(sizes, [](double size) { return size > 0.0; }) < 2) return 0.0;
  const auto of_sample = [&](Index row) {
    std::vector<double> sums(sizes.size());
    for (Index other = 0; other < samples.rows(); ++other)
      sums[static_cast<std::size_t>(labels[static_cast<std::size_t>(other)])] +=
          (samples.row(row) - samples.row(other)).norm();
    const auto own = static_cast<std::size_t>(labels[static_cast<std::size_t>(row)]);
    if (sizes[own] == 1.0) return 0.0;
    double apart = std::numeric_limits<double>::infinity();
    for (std::size_t label = 0; label < sizes.size(); ++label)
      if (label != own && sizes[label] > 0.0) apart = std::min(apart, sums[label] / sizes[label]);
    const double within = sums[own] / (sizes[own] - 1.0);
    const double larger = std::max(apart, within);
    return larger > 0.0 ? (apart - within) / larger : 0.0;
  };
  const double sum = parallel_sum(samples.rows(), 16, [&](Index first, Index last) {
    double part = 0.0;
    for (Index row = first; row < last; ++row) part += of_sample(row);
    return part;
  });
  return sum / static_cast<double>(samples.rows());
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
