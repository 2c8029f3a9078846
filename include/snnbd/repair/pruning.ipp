#pragma once

#include <algorithm>
#include <cmath>

#include <snnbd/data/runtime_set.hpp>
#include <snnbd/metric/accuracy.hpp>
#include <snnbd/repair/pruning.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

SNNBD_COLD std::size_t PruneLimits::at_a_time(std::size_t channels) const {
  return std::max<std::size_t>(
      1, static_cast<std::size_t>(std::lround(step * static_cast<double>(channels))));
}

SNNBD_COLD std::size_t PruneLimits::at_most(std::size_t channels) const {
  return static_cast<std::size_t>(std::floor(limit * static_cast<double>(channels)));
}

SNNBD_COLD double accuracy(const NetworkView& view, data::DatasetView set) {
  if (set.size() == 0) reject("clean samples of a repair", "at least one", "none");
  const std::vector<int> found = view.predict(set);
  return metric::accuracy(found, data::labels_of(set)).fraction();
}

SNNBD_COLD std::vector<double> channel_means(const Tensor<float, 2>& features, Index channels) {
  const Index units = features.dimension(1);
  if (channels < 1 || units % channels != 0)
    reject("units of a layer", "a multiple of " + std::to_string(channels) + " channels", units);
  std::vector<double> means(static_cast<std::size_t>(channels));
  for (Index i = 0; i < features.size(); ++i)
    means[static_cast<std::size_t>(i % channels)] += static_cast<double>(features.data()[i]);
  const Index each = features.size() / channels;
  for (double& mean : means) mean /= static_cast<double>(each);
  return means;
}

SNNBD_COLD std::vector<RankedChannel> ascending(std::size_t layer, std::span<const double> scores) {
  std::vector<RankedChannel> channels;
  for (const double score : scores)
    channels.push_back({layer, static_cast<Index>(channels.size()), score});
  sort_ascending(channels);
  return channels;
}

SNNBD_COLD void sort_ascending(std::vector<RankedChannel>& channels) {
  std::ranges::stable_sort(channels, {}, &RankedChannel::score);
}

SNNBD_COLD learn::Mask mask_of(const std::vector<network::ChannelLayer>& layers,
                               std::span<const RankedChannel> channels, Index parameters) {
  learn::Mask mask{parameters};
  for (const RankedChannel& one : channels)
    layers[one.layer].for_each_parameter(one.channel,
                                         [&](Index at) { mask.hold(at, 1, learn::Hold::at_zero); });
  return mask;
}

}  // namespace snnbd::inline SNNBD_ISA::repair
