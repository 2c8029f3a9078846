#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/detect/look.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

/// Activation clustering (Chen et al. 2018): the features of each class, on their first principal
/// axes, are put into two clusters. The smaller one is called poisoned if it holds less than a
/// share of the class and the two are apart, by their silhouette; constants as in ART. The authors
/// reduce by independent components. A sample's score is how much nearer it is to the centre of the
/// smaller cluster than to that of the larger one.
struct ActivationClustering {
  static constexpr std::string_view name = "activation_clustering";
  std::optional<int> place{};                              ///< of the layer; the last one if empty
  network::Quantity quantity = network::Quantity::spikes;  ///< its features; spikes are mean rates
  int axes = 10;                      ///< that features are reduced to, if they have as many
  double largest_share = 0.35;        ///< of the smaller cluster, if it is poisoned
  double least_silhouette = 0.1;      ///< of the two, if one is poisoned
  std::size_t silhouette_of = 2'000;  ///< samples of a class that it is measured on, at most
  std::uint64_t seed = 1;

  void check() const;

  /// Classes of fewer than four samples have scores of 0 and nothing poisoned.
  ///
  /// @throws Error if a setting is out of range or there is no training set
  [[nodiscard]] defend::Suspicion suspect(const NetworkProbe& suspect,
                                          const defend::Evidence& evidence) const;
};

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/activation_clustering.ipp>
#endif
