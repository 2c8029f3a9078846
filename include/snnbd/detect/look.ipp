#pragma once

#include <algorithm>
#include <cmath>
#include <span>

#include <snnbd/core/error.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/detect/look.hpp>
#include <snnbd/statistics/mmd.hpp>
#include <snnbd/statistics/moments.hpp>

namespace snnbd::inline SNNBD_ISA::detect::detail {

SNNBD_COLD std::array<std::vector<std::size_t>, 2> halves_of(data::DatasetView set) {
  std::array<std::vector<std::size_t>, 2> halves;
  for (int label = 0; label < set.classes(); ++label) {
    std::size_t number = 0;
    for (const std::size_t place : data::samples_of_class(set, label))
      halves[number++ % 2].push_back(place);
  }
  return halves;
}

SNNBD_COLD int place_of(const NetworkProbe& probe, std::optional<int> place) {
  return place ? layer_at(probe, *place).place : probe.last_place();
}

SNNBD_COLD const network::ProbedLayer& layer_at(const NetworkProbe& probe, int place) {
  const auto& layers = probe.layers();
  const auto found = std::ranges::find(layers, place, &network::ProbedLayer::place);
  if (found == layers.end()) {
    std::string places;
    for (const network::ProbedLayer& one : layers)
      places.append(places.empty() ? "" : ", ").append(std::to_string(one.place));
    reject("layer of a detector", "the place of a layer of neurons or rectifiers, one of " + places,
           place);
  }
  return *found;
}

SNNBD_COLD statistics::Matrix features_of(const NetworkProbe& probe, data::DatasetView set,
                                          int place, network::Quantity quantity,
                                          const NetworkView::Observer& observer) {
  const Tensor<float, 2> found = probe.features(set, place, quantity, observer);
  return statistics::matrix_of(std::span{found.data(), static_cast<std::size_t>(found.size())},
                               static_cast<Index>(set.size()));
}

SNNBD_COLD void check_clean(std::string_view who, data::DatasetView clean, std::size_t least) {
  std::vector<std::size_t> counts(static_cast<std::size_t>(clean.classes()));
  for (const int label : labels_of(clean)) ++counts.at(static_cast<std::size_t>(label));
  for (std::size_t label = 0; label < counts.size(); ++label)
    if (counts[label] < least)
      reject("clean samples for " + std::string{who},
             "at least " + std::to_string(least) + " of class " + std::to_string(label),
             counts[label]);
}

SNNBD_COLD statistics::Matrix distances_from_means(const statistics::Matrix& features,
                                                   const std::vector<int>& labels, int classes) {
  statistics::Matrix squares =
      statistics::squared_distances(features, statistics::class_means(features, labels, classes));
  double within = 0.0;
  for (Index sample = 0; sample < squares.rows(); ++sample)
    within += squares(sample, labels[static_cast<std::size_t>(sample)]);
  const Index freedom = squares.rows() - classes;
  if (freedom < 1 || !(within > 0.0))
    reject("features of clean samples", "samples that differ from the mean of their class", "none");
  return (squares / (within / static_cast<double>(freedom))).cwiseSqrt();
}

SNNBD_COLD data::DatasetView training_of(std::string_view who, const defend::Evidence& evidence) {
  if (!evidence.training || evidence.training->size() == 0)
    reject("training set for " + std::string{who}, "at least one sample", "none");
  return *evidence.training;
}

}  // namespace snnbd::inline SNNBD_ISA::detect::detail
