#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/detect/look.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

/// Spectral signatures (Tran et al. 2018): the poisoned samples of a class are drawn out along the
/// axis on which its features vary most. A sample's score is its squared coordinate along that axis
/// of its class; the largest ones of each class are removed. The authors remove 1.5 times the share
/// of poison, which nobody knows; toolkits remove 15 %.
struct SpectralSignatures {
  static constexpr std::string_view name = "spectral_signatures";
  std::optional<int> place{};                              ///< of the layer; the last one if empty
  network::Quantity quantity = network::Quantity::spikes;  ///< its features; spikes are mean rates
  double removed = 0.15;                                   ///< share of each class, rounded down
  std::uint64_t seed = 1;                                  ///< of where the search for axes begins

  void check() const { require_part("share that spectral signatures remove", removed); }

  /// Classes of fewer than two samples have scores of 0 and nothing to remove.
  ///
  /// @throws Error if a setting is out of range or there is no training set
  [[nodiscard]] defend::Suspicion suspect(const NetworkProbe& suspect,
                                          const defend::Evidence& evidence) const;
};

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/spectral_signatures.ipp>
#endif
