#pragma once

#include <algorithm>
#include <string>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/data/runtime_set.hpp>

namespace snnbd::inline SNNBD_ISA::data {

SNNBD_COLD RuntimeSet::RuntimeSet(DatasetView like) {
  operations_ = {like.shape(),
                 like.frames(),
                 like.classes(),
                 like.name(),
                 like.range(),
                 [](const void* set) { return static_cast<const RuntimeSet*>(set)->size(); },
                 [](const void* set, std::size_t index) {
                   return static_cast<const RuntimeSet*>(set)->label(index);
                 },
                 [](const void* set, std::size_t index) {
                   return static_cast<const RuntimeSet*>(set)->original_label(index);
                 },
                 [](const void* set, std::size_t index) {
                   return static_cast<const RuntimeSet*>(set)->is_poisoned(index);
                 },
                 [](const void* set, std::size_t index) {
                   return static_cast<const RuntimeSet*>(set)->triggers_on(index);
                 },
                 [](const void* set, std::size_t index, int frame) {
                   return static_cast<const RuntimeSet*>(set)->frame_time(index, frame);
                 },
                 [](const void* set, std::size_t index, std::span<float> values) {
                   static_cast<const RuntimeSet*>(set)->read(index, values);
                 },
                 event::Sensor{},
                 nullptr};
}

SNNBD_COLD Selection::Selection(DatasetView set, std::vector<std::size_t> indices)
    : RuntimeSet{set}, set_{set}, indices_{std::move(indices)} {
  for (const std::size_t index : indices_) check_index(set.name(), index, set.size());
}

SNNBD_COLD Samples::Samples(DatasetView like, std::vector<float> values, std::vector<int> labels)
    : RuntimeSet{like},
      each_{like.sample_size()},
      values_{std::move(values)},
      labels_{std::move(labels)} {
  if (values_.size() != labels_.size() * each_)
    reject("samples in memory",
           std::to_string(labels_.size() * each_) + " values for " +
               std::to_string(labels_.size()) + " samples",
           values_.size());
}

SNNBD_COLD Samples::Samples(DatasetView set) : RuntimeSet{set}, each_{set.sample_size()} {
  Batch batch;
  batch.fill_from(set, 0, set.size());
  values_ = std::move(batch.values);
  labels_ = std::move(batch.labels);
}

SNNBD_COLD void Samples::read(std::size_t index, std::span<float> values) const {
  check_index("samples in memory", index, labels_.size());
  std::copy_n(values_.begin() + static_cast<std::ptrdiff_t>(index * each_), each_, values.begin());
}

SNNBD_COLD std::vector<int> labels_of(DatasetView set) {
  std::vector<int> labels(set.size());
  for (std::size_t i = 0; i < labels.size(); ++i) labels[i] = set.label(i);
  return labels;
}

SNNBD_COLD std::vector<std::size_t> samples_of_class(DatasetView set, int label) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < set.size(); ++i)
    if (set.label(i) == label) places.push_back(i);
  return places;
}

}  // namespace snnbd::inline SNNBD_ISA::data
