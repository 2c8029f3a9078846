#pragma once

#include <string>

#include <snnbd/core/policy.hpp>
#include <snnbd/core/value_text.hpp>

namespace snnbd::inline SNNBD_ISA::network {

/// What the constants of all neurons of a network are multiplied by, see
/// `scale_neurons` and `with_neuron_factors`.
struct NeuronFactors {
  double threshold = 1.0;
  double tau = 1.0;  ///< of the time constant, in steps

  /// @throws Error if one is not above 0
  void check() const {
    require_positive("factor of the threshold", threshold);
    require_positive("factor of the time constant", tau);
  }

  /// `threshold x 1.5, tau x 0.8`; `nominal` if both are 1.
  [[nodiscard]] std::string text() const {
    std::string result;
    if (threshold != 1.0) result = "threshold x " + value_text(threshold);
    if (tau != 1.0) result += (result.empty() ? "tau x " : ", tau x ") + value_text(tau);
    return result.empty() ? "nominal" : result;
  }

  friend bool operator==(const NeuronFactors&, const NeuronFactors&) = default;
};

}  // namespace snnbd::inline SNNBD_ISA::network
