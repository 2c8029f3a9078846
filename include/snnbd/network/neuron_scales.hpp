#pragma once

#include <tuple>
#include <vector>

#include <snnbd/network/network.hpp>

namespace snnbd::inline SNNBD_ISA::network {

/// What sets one layer of neurons apart from another of its type: what conversion finds.
struct NeuronScales {
  int place = 0;  ///< of the layer, those within layers counted too
  double threshold = 1.0;
  double amplitude = 1.0;
  double start = 0.0;

  friend bool operator==(const NeuronScales&, const NeuronScales&) = default;
};

/// The scales of the layers of neurons, in their order.
template <class Net>
[[nodiscard]] std::vector<NeuronScales> neuron_scales(const Net& net) {
  std::vector<NeuronScales> scales;
  layer::for_each_layer(net.layers(), [&]<class Spec>(const Spec& spec, int place) {
    if constexpr (layer::is_spiking<Spec>)
      scales.push_back({place, spec.neuron.threshold, spec.amplitude, spec.start});
  });
  return scales;
}

/// Gives the layers of neurons their scales, in their order.
///
/// @param scales one for each layer of neurons
template <class... Specs>
void set_neuron_scales(std::tuple<Specs...>& layers, const std::vector<NeuronScales>& scales) {
  auto next = scales.begin();
  layer::for_each_layer(layers, [&]<class Spec>(Spec& spec, int /*place*/) {
    if constexpr (layer::is_spiking<Spec>) {
      spec.neuron.threshold = next->threshold;
      spec.amplitude = next->amplitude;
      spec.start = next->start;
      ++next;
    }
  });
}

/// The same for the layers of a network.
template <class Net>
void set_neuron_scales(Net& net, const std::vector<NeuronScales>& scales) {
  set_neuron_scales(net.layers(), scales);
}

}  // namespace snnbd::inline SNNBD_ISA::network
