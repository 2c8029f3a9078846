#pragma once

#include <algorithm>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/detect/activation_clustering.hpp>
#include <snnbd/statistics/clusters.hpp>
#include <snnbd/statistics/principal.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

/// The silhouette of two clusters on at most `most` of the samples, spread over them.
inline double silhouette_of_some(const statistics::Matrix& samples, const std::vector<int>& labels,
                                 std::size_t most) {
  const std::size_t count = std::min(most, labels.size());
  statistics::Matrix some(static_cast<Index>(count), samples.cols());
  std::vector<int> some_labels(count);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t from = i * labels.size() / count;
    some.row(static_cast<Index>(i)) = samples.row(static_cast<Index>(from));
    some_labels[i] = labels[from];
  }
  return statistics::silhouette_score(some, some_labels);
}

}  // namespace detail

SNNBD_COLD void ActivationClustering::check() const {
  if (axes < 1) reject("axes of activation clustering", "at least 1", axes);
  require_share("largest share of activation clustering", largest_share);
  require_finite("least silhouette of activation clustering", least_silhouette);
  if (silhouette_of < 2)
    reject("samples for the silhouette of activation clustering", "at least 2", silhouette_of);
}

SNNBD_COLD defend::Suspicion ActivationClustering::suspect(const NetworkProbe& suspect,
                                                           const defend::Evidence& evidence) const {
  check();
  const data::DatasetView training = detail::training_of(name, evidence);
  const int layer = detail::place_of(suspect, place);
  defend::Suspicion result{std::vector<double>(training.size()),
                           std::vector<bool>(training.size())};
  for (int label = 0; label < training.classes(); ++label) {
    const std::vector<std::size_t> places = data::samples_of_class(training, label);
    if (places.size() < 4) continue;
    const data::Selection samples{training, places};
    const statistics::Matrix features = detail::features_of(suspect, samples, layer, quantity);
    const Index count = std::min({Index{axes}, features.rows(), features.cols()});
    const statistics::Matrix reduced =
        statistics::principal_axes(features, count, seed).coordinates(features);
    const statistics::Clusters clusters = statistics::k_means(reduced, {.seed = seed});
    const double share =
        static_cast<double>(clusters.sizes[1]) / static_cast<double>(places.size());
    const bool poisoned =
        clusters.sizes[1] > 0 && share < largest_share &&
        detail::silhouette_of_some(reduced, clusters.labels, silhouette_of) > least_silhouette;
    for (std::size_t i = 0; i < places.size(); ++i) {
      const auto sample = reduced.row(static_cast<Index>(i));
      result.scores[places[i]] = clusters.sizes[1] > 0
                                     ? (sample - clusters.centres.row(0)).norm() -
                                           (sample - clusters.centres.row(1)).norm()
                                     : 0.0;
      result.flagged[places[i]] = poisoned && clusters.labels[i] == 1;
    }
  }
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
