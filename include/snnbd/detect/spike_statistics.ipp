#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/detect/spike_statistics.hpp>
#include <snnbd/statistics/spike_train.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

/// Some neighbouring samples of a set.
inline data::Selection part_of(data::DatasetView set, std::size_t first, std::size_t count) {
  std::vector<std::size_t> places(std::min(count, set.size() - first));
  std::iota(places.begin(), places.end(), first);
  return {set, std::move(places)};
}

/// The mean of the smallest values; their order is lost.
inline double mean_of_smallest(std::vector<double>& values, std::size_t count) {
  const auto end = values.begin() + static_cast<std::ptrdiff_t>(std::min(count, values.size()));
  std::partial_sort(values.begin(), end, values.end());
  return std::accumulate(values.begin(), end, 0.0) / static_cast<double>(end - values.begin());
}

}  // namespace detail

SNNBD_COLD void SpikeStatistics::check() const {
  if (shrinkage) require_share("shrinkage of spike statistics", *shrinkage);
  require_positive("tau of spike statistics", tau);
  require_not_negative("cost of spike statistics", cost);
  if (neighbours == 0) reject("neighbours of spike statistics", "at least 1", neighbours);
  if (examples == 0) reject("examples of spike statistics", "at least 1", examples);
  if (!(judged_rate > 0.0 && judged_rate < 1.0))
    reject("judged rate of spike statistics", "a number above 0 and below 1", judged_rate);
}

SNNBD_COLD FittedSpikeStatistics::FittedSpikeStatistics(const SpikeStatistics& settings,
                                                        const NetworkProbe& suspect,
                                                        const defend::Evidence& evidence)
    : settings_{settings}, suspect_{suspect} {
  settings_.check();
  place_ = detail::place_of(suspect, settings_.place);
  const data::DatasetView clean = evidence.clean;
  detail::check_clean(SpikeStatistics::name, clean, 4);
  // Distances of samples from what was made of them are too small. So the spread is that of each
  // half, taken class by class, seen from the other.
  const auto halves = detail::halves_of(clean);
  Distances all;
  const auto add = [](auto& to, const auto& more) {
    to.insert(to.end(), more.begin(), more.end());
  };
  for (std::size_t half = 0; half < 2; ++half) {
    const Known known = learn(data::Selection{clean, halves[half]});
    const Distances seen = distances(known, data::Selection{clean, halves[1 - half]}, settings_.by);
    add(all.labels, seen.labels);
    add(all.voltage, seen.voltage);
    add(all.trains, seen.trains);
  }
  if (!all.voltage.empty()) voltage_ = {all.voltage, all.labels, clean.classes()};
  if (!all.trains.empty()) trains_ = {all.trains, all.labels, clean.classes()};
  known_.emplace(learn(clean));
}

SNNBD_COLD FittedSpikeStatistics::Scale::Scale(const std::vector<double>& distances,
                                               const std::vector<int>& labels, int classes) {
  const double usual = statistics::median(distances);
  for (int label = 0; label < classes; ++label) {
    std::vector<double> own;
    for (std::size_t i = 0; i < labels.size(); ++i)
      if (labels[i] == label) own.push_back(distances[i]);
    double middle = own.empty() ? usual : statistics::median(own);
    // Clean samples that are all alike: a distance from them is what it is.
    if (!(middle > 0.0)) middle = usual > 0.0 ? usual : 1.0;
    medians.push_back(middle);
  }
  std::vector<double> relative;
  for (std::size_t i = 0; i < labels.size(); ++i)
    relative.push_back(distances[i] / medians[static_cast<std::size_t>(labels[i])]);
  spread = statistics::robust_spread(relative);
  if (!(spread.deviation > 0.0)) spread.deviation = 1.0;
}

SNNBD_COLD double FittedSpikeStatistics::Scale::deviations(double distance, int label) const {
  return (distance / medians[static_cast<std::size_t>(label)] - spread.median) / spread.deviation;
}

SNNBD_COLD bool FittedSpikeStatistics::sees(SpikeEvidence which) const {
  return settings_.by == SpikeEvidence::both || settings_.by == which;
}

SNNBD_COLD FittedSpikeStatistics::Known FittedSpikeStatistics::learn(
    data::DatasetView clean) const {
  Known known;
  if (sees(SpikeEvidence::voltage))
    known.voltage.emplace(detail::features_of(suspect_, clean, place_, network::Quantity::voltage),
                          data::labels_of(clean), clean.classes(),
                          statistics::MahalanobisOptions{.shrinkage = settings_.shrinkage});
  if (!sees(SpikeEvidence::trains)) return known;
  for (int label = 0; label < clean.classes(); ++label) {
    auto places = data::samples_of_class(clean, label);
    places.resize(std::min(places.size(), settings_.examples));
    known.trains.push_back(trains_of(data::Selection{clean, std::move(places)}));
  }
  return known;
}

SNNBD_COLD FittedSpikeStatistics::Trains FittedSpikeStatistics::trains_of(
    data::DatasetView set) const {
  const Tensor<float, 3> spikes = suspect_.over_time(set, place_, network::Quantity::spikes);
  const Index samples = spikes.dimension(0);
  const Index steps = spikes.dimension(1);
  const Index units = spikes.dimension(2);
  statistics::Matrix trains(samples * units, steps);
  for (Index sample = 0; sample < samples; ++sample)
    for (Index step = 0; step < steps; ++step)
      for (Index unit = 0; unit < units; ++unit)
        trains(sample * units + unit, step) = static_cast<double>(spikes(sample, step, unit));
  Trains result;
  if (settings_.distance == TrainDistance::van_rossum) {
    const statistics::Matrix points = statistics::van_rossum_points(trains, settings_.tau);
    result.points =
        Eigen::Map<const statistics::Matrix>(points.data(), samples, units * points.cols());
    return result;
  }
  result.steps.resize(static_cast<std::size_t>(samples));
  std::vector<float> train(static_cast<std::size_t>(steps));
  for (Index sample = 0; sample < samples; ++sample) {
    for (Index unit = 0; unit < units; ++unit) {
      for (Index step = 0; step < steps; ++step)
        train[static_cast<std::size_t>(step)] = spikes(sample, step, unit);
      result.steps[static_cast<std::size_t>(sample)].push_back(statistics::spike_steps(train));
    }
  }
  return result;
}

SNNBD_COLD FittedSpikeStatistics::Distances FittedSpikeStatistics::distances(
    const Known& known, data::DatasetView set, SpikeEvidence which) const {
  Distances result{suspect_.predict(set)};
  if (which != SpikeEvidence::trains) {
    result.voltage = known.voltage->squared_to_class(
        detail::features_of(suspect_, set, place_, network::Quantity::voltage), result.labels);
    for (double& distance : result.voltage) distance = std::sqrt(distance);
  }
  if (which != SpikeEvidence::voltage) measure_trains(known, set, result);
  return result;
}

SNNBD_COLD void FittedSpikeStatistics::measure_trains(const Known& known, data::DatasetView set,
                                                      Distances& result) const {
  const auto units = static_cast<std::size_t>(detail::layer_at(suspect_, place_).shape.size());
  // As many samples at a time as have some million values.
  const std::size_t each = units * static_cast<std::size_t>(suspect_.steps() + 1);
  const std::size_t most = std::max<std::size_t>((std::size_t{1} << 23U) / each, 1);
  result.trains.resize(set.size());
  for (std::size_t first = 0; first < set.size(); first += most) {
    const data::Selection part = detail::part_of(set, first, most);
    const Trains own = trains_of(part);
    parallel_for(static_cast<Index>(part.size()), [&](Index row) {
      const auto sample = static_cast<std::size_t>(row);
      const Trains& others = known.trains[static_cast<std::size_t>(result.labels[first + sample])];
      std::vector<double> found;
      if (settings_.distance == TrainDistance::van_rossum) {
        for (Index other = 0; other < others.points.rows(); ++other)
          found.push_back((others.points.row(other) - own.points.row(row)).norm());
      } else {
        for (const auto& other : others.steps) {
          double sum = 0.0;
          for (std::size_t unit = 0; unit < units; ++unit) {
            const double distance = statistics::victor_purpura_distance(
                own.steps[sample][unit], other[unit], settings_.cost);
            sum += distance * distance;
          }
          found.push_back(std::sqrt(sum));
        }
      }
      result.trains[first + sample] = detail::mean_of_smallest(found, settings_.neighbours);
    });
  }
}

SNNBD_COLD std::vector<double> FittedSpikeStatistics::voltage_distances(
    data::DatasetView set) const {
  if (!sees(SpikeEvidence::voltage))
    reject("distances of spike statistics", "settings that judge by voltage", "trains alone");
  return distances(*known_, set, SpikeEvidence::voltage).voltage;
}

SNNBD_COLD std::vector<double> FittedSpikeStatistics::train_distances(data::DatasetView set) const {
  if (!sees(SpikeEvidence::trains))
    reject("distances of spike statistics", "settings that judge by trains", "voltage alone");
  return distances(*known_, set, SpikeEvidence::trains).trains;
}

SNNBD_COLD std::vector<double> FittedSpikeStatistics::scores(data::DatasetView set) const {
  const Distances seen = distances(*known_, set, settings_.by);
  const double share = settings_.by == SpikeEvidence::both ? 0.5 : 1.0;
  std::vector<double> result(set.size(), 0.0);
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (!seen.voltage.empty())
      result[i] += share * voltage_.deviations(seen.voltage[i], seen.labels[i]);
    if (!seen.trains.empty())
      result[i] += share * trains_.deviations(seen.trains[i], seen.labels[i]);
  }
  return result;
}

SNNBD_COLD defend::Verdict SpikeStatistics::judge(const NetworkProbe& suspect,
                                                  const defend::Evidence& evidence) const {
  check();
  const data::DatasetView clean = evidence.clean;
  detail::check_clean(name, clean, 2);
  const std::vector<int> labels = data::labels_of(clean);
  const statistics::Matrix distances = detail::distances_from_means(
      detail::features_of(suspect, clean, detail::place_of(suspect, place),
                          network::Quantity::voltage),
      labels, clean.classes());
  std::vector<double> apart;
  for (int label = 0; label < clean.classes(); ++label) {
    double sum = 0.0;
    double others = 0.0;
    for (Index sample = 0; sample < distances.rows(); ++sample) {
      if (labels[static_cast<std::size_t>(sample)] == label) continue;
      sum += distances(sample, label);
      others += 1.0;
    }
    apart.push_back(sum / others);
  }
  defend::Verdict verdict{.by_class = left_out_scores(apart)};
  const auto most =
      std::ranges::max_element(verdict.by_class, {}, [](double score) { return std::abs(score); });
  verdict.score = std::abs(*most);
  // Either side.
  verdict.threshold = left_out_threshold(clean.classes(), judged_rate / 2.0);
  if (verdict.flagged()) verdict.target = static_cast<int>(most - verdict.by_class.begin());
  return verdict;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
