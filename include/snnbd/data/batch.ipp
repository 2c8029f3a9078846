#pragma once

#include <algorithm>
#include <numeric>

#include <snnbd/data/batch.hpp>
#include <snnbd/data/batches.hpp>

namespace snnbd::inline SNNBD_ISA::data {

SNNBD_INLINE void Batch::fill(DatasetView set, std::span<const std::size_t> indices,
                              std::uint64_t first_id) {
  shape_ = set.shape();
  frames_ = set.frames();
  values.resize(indices.size() * set.sample_size());
  labels.resize(indices.size());
  data::fill(set, indices, values, labels);
  ids.resize(indices.size());
  std::transform(indices.begin(), indices.end(), ids.begin(),
                 [=](std::size_t index) { return first_id + index; });
}

SNNBD_INLINE void Batch::fill_from(DatasetView set, std::size_t first, std::size_t count) {
  indices_.resize(std::min(count, set.size() - std::min(first, set.size())));
  std::iota(indices_.begin(), indices_.end(), first);
  fill(set, indices_);
}

}  // namespace snnbd::inline SNNBD_ISA::data
