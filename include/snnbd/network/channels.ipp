#pragma once

#include <algorithm>
#include <iterator>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/network/channels.hpp>

namespace snnbd::inline SNNBD_ISA::network {

namespace detail {

SNNBD_COLD std::vector<ParameterTensor> ChannelFinder::at(int place) const {
  std::vector<ParameterTensor> own;
  std::ranges::copy_if(tensors_, std::back_inserter(own),
                       [&](const ParameterTensor& tensor) { return tensor.place == place; });
  return own;
}

SNNBD_COLD ChannelState ChannelFinder::weights(int place, const ChannelState& state) {
  const std::vector<ParameterTensor> own = at(place);
  ChannelLayer found;
  found.place = place;
  found.input_amplitude = state.amplitude;
  found.weight = own.front();
  if (own.size() > 1) found.bias = own[1];
  layers_.push_back(found);
  return {{layers_.size() - 1}, 1.0};
}

SNNBD_COLD ChannelState ChannelFinder::norm(int place, double epsilon, double scale,
                                            ChannelState state) {
  const std::vector<ParameterTensor> own = at(place);
  const bool follows = state.open.size() == 1 && !layers_[state.open[0]].norm &&
                       !layers_[state.open[0]].summed &&
                       layers_[state.open[0]].channels() == own[0].parameter.size();
  // Behind any other batch norm a channel's zeros are no longer zeros.
  if (!follows) return {{}, 1.0};
  layers_[state.open[0]].norm = ChannelNorm{own[0], own[1], own[2], own[3], epsilon, scale};
  return state;
}

SNNBD_COLD ChannelState ChannelFinder::neurons(int place, double threshold, double amplitude,
                                               const ChannelState& state) {
  for (const std::size_t number : state.open) {
    ChannelLayer& driving = layers_[number];
    if (driving.neurons >= 0) continue;
    driving.neurons = place;
    driving.threshold = threshold;
  }
  return {{}, amplitude};
}

SNNBD_COLD ChannelState ChannelFinder::join(const ChannelState& branch,
                                            const ChannelState& shortcut) {
  ChannelState sum{branch.open, 1.0};
  for (const std::size_t number : shortcut.open)
    if (std::ranges::find(sum.open, number) == sum.open.end()) sum.open.push_back(number);
  for (const std::size_t number : sum.open)
    if (layers_[number].neurons < 0) layers_[number].summed = true;
  return sum;
}

SNNBD_COLD ChannelState ChannelFinder::other(int place, ChannelState state) {
  if (!at(place).empty()) return {{}, 1.0};
  return state;
}

SNNBD_COLD std::vector<ChannelLayer> ChannelFinder::finish() {
  std::erase_if(layers_, [](const ChannelLayer& one) { return one.neurons < 0; });
  return std::move(layers_);
}

}  // namespace detail

SNNBD_COLD const ChannelLayer& channel_layer_at(const std::vector<ChannelLayer>& layers,
                                                int place) {
  std::string places;
  const ChannelLayer* found = nullptr;
  for (const ChannelLayer& one : layers) {
    places.append(places.empty() ? "" : ", ").append(std::to_string(one.place));
    if (place >= 0 ? one.place == place
                   : found == nullptr || one.is_convolution() || !found->is_convolution())
      found = &one;
  }
  if (found == nullptr)
    reject("layer whose channels drive neurons",
           places.empty() ? "a network that has one" : "a place among " + places, place);
  return *found;
}

SNNBD_COLD void check_channel(const ChannelLayer& layer, Index channel) {
  if (channel < 0 || channel >= layer.channels())
    reject("channel of " + layer.weight.name(), "below " + std::to_string(layer.channels()),
           channel);
}

}  // namespace snnbd::inline SNNBD_ISA::network
