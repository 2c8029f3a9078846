#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <snnbd/network/channels.hpp>

namespace snnbd::inline SNNBD_ISA::network {

/// Scales of all channels that drive neurons: one for what leads to a channel, one for its bias. A
/// batch norm's weight and bias stand for those of the layer before it. A scale of 0 silences the
/// channel but for its bias.
///
/// Neurons with a threshold theta and reset by subtraction fire alike if currents and theta are
/// scaled together. To scale what leads to a unit, and its bias, by m is therefore to divide its
/// threshold by m; behind a hard reset it is the same, too.
class ChannelScales {
 public:
  /// @param layers `channel_layers` of a network
  explicit ChannelScales(std::vector<ChannelLayer> layers) : layers_{std::move(layers)} {
    for (const ChannelLayer& layer : layers_) size_ += static_cast<std::size_t>(layer.channels());
  }

  /// The channels of all layers.
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] const std::vector<ChannelLayer>& layers() const { return layers_; }

  /// Writes scaled parameters.
  ///
  /// @param base parameters of the network as they are
  /// @param weights, biases the scales of each channel, in the order of the layers
  /// @param target as many parameters; those that no channel scales stay what they are there
  template <class Scalar>
  void apply(std::span<const Scalar> base, std::span<const double> weights,
             std::span<const double> biases, std::span<Scalar> target) const {
    const auto scale = [&](Index at, double by) {
      const auto place = static_cast<std::size_t>(at);
      target[place] = static_cast<Scalar>(static_cast<double>(base[place]) * by);
    };
    for_each([&](std::size_t number, Index at) { scale(at, weights[number]); },
             [&](std::size_t number, Index at) { scale(at, biases[number]); });
  }

  /// Gathers the gradient by the scales from that by the scaled parameters: dL/dm of a channel is
  /// the sum of w dL/d(m w) over what m scales.
  ///
  /// @param base as above
  /// @param gradient by the parameters that `apply` wrote
  /// @param weights, biases overwritten
  template <class Scalar>
  void gather(std::span<const Scalar> base, std::span<const Scalar> gradient,
              std::span<double> weights, std::span<double> biases) const {
    std::ranges::fill(weights, 0.0);
    std::ranges::fill(biases, 0.0);
    const auto product = [&](Index at) {
      const auto place = static_cast<std::size_t>(at);
      return static_cast<double>(base[place]) * static_cast<double>(gradient[place]);
    };
    for_each([&](std::size_t number, Index at) { weights[number] += product(at); },
             [&](std::size_t number, Index at) { biases[number] += product(at); });
  }

 private:
  template <class Weight, class Bias>
  void for_each(const Weight& weight, const Bias& bias) const {
    std::size_t number = 0;
    for (const ChannelLayer& layer : layers_)
      for (Index channel = 0; channel < layer.channels(); ++channel, ++number) {
        if (layer.norm) {
          weight(number, layer.norm->weight.offset + channel);
          bias(number, layer.norm->bias.offset + channel);
        } else {
          layer.for_each_weight(channel, [&](Index at) { weight(number, at); });
          if (layer.bias) bias(number, layer.bias->offset + channel);
        }
      }
  }

  std::vector<ChannelLayer> layers_;
  std::size_t size_ = 0;
};

}  // namespace snnbd::inline SNNBD_ISA::network
