#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/detect/beatrix.hpp>
#include <snnbd/statistics/robust.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

SNNBD_COLD void Beatrix::check() const {
  if (bins < 1) reject("bins of beatrix", "at least 1", bins);
  if (examples == 0) reject("examples of beatrix", "at least 1", examples);
  require_positive("threshold of beatrix", threshold);
}

SNNBD_COLD FittedBeatrix::FittedBeatrix(const Beatrix& settings, const NetworkProbe& suspect,
                                        const defend::Evidence& evidence)
    : settings_{settings}, suspect_{suspect} {
  settings_.check();
  place_ = detail::place_of(suspect, settings_.place);
  const network::ProbedLayer& layer = detail::layer_at(suspect, place_);
  const Index steps = layer.neurons ? suspect.steps() : 1;
  if (settings_.bins > steps)
    reject("bins of beatrix", "at most " + std::to_string(steps) + ", one for each step",
           settings_.bins);
  detail::check_clean(Beatrix::name, evidence.clean, 2);
  for (int label = 0; label < evidence.clean.classes(); ++label) {
    auto places = data::samples_of_class(evidence.clean, label);
    places.resize(std::min(places.size(), settings_.examples));
    bounds_.emplace_back(
        maps_of(data::Selection{evidence.clean, std::move(places)}),
        Index{layer.shape.channels} * settings_.bins,
        statistics::GramOptions{settings_.orders, settings_.width, settings_.floor});
  }
}

/// Firing rates [sample, position, bin, channel].
SNNBD_COLD statistics::Matrix FittedBeatrix::maps_of(data::DatasetView set) const {
  if (settings_.bins == 1)
    return detail::features_of(suspect_, set, place_, network::Quantity::spikes);
  const Index channels = detail::layer_at(suspect_, place_).shape.channels;
  const Tensor<float, 3> spikes = suspect_.over_time(set, place_, network::Quantity::spikes);
  const Index steps = spikes.dimension(1);
  const Index units = spikes.dimension(2);
  const Index bins = settings_.bins;
  statistics::Matrix maps = statistics::Matrix::Zero(spikes.dimension(0), units * bins);
  for (Index bin = 0; bin < bins; ++bin) {
    const Index first = bin * steps / bins;
    const Index last = (bin + 1) * steps / bins;
    for (Index sample = 0; sample < maps.rows(); ++sample)
      for (Index step = first; step < last; ++step)
        for (Index unit = 0; unit < units; ++unit)
          maps(sample, (unit / channels * bins + bin) * channels + unit % channels) +=
              static_cast<double>(spikes(sample, step, unit)) / static_cast<double>(last - first);
  }
  return maps;
}

SNNBD_COLD std::vector<double> FittedBeatrix::deviations(data::DatasetView set,
                                                         const std::vector<int>& labels) const {
  std::vector<double> result(set.size());
  for (int label = 0; label < suspect_.classes(); ++label) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] == label) places.push_back(i);
    const statistics::GramBounds& bounds = bounds_.at(static_cast<std::size_t>(label));
    // Some at a time: trains of all steps may be large.
    for (std::size_t first = 0; first < places.size(); first += 256) {
      const std::size_t count = std::min<std::size_t>(256, places.size() - first);
      const auto begin = places.begin() + static_cast<std::ptrdiff_t>(first);
      const data::Selection part{set, {begin, begin + static_cast<std::ptrdiff_t>(count)}};
      const std::vector<double> found = bounds.deviations(maps_of(part));
      for (std::size_t i = 0; i < count; ++i) result[places[first + i]] = found[i];
    }
  }
  return result;
}

SNNBD_COLD std::vector<double> FittedBeatrix::scores(data::DatasetView set) const {
  return deviations(set, suspect_.predict(set));
}

SNNBD_COLD std::vector<double> FittedBeatrix::deviations_from_label(data::DatasetView set) const {
  return deviations(set, data::labels_of(set));
}

SNNBD_COLD defend::Verdict Beatrix::judge(const NetworkProbe& suspect,
                                          const defend::Evidence& evidence) const {
  const data::DatasetView training = detail::training_of(name, evidence);
  const FittedBeatrix fitted = fit(suspect, evidence);
  defend::Verdict verdict{.threshold = threshold};
  std::vector<double> deviant;
  for (int label = 0; label < training.classes(); ++label) {
    const auto all = data::samples_of_class(training, label);
    if (all.empty())
      reject("training set for beatrix", "at least one sample of class " + std::to_string(label),
             "none");
    std::vector<std::size_t> places(std::min(all.size(), examples));
    for (std::size_t i = 0; i < places.size(); ++i) places[i] = all[i * all.size() / places.size()];
    const std::vector<double> found =
        fitted.deviations_from_label(data::Selection{training, places});
    deviant.push_back(std::accumulate(found.begin(), found.end(), 0.0) /
                      static_cast<double>(found.size()));
  }
  verdict.by_class = statistics::robust_scores(deviant);
  const auto most = std::ranges::max_element(verdict.by_class);
  verdict.score = *most;
  if (verdict.flagged()) verdict.target = static_cast<int>(most - verdict.by_class.begin());
  return verdict;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
