#pragma once

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/network.hpp>

namespace fuzz {

using Neuron = snnbd::neuron::Plif<snnbd::neuron::SoftReset, snnbd::neuron::Sigmoid>;

/// One tensor of each kind that a file keeps.
using SmallNetwork =
    snnbd::Network<snnbd::Shape{4, 4, 1}, snnbd::layer::Conv<2, 3>, snnbd::layer::BatchNorm<>,
                   snnbd::layer::Spiking<Neuron>,
                   snnbd::layer::Dense<3, snnbd::layer::DenseOptions{.bias = true}>,
                   snnbd::layer::MeanOverTime>;

inline SmallNetwork small_network() {
  SmallNetwork net;
  snnbd::network::initialize(net, 1, snnbd::network::Initialization::pytorch_default);
  return net;
}

inline bool all_finite(std::span<const float> values) {
  return std::all_of(values.begin(), values.end(),
                     [](float value) { return std::isfinite(value); });
}

}  // namespace fuzz
