#pragma once

#include <string_view>
#include <vector>

#include <snnbd/defend/concepts.hpp>
#include <snnbd/network/probed_network.hpp>
#include <snnbd/repair/pruning.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// Pruning (Liu et al. 2018): silences the channels of one layer that fire least on clean samples,
/// until the accuracy on these falls. The score of a channel is its mean firing rate over samples,
/// steps and pixels; of rectifiers, their mean activation. Nothing is trained, so that all clean
/// samples serve both for the rates and for the accuracy.
struct Prune {
  static constexpr std::string_view name = "prune";
  PruneLimits limits{};
  /// Of the convolution or dense layer that is pruned; below 0 for the last convolution, or the
  /// last layer whose channels drive neurons if there is no convolution.
  int place = -1;

  void check() const { limits.check(); }

  /// What is pruned, besides the network. `layers` are `network::channel_layers(subject.net)`.
  ///
  /// @throws Error if a setting is out of range, there are no clean samples or no such layer
  template <class Subject, class Path>
  [[nodiscard]] Pruned<typename Subject::Net> prune(
      const Subject& subject, const defend::Evidence& evidence,
      const std::vector<network::ChannelLayer>& layers, const Path& path) const {
    check();
    const network::ChannelLayer& chosen = network::channel_layer_at(layers, place);
    std::vector<double> rates(static_cast<std::size_t>(chosen.channels()));
    if (limits.limit > 0.0)
      rates =
          channel_means(probe_of(subject.net, subject.encoding, subject.steps, evidence.batch_size)
                            .features(evidence.clean, chosen.neurons, network::Quantity::spikes),
                        chosen.channels());
    return prune_in_order(subject, evidence, layers,
                          ascending(static_cast<std::size_t>(&chosen - layers.data()), rates),
                          limits, path);
  }

  /// @param path called with the share of the layer's channels that is pruned
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    return prune(subject, evidence, network::channel_layers(subject.net), path).net;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair
