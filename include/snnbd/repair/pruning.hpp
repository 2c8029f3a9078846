#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/tensor.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/defend/evidence.hpp>
#include <snnbd/learn/training/mask.hpp>
#include <snnbd/network/channels.hpp>
#include <snnbd/network/view.hpp>

/// What repairs that silence channels have in common.
namespace snnbd::inline SNNBD_ISA::repair {

/// How far channels are pruned. BackdoorBench prunes 1 % at a time, until the accuracy has fallen
/// by a tenth; it looks at the test set for that, this looks at held-out samples.
struct PruneLimits {
  double step = 0.01;      ///< share of the channels that are pruned at a time, at least one
  double limit = 0.95;     ///< the largest share that may be pruned; 0 prunes nothing
  double tolerance = 0.1;  ///< by how much of itself the accuracy on clean samples may fall

  void check() const {
    require_positive("step of pruning", step);
    require_share("step of pruning", step);
    require_share("limit of pruning", limit);
    require_share("tolerance of pruning", tolerance);
  }
  /// How many of some channels are pruned at a time, and at most.
  [[nodiscard]] std::size_t at_a_time(std::size_t channels) const;
  [[nodiscard]] std::size_t at_most(std::size_t channels) const;
};

/// A channel of one of some layers, and why it is pruned before others or after.
struct RankedChannel {
  std::size_t layer = 0;  ///< its number among `network::channel_layers`
  Index channel = 0;
  double score = 0.0;

  friend bool operator==(const RankedChannel&, const RankedChannel&) = default;
};

/// A network some of whose channels are silent.
template <class Net>
struct Pruned {
  Net net;
  std::vector<RankedChannel> channels{};  ///< those that were silenced
};

/// The share of the samples that a network classifies as labelled, from 0 to 1.
///
/// @throws Error if there are no samples
[[nodiscard]] double accuracy(const NetworkView& view, data::DatasetView set);

/// The mean of each channel over samples and pixels.
///
/// @param features [sample, unit], the channel fastest, as `NetworkProbe::features` gives them
/// @throws Error if the units are not whole pixels
[[nodiscard]] std::vector<double> channel_means(const Tensor<float, 2>& features, Index channels);

/// The channels of one layer, the smallest score first, the first one among equals.
[[nodiscard]] std::vector<RankedChannel> ascending(std::size_t layer,
                                                   std::span<const double> scores);

/// Sorts channels of any layers in the same way.
void sort_ascending(std::vector<RankedChannel>& channels);

/// Holds all parameters of some channels at zero.
[[nodiscard]] learn::Mask mask_of(const std::vector<network::ChannelLayer>& layers,
                                  std::span<const RankedChannel> channels, Index parameters);

/// Silences channels in an order, some at a time, as long as the accuracy on clean samples stands.
///
/// @param path called with each network that is good enough, and the share that is pruned
/// @throws Error if a setting is out of range or there are no clean samples
template <class Subject, class Path>
[[nodiscard]] Pruned<typename Subject::Net> prune_in_order(
    const Subject& subject, const defend::Evidence& evidence,
    const std::vector<network::ChannelLayer>& layers, std::span<const RankedChannel> order,
    const PruneLimits& limits, const Path& path) {
  limits.check();
  Pruned<typename Subject::Net> result{subject.net};
  path(std::as_const(result.net), 0.0);
  const std::size_t most = limits.at_most(order.size());
  if (most == 0) return result;
  typename Subject::Net trial = subject.net;
  const NetworkView view =
      view_of(std::as_const(trial), subject.encoding, subject.steps, evidence.batch_size);
  const double least = (1.0 - limits.tolerance) * accuracy(view, evidence.clean);
  for (std::size_t done = 0; done < most;) {
    const std::size_t next = std::min(most, done + limits.at_a_time(order.size()));
    for (; done < next; ++done)
      network::silence(layers[order[done].layer], order[done].channel, trial.parameters());
    if (accuracy(view, evidence.clean) < least) break;
    result.net = trial;
    result.channels.assign(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(done));
    path(std::as_const(result.net), static_cast<double>(done) / static_cast<double>(order.size()));
  }
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::repair

#if !defined(SNNBD_COMPILED)
#include <snnbd/repair/pruning.ipp>
#endif
