#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>

#include <snnbd/repair/spike_statistics_prune.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

SNNBD_COLD std::vector<double> spike_statistics(const Tensor<float, 2>& rates, Index channels,
                                                SpikeStatistic statistic) {
  const Index units = rates.dimension(1);
  if (channels < 1 || units % channels != 0)
    reject("units of a layer", "a multiple of " + std::to_string(channels) + " channels", units);
  const auto samples = static_cast<double>(rates.dimension(0));
  const Index each = units / channels;
  const auto pixels = static_cast<double>(each);
  std::vector<double> statistics(static_cast<std::size_t>(channels));
  for (Index channel = 0; channel < channels; ++channel) {
    std::vector<double> of_samples;
    for (Index sample = 0; sample < rates.dimension(0); ++sample) {
      double sum = 0.0;
      for (Index unit = channel; unit < units; unit += channels)
        sum += static_cast<double>(rates(sample, unit));
      of_samples.push_back(sum / pixels);
    }
    const double mean = std::accumulate(of_samples.begin(), of_samples.end(), 0.0) / samples;
    double& result = statistics[static_cast<std::size_t>(channel)];
    if (statistic == SpikeStatistic::total) {
      result = mean;
    } else if (statistic == SpikeStatistic::peak) {
      result = *std::ranges::max_element(of_samples);
    } else {
      double squares = 0.0;
      for (const double one : of_samples) squares += (one - mean) * (one - mean);
      result = std::sqrt(squares / samples);
    }
  }
  return statistics;
}

SNNBD_COLD void rank_within_layer(std::size_t layer, const std::vector<double>& scores,
                                  std::vector<RankedChannel>& ranked) {
  const double mean =
      std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size());
  for (std::size_t channel = 0; channel < scores.size(); ++channel)
    ranked.push_back(
        {layer, static_cast<Index>(channel), mean > 0.0 ? scores[channel] / mean : 0.0});
}

}  // namespace snnbd::inline SNNBD_ISA::repair
