#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/network/check.hpp>
#include <snnbd/network/network.hpp>

namespace snnbd::inline SNNBD_ISA::network {

/// How weights start.
enum class Initialization {
  kaiming_normal,   ///< N(0, gain^2 / fan_in), He et al. 2015
  kaiming_uniform,  ///< U(-b, b) with b = gain sqrt(3 / fan_in)
  pytorch_default,  ///< U(-b, b) with b = 1 / sqrt(fan_in): what PyTorch's layers do by themselves
};

/// Fills one weight tensor. Value i follows from (seed, tensor, i) alone.
///
/// @param tensor the number of the tensor in its network
/// @param gain sqrt(2) for rectifiers
template <class Scalar>
void initialize_weights(std::span<Scalar> values, Initialization kind, double gain, Index fan_in,
                        std::uint64_t seed, std::uint64_t tensor);

/// Starts a network: weights as `kind` says, biases at zero (under `pytorch_default` uniform like
/// the weights), neurons' own parameters at what their settings say, batch norms as the identity.
///
/// The Kaiming kinds divide by the gain of the neurons behind a layer: a LIF neuron with tau = 2
/// halves its input, and with weights made for rectifiers deep layers would never fire.
///
/// @throws Error if a setting of a layer is out of range, or `gain` is not above 0
template <class Scalar, Shape Input, class... Specs>
void initialize(BasicNetwork<Scalar, Input, Specs...>& net, std::uint64_t seed,
                Initialization kind = Initialization::kaiming_normal,
                double gain = 1.4142135623730951) {
  network::check(net);
  require_positive("gain of the weights", gain);
  const std::vector<double> gains = net.gains_behind();
  std::uint64_t number = 0;
  Index fan_in = 1;
  for (const ParameterTensor& tensor : net.tensors()) {
    const auto values = net.parameters().subspan(static_cast<std::size_t>(tensor.offset),
                                                 static_cast<std::size_t>(tensor.parameter.size()));
    using layer::ParameterKind;
    const bool is_weight = tensor.parameter.kind == ParameterKind::conv_weight ||
                           tensor.parameter.kind == ParameterKind::dense_weight;
    if (is_weight) fan_in = tensor.parameter.fan_in();
    const bool random = is_weight || (tensor.parameter.kind == ParameterKind::bias &&
                                      kind == Initialization::pytorch_default);
    if (random)
      initialize_weights(values, kind, gain / gains[static_cast<std::size_t>(tensor.place)], fan_in,
                         seed, number);
    else
      std::fill(values.begin(), values.end(), static_cast<Scalar>(tensor.parameter.initial));
    ++number;
  }
  net.set_neuron_parameters();
}

}  // namespace snnbd::inline SNNBD_ISA::network

#if !defined(SNNBD_COMPILED)
#include <snnbd/network/initialize.ipp>
#endif
