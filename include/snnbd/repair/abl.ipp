#pragma once

#include <algorithm>
#include <cmath>
#include <numeric>

#include <snnbd/repair/abl.hpp>

namespace snnbd::inline SNNBD_ISA::repair {

SNNBD_COLD std::vector<double> sample_losses(std::span<const float> outputs,
                                             std::span<const int> labels, std::size_t classes) {
  if (outputs.size() != labels.size() * classes)
    reject("outputs for losses", std::to_string(labels.size() * classes), outputs.size());
  std::vector<double> losses;
  for (std::size_t sample = 0; sample < labels.size(); ++sample) {
    const auto own = outputs.subspan(sample * classes, classes);
    const int label = labels[sample];
    if (label < 0 || static_cast<std::size_t>(label) >= classes)
      reject("label of a sample", "below " + std::to_string(classes), label);
    const double largest = static_cast<double>(std::ranges::max(own));
    double sum = 0.0;
    for (const float output : own) sum += std::exp(static_cast<double>(output) - largest);
    losses.push_back(std::log(sum) + largest -
                     static_cast<double>(own[static_cast<std::size_t>(label)]));
  }
  return losses;
}

SNNBD_COLD std::vector<std::size_t> places_of_smallest(const std::vector<double>& values,
                                                       std::size_t count) {
  std::vector<std::size_t> places(values.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::ranges::stable_sort(places, {}, [&](std::size_t place) { return values[place]; });
  places.resize(std::min(count, places.size()));
  std::ranges::sort(places);
  return places;
}

SNNBD_COLD data::Samples joined_samples(data::DatasetView first, data::DatasetView second) {
  const std::size_t each = first.sample_size();
  if (second.sample_size() != each)
    reject("samples to join", std::to_string(each) + " values in each", second.sample_size());
  std::vector<float> values((first.size() + second.size()) * each);
  std::vector<int> labels;
  const auto take = [&](data::DatasetView set) {
    for (std::size_t index = 0; index < set.size(); ++index) {
      set.read(index, std::span{values}.subspan(labels.size() * each, each));
      labels.push_back(set.label(index));
    }
  };
  take(first);
  take(second);
  return {first, std::move(values), std::move(labels)};
}

}  // namespace snnbd::inline SNNBD_ISA::repair
