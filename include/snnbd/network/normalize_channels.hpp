#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <string>
#include <tuple>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/kernels/conversion/channels.hpp>
#include <snnbd/network/normalize_weights.hpp>
#include <snnbd/network/twin.hpp>

namespace snnbd::inline SNNBD_ISA::network {

namespace detail {

/// What a layer of weights gives, or 0.
template <class Spec>
inline constexpr int output_channels = 0;
template <int Channels, int Kernel, layer::ConvOptions Options>
inline constexpr int output_channels<layer::Conv<Channels, Kernel, Options>> = Channels;
template <int Units, layer::DenseOptions Options>
inline constexpr int output_channels<layer::Dense<Units, Options>> = Units;

/// What keeps the channels of a network from having scales of their own.
enum class ChannelObstacle { none, residual, own_weights, bare_neurons, bare_readout };

/// How many channels the weights before each layer of activations give.
template <int Activations>
struct ChannelPlan {
  std::array<int, static_cast<std::size_t>(Activations)> channels{};
  ChannelObstacle obstacle = ChannelObstacle::none;

  [[nodiscard]] constexpr int total() const {
    int sum = 0;
    for (const int count : channels) sum += count;
    return sum;
  }
};

template <class Net>
struct ChannelPlanner;
template <class Scalar, Shape Input, class... Specs>
struct ChannelPlanner<BasicNetwork<Scalar, Input, Specs...>> {
  using Plan = ChannelPlan<(0 + ... + activation_count<Specs>)>;

  static constexpr Plan plan() {
    Plan plan;
    std::size_t number = 0;
    int given = 0;  // by the weights since the last activations
    const auto stop = [&](ChannelObstacle obstacle) {
      if (plan.obstacle == ChannelObstacle::none) plan.obstacle = obstacle;
    };
    const auto look = [&]<class Spec>(const Spec* /*spec*/) {
      if constexpr (requires { typename Spec::BranchType; }) {
        stop(ChannelObstacle::residual);
        number += std::size_t{activation_count<Spec>};
      } else if constexpr (activation_count<Spec> == 1) {
        if (given == 0) stop(ChannelObstacle::bare_neurons);
        plan.channels[number++] = given;
        given = 0;
      } else if constexpr (output_channels<Spec> > 0) {
        given = output_channels<Spec>;
      } else if constexpr (has_weights_from<0, std::tuple<Spec>>()) {
        stop(ChannelObstacle::own_weights);
      }
    };
    (look(static_cast<const Specs*>(nullptr)), ...);
    if (given == 0) stop(ChannelObstacle::bare_readout);
    return plan;
  }
};

template <class Net>
inline constexpr auto channel_plan = ChannelPlanner<Net>::plan();

/// Says at compile time why the channels of a network cannot have scales of their own.
template <class Net>
constexpr void verify_channels() {
  constexpr ChannelObstacle found = channel_plan<Net>.obstacle;
  static_assert(found != ChannelObstacle::residual,
                "snnbd: what a residual adds must have one unit; its channels cannot have scales "
                "of their own, so leave PerChannel out");
  static_assert(found != ChannelObstacle::own_weights,
                "snnbd: scales of channels know the weights of Conv and Dense alone; leave "
                "PerChannel out");
  static_assert(found != ChannelObstacle::bare_neurons,
                "snnbd: weights take the scales of channels in, and here activations have none "
                "before them; leave PerChannel out");
  static_assert(found != ChannelObstacle::bare_readout,
                "snnbd: weights take the scales of channels back, and here the last activations "
                "have none behind them; leave PerChannel out");
}

/// @throws Error if there is no positive scale for each channel
template <class Plan>
void check_channel_scales(const Plan& plan, const std::vector<std::vector<double>>& scales) {
  if (scales.size() != plan.channels.size())
    reject("scales of channels", std::to_string(plan.channels.size()) + " layers", scales.size());
  for (std::size_t layer = 0; layer < scales.size(); ++layer) {
    const std::string subject = "scales of the channels of activation layer ";
    if (scales[layer].size() != static_cast<std::size_t>(plan.channels[layer]))
      reject(subject + std::to_string(layer), std::to_string(plan.channels[layer]),
             scales[layer].size());
    for (const double scale : scales[layer])
      if (!(scale > 0.0) || !std::isfinite(scale))
        reject(subject + std::to_string(layer), "positive numbers", scale);
  }
}

/// The place of the last weights before each layer of neurons.
template <class Net>
std::vector<int> weights_before_neurons(const Net& net) {
  std::vector<int> places;
  layer::for_each_layer(net.layers(), [&]<class Spec>(const Spec& /*spec*/, int place) {
    if constexpr (layer::is_spiking<Spec>) {
      int last = -1;
      for (const ParameterTensor& tensor : Net::tensors())
        if (tensor.place < place) last = std::max(last, tensor.place);
      places.push_back(last);
    }
  });
  return places;
}

}  // namespace detail

/// A converted network whose channels have scales of their own, as weight normalization: the weight
/// from channel i to channel j becomes W lambda_i / lambda_j and the bias b / lambda_j, with
/// thresholds and amplitudes of 1 (channel-wise normalization, Kim et al. 2020, "Spiking-YOLO").
/// Poolings, dropout and Flatten keep channels next to each other, so that the weights behind them
/// know theirs. The last weights give real units again. With one scale for all channels of a layer
/// it is `normalize_weights`.
///
/// @tparam Net a Converted network without residuals, with weights before all neurons and behind
///   the last
/// @param scales of the channels of each layer of neurons; any positive number does for one that
///   never fires
/// @throws Error if there is no positive scale for each channel
template <class Net>
[[nodiscard]] Net normalize_channels(Net net, const std::vector<std::vector<double>>& scales) {
  detail::verify_channels<Net>();
  using Scalar = typename Net::ScalarType;
  detail::check_channel_scales(detail::channel_plan<Net>, scales);
  const std::vector<int> last = detail::weights_before_neurons(net);
  const std::vector<double> real{1.0};
  std::vector<double> unit = real;
  std::vector<double> next = real;
  int place = -1;
  for (const ParameterTensor& tensor : Net::tensors()) {
    if (tensor.place != place) {
      place = tensor.place;
      unit = next;
      const auto found = std::find(last.begin(), last.end(), place);
      next = found == last.end() ? real : scales[static_cast<std::size_t>(found - last.begin())];
    }
    const bool is_bias = tensor.parameter.kind == layer::ParameterKind::bias;
    const kernels::Rows rows{is_bias ? 1 : tensor.parameter.fan_in(),
                             tensor.parameter.size() / (is_bias ? 1 : tensor.parameter.fan_in())};
    Scalar* const values = net.parameters().data() + tensor.offset;
    kernels::scale_channels<Scalar>(values, rows, is_bias ? real : unit, next, values);
  }
  net.for_each_layer([]<class Spec>(Spec& spec, int /*place*/) {
    if constexpr (layer::is_spiking<Spec>) {
      spec.neuron.threshold = 1.0;
      spec.amplitude = 1.0;
    }
  });
  return net;
}

}  // namespace snnbd::inline SNNBD_ISA::network
