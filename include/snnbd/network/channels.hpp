#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <snnbd/network/fold.hpp>
#include <snnbd/network/follow.hpp>
#include <snnbd/network/parameter_view.hpp>
#include <snnbd/network/twin.hpp>

/// The channels that drive the neurons of a network, and how to silence them: what repairs prune.
namespace snnbd::inline SNNBD_ISA::network {

/// A batch norm right behind a convolution or dense layer.
struct ChannelNorm {
  ParameterTensor weight;
  ParameterTensor bias;
  ParameterTensor mean;      ///< running
  ParameterTensor variance;  ///< running
  double epsilon = 1e-5;     ///< added to the variance
  double scale = 1.0;        ///< alpha theta of a threshold-dependent one
};

/// A convolution or dense layer whose channels drive neurons, or rectifiers.
struct ChannelLayer {
  int place = 0;                 ///< among all layers of the network, those within layers too
  int neurons = -1;              ///< the place of the neurons or rectifiers that it drives
  bool summed = false;           ///< a residual adds other currents before them
  double input_amplitude = 1.0;  ///< of the spikes that reach it; 1 if real values do
  double threshold = 1.0;        ///< of the neurons; 1 of rectifiers
  ParameterTensor weight{};
  std::optional<ParameterTensor> bias{};
  std::optional<ChannelNorm> norm{};

  [[nodiscard]] Index channels() const { return weight.parameter.dims[3]; }
  [[nodiscard]] bool is_convolution() const {
    return weight.parameter.kind == layer::ParameterKind::conv_weight;
  }

  /// Calls `visit(offset)` for each weight that leads to a channel.
  template <class Visit>
  void for_each_weight(Index channel, const Visit& visit) const {
    const Index inputs = weight.parameter.fan_in();
    for (Index input = 0; input < inputs; ++input)
      visit(weight.offset + input * channels() + channel);
  }

  /// Calls `visit(offset)` for all that makes a channel's currents: the weights that lead to it,
  /// its bias, weight and bias of its batch norm. If they are 0, so are the currents.
  template <class Visit>
  void for_each_parameter(Index channel, const Visit& visit) const {
    for_each_weight(channel, visit);
    if (bias) visit(bias->offset + channel);
    if (norm) visit(norm->weight.offset + channel);
    if (norm) visit(norm->bias.offset + channel);
  }
};

namespace detail {

/// What reaches a layer: the open channels, which no neurons have taken yet, and the amplitude.
struct ChannelState {
  std::vector<std::size_t> open;
  double amplitude = 1.0;
};

class ChannelFinder {
 public:
  explicit ChannelFinder(const std::vector<ParameterTensor>& tensors) : tensors_{tensors} {}

  ChannelState weights(int place, const ChannelState& state);
  ChannelState norm(int place, double epsilon, double scale, ChannelState state);
  ChannelState neurons(int place, double threshold, double amplitude, const ChannelState& state);
  ChannelState join(const ChannelState& branch, const ChannelState& shortcut);
  /// A layer that does something else. One without parameters leaves zeros as they are.
  ChannelState other(int place, ChannelState state);
  /// All whose channels drive neurons.
  std::vector<ChannelLayer> finish();

 private:
  [[nodiscard]] std::vector<ParameterTensor> at(int place) const;

  const std::vector<ParameterTensor>& tensors_;
  std::vector<ChannelLayer> layers_;
};

}  // namespace detail

/// The convolutions and dense layers whose channels drive neurons or rectifiers, within residuals
/// too, from the first to the last. A channel is one of those that the layer gives. Poolings,
/// dropout and Flatten may stand between the two, and a batch norm right behind the layer.
template <class Net>
[[nodiscard]] std::vector<ChannelLayer> channel_layers(const Net& net) {
  const std::vector<ParameterTensor> tensors = Net::tensors();
  detail::ChannelFinder finder{tensors};
  int first = 0;
  follow(
      net.layers(), first, detail::ChannelState{},
      [&]<class Spec>(const Spec& spec, int place, const detail::ChannelState& state) {
        if constexpr (detail::Biased<Spec>::exists) {
          return finder.weights(place, state);
        } else if constexpr (layer::is_spiking<Spec>) {
          return finder.neurons(place, spec.neuron.threshold, spec.amplitude, state);
        } else if constexpr (activation_count<Spec> == 1) {
          return finder.neurons(place, 1.0, 1.0, state);
        } else if constexpr (requires { spec.epsilon, spec.scale(); }) {
          return finder.norm(place, spec.epsilon, spec.scale(), state);
        } else {
          return finder.other(place, state);
        }
      },
      [&](const detail::ChannelState& branch, const detail::ChannelState& shortcut) {
        return finder.join(branch, shortcut);
      });
  return finder.finish();
}

/// The layer at a place; for a place below 0 the last convolution, or the last layer of all if
/// there is none.
///
/// @throws Error that names the places there are if there is none
[[nodiscard]] const ChannelLayer& channel_layer_at(const std::vector<ChannelLayer>& layers,
                                                   int place);

/// Refuses a channel that the layer does not have.
void check_channel(const ChannelLayer& layer, Index channel);

/// Silences a channel: its currents are 0 from now on, whatever reaches the layer.
///
/// @param parameters of the network
/// @throws Error if there is no such channel
template <class Scalar>
void silence(const ChannelLayer& layer, Index channel, std::span<Scalar> parameters) {
  check_channel(layer, channel);
  layer.for_each_parameter(channel,
                           [&](Index at) { parameters[static_cast<std::size_t>(at)] = Scalar{0}; });
}

}  // namespace snnbd::inline SNNBD_ISA::network

#if !defined(SNNBD_COMPILED)
#include <snnbd/network/channels.ipp>
#endif
