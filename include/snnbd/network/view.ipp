#pragma once

#include <algorithm>
#include <numeric>

#include <snnbd/data/batches.hpp>
#include <snnbd/kernels/softmax.hpp>
#include <snnbd/network/view.hpp>

namespace snnbd::inline SNNBD_ISA {

SNNBD_INLINE std::vector<float> NetworkView::outputs(data::DatasetView set) const {
  if (set.shape() != input_) reject("set for a network", to_string(input_), to_string(set.shape()));
  const auto classes = static_cast<std::size_t>(classes_);
  const auto most = static_cast<std::size_t>(batch_size_);
  std::vector<float> result(set.size() * classes);
  std::vector<std::size_t> indices;
  std::vector<std::uint64_t> ids;
  std::vector<float> images;
  std::vector<int> labels;
  for (std::size_t first = 0; first < set.size(); first += most) {
    const std::size_t count = std::min(most, set.size() - first);
    indices.resize(count);
    std::iota(indices.begin(), indices.end(), first);
    ids.assign(indices.begin(), indices.end());
    labels.resize(count);
    images.resize(count * static_cast<std::size_t>(input_.size()));
    data::fill(set, indices, images, labels);
    run_(images, ids, std::span<float>{result}.subspan(first * classes, count * classes));
  }
  return result;
}

SNNBD_INLINE std::vector<int> NetworkView::predict(data::DatasetView set) const {
  const std::vector<float> values = outputs(set);
  std::vector<int> result(set.size());
  kernels::first_largest(values.data(), classes_, result);
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA
