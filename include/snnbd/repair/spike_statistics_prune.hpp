#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <snnbd/repair/fine_prune.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

/// By what of their spikes on clean samples channels are ranked.
enum class SpikeStatistic {
  total,   ///< how many there are: the mean over samples
  spread,  ///< how much their number differs between samples: the standard deviation
  peak,    ///< the most in any sample
};

/// The statistic of each channel, of its firing rate in each sample.
///
/// @param rates [sample, unit], the channel fastest
/// @throws Error if the units are not whole pixels
[[nodiscard]] std::vector<double> spike_statistics(const Tensor<float, 2>& rates, Index channels,
                                                   SpikeStatistic statistic);

/// Adds the channels of a layer, whose scores are divided by their mean, so that layers can be
/// compared; of a layer that never fires they are 0.
void rank_within_layer(std::size_t layer, const std::vector<double>& scores,
                       std::vector<RankedChannel>& ranked);

/// Fine-pruning by spike statistics, all layers together, then tuning with masks: after HS-FP and
/// SS-FP (Kim et al. 2026). Only their abstract was read. SS-FP ranks by total spike activity, as
/// the default here; HS-FP by activations that hooks collect. That the channels of all layers
/// compete, each relative to its layer, and the other two statistics are ours. SS-FP tunes by STDP
/// together with surrogate gradients; here it is surrogate gradients alone.
template <class Rule = MaskedRule>
struct SpikeStatisticsPrune {
  static constexpr std::string_view name = "spike_statistics_prune";
  SpikeStatistic statistic = SpikeStatistic::total;
  PruneLimits limits{};
  FineTune<Rule> tune{};

  void check() const {
    limits.check();
    tune.check();
  }

  /// @param path called with the share of all channels that is pruned, then with 1 plus the number
  ///   of epochs
  /// @throws Error if a setting is out of range or there are no clean samples, or as training does
  template <class Subject, class Path>
  [[nodiscard]] typename Subject::Net repair(const Subject& subject,
                                             const defend::Evidence& evidence,
                                             const Path& path) const {
    check();
    const std::vector<network::ChannelLayer> layers = network::channel_layers(subject.net);
    std::vector<RankedChannel> ranked;
    if (limits.limit > 0.0) {
      const NetworkProbe probe =
          probe_of(subject.net, subject.encoding, subject.steps, evidence.batch_size);
      for (std::size_t i = 0; i < layers.size(); ++i)
        rank_within_layer(i,
                          spike_statistics(probe.features(evidence.clean, layers[i].neurons,
                                                          network::Quantity::spikes),
                                           layers[i].channels(), statistic),
                          ranked);
      sort_ascending(ranked);
    }
    return detail::tune_pruned(subject,
                               prune_in_order(subject, evidence, layers, ranked, limits, path),
                               layers, tune, evidence, path);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::repair

#if !defined(SNNBD_COMPILED)
#include <snnbd/repair/spike_statistics_prune.ipp>
#endif
