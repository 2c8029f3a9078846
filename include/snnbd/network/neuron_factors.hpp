#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

#include <snnbd/network/network.hpp>
#include <snnbd/network/probe.hpp>

/// Networks whose neurons have other constants: what an audit for backdoors that are hidden in them
/// runs (BadSNN).
namespace snnbd::inline SNNBD_ISA::network {

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
