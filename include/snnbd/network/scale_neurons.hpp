#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/network/neuron_factors.hpp>

/// Networks whose neurons have other constants: how BadSNN hides a backdoor in them, and how an
/// audit looks for one.
namespace snnbd::inline SNNBD_ISA::network {

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

/// The shortest time constant that a neuron may have, in steps: it forgets all in one.
inline constexpr double shortest_tau = 1.0 + 0x1p-20;

namespace detail {

/// A neuron with its constants multiplied.
template <class Neuron>
Neuron with_factors(Neuron neuron, const NeuronFactors& factors) {
  if (factors.threshold != 1.0) neuron.threshold *= factors.threshold;
  if (factors.tau == 1.0) return neuron;
  if constexpr (requires { neuron.tau; }) {
    double tau = neuron.tau;
    if constexpr (requires { neuron.inverse_tau(); }) tau = 1.0 / neuron.inverse_tau();
    neuron.tau = std::max(tau * factors.tau, shortest_tau);
    if constexpr (requires { neuron.rate; }) neuron.rate = -1.0;
  } else if constexpr (requires { neuron.decay; }) {
    neuron.decay = std::clamp(1.0 - (1.0 - neuron.decay) / factors.tau, 0.0, 1.0);
  }
  return neuron;
}

}  // namespace detail

/// A network with the thresholds and time constants of all its neurons multiplied, those that were
/// trained among them. A decay a counts as the time constant 1 / (1 - a). No time constant becomes
/// shorter than `shortest_tau`; neurons without one keep what they have. Amplitudes of spikes and
/// all other parameters stay.
///
/// @throws Error if a factor is not above 0
template <class Net>
[[nodiscard]] Net with_neuron_factors(const Net& net, const NeuronFactors& factors) {
  factors.check();
  Net result = net;
  if (factors == NeuronFactors{}) return result;
  using Scalar = typename Net::ScalarType;
  const std::vector<ParameterTensor> tensors = Net::tensors();
  result.for_each_layer([&]<class Spec>(Spec& spec, int place) {
    if constexpr (layer::is_spiking<Spec>) {
      using Neuron = typename Spec::NeuronType;
      if constexpr (Neuron::parameter_count > 0) {
        for (const ParameterTensor& tensor : tensors) {
          if (tensor.place != place || tensor.parameter.kind != layer::ParameterKind::neuron)
            continue;
          std::array<double, std::size_t{Neuron::parameter_count}> own;
          Scalar* const trained = result.parameters().data() + tensor.offset;
          std::copy_n(trained, own.size(), own.begin());
          const auto changed =
              detail::with_factors(spec.neuron.with(own), factors).initial_parameters();
          std::transform(changed.begin(), changed.end(), trained,
                         [](double value) { return static_cast<Scalar>(value); });
        }
      }
      spec.neuron = detail::with_factors(spec.neuron, factors);
    }
  });
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::network
