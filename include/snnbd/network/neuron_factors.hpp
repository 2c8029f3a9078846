#pragma once

#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/value_text.hpp>
#include <snnbd/network/network.hpp>

namespace snnbd::inline SNNBD_ISA::network {

/// What the constants of all neurons of a network are multiplied by, see `scale_neurons`.
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

/// Multiplies thresholds and time constants of all neurons, and leaves the parameters as they are,
/// those of norms that aim at the threshold, too. A neuron whose leak is a factor `decay` of each
/// step has the time constant 1 / (1 - decay), which does not end if the decay is 1: it stays so.
///
/// @throws Error if a factor is not above 0, if it is for a constant that a neuron does not have or
///   that is a parameter, or if a constant leaves its range
template <class Net>
void scale_neurons(Net& net, const NeuronFactors& factors) {
  factors.check();
  net.for_each_neuron([&]<class Neuron>(Neuron& neuron) {
    const std::string name{Neuron::name};
    if constexpr (requires { Neuron::threshold_parameter; }) {
      if (factors.threshold != 1.0)
        reject("factor of the threshold of " + name + " neurons", "1, as training sets it",
               factors.threshold);
    }
    neuron.threshold *= factors.threshold;
    if (factors.tau == 1.0) return neuron::check(neuron);
    if constexpr (Neuron::parameter_count > 0)
      reject("factor of the time constant of " + name + " neurons", "1, as training sets it",
             factors.tau);
    else if constexpr (requires { neuron.tau; })
      neuron.tau *= factors.tau;
    else if constexpr (requires { neuron.decay; })
      neuron.decay = 1.0 - (1.0 - neuron.decay) / factors.tau;
    else
      reject("factor of the time constant of " + name + " neurons", "1, as they have none",
             factors.tau);
    neuron::check(neuron);
  });
}

}  // namespace snnbd::inline SNNBD_ISA::network
