#pragma once

#include <algorithm>
#include <numeric>

#include <snnbd/core/error.hpp>
#include <snnbd/data/batch.hpp>
#include <snnbd/kernels/elementwise/softmax.hpp>
#include <snnbd/network/view.hpp>

namespace snnbd::inline SNNBD_ISA {

SNNBD_INLINE void NetworkView::check_set(data::DatasetView set) const {
  if (set.shape() != input_) reject("set for a network", to_string(input_), to_string(set.shape()));
  static_cast<void>(frames_.steps(set.name(), set.frames(), steps_, true));
}

SNNBD_INLINE std::vector<float> NetworkView::outputs(std::span<const float> samples,
                                                     std::uint64_t first_id) const {
  const std::size_t each = sample_size();
  if (samples.size() % each != 0)
    reject("samples for a network", "a multiple of " + std::to_string(each) + " values",
           samples.size());
  const std::size_t all = samples.size() / each;
  const auto most = static_cast<std::size_t>(batch_size_);
  const auto classes = static_cast<std::size_t>(classes_);
  std::vector<float> result(all * classes);
  std::vector<std::uint64_t> ids(all);
  std::iota(ids.begin(), ids.end(), first_id);
  for (std::size_t first = 0; first < all; first += most) {
    const std::size_t count = std::min(most, all - first);
    run_(samples.subspan(first * each, count * each), std::span{ids}.subspan(first, count),
         {&steps_, 1}, std::span{result}.subspan(first * classes, count * classes));
  }
  return result;
}

SNNBD_INLINE std::vector<std::vector<float>> NetworkView::outputs_after(
    data::DatasetView set, std::span<const Index> step_counts, const Observer& observer) const {
  check_set(set);
  Index before = 0;
  for (const Index steps : step_counts) {
    if (steps <= before || steps > steps_)
      reject("steps of outputs",
             "ascending numbers, here one from " + std::to_string(before + 1) + " to " +
                 std::to_string(steps_),
             steps);
    before = steps;
  }
  if (step_counts.empty()) return {};
  const auto classes = static_cast<std::size_t>(classes_);
  const auto most = static_cast<std::size_t>(batch_size_);
  std::vector<std::vector<float>> results(step_counts.size(),
                                          std::vector<float>(set.size() * classes));
  data::Batch batch;
  std::vector<float> outputs;
  for (std::size_t first = 0; first < set.size(); first += most) {
    batch.fill_from(set, first, most);
    const std::size_t count = batch.size();
    outputs.resize(step_counts.size() * count * classes);
    run_(batch.values, batch.ids, step_counts, outputs);
    const float* from = outputs.data();
    for (std::vector<float>& result : results) {
      std::copy_n(from, count * classes, result.data() + first * classes);
      from += count * classes;
    }
    if (observer) observer(first + count);
  }
  return results;
}

SNNBD_INLINE std::vector<float> NetworkView::outputs(data::DatasetView set) const {
  return outputs_after(set, {&steps_, 1}).front();
}

SNNBD_INLINE std::vector<int> NetworkView::largest(std::span<const float> outputs) const {
  std::vector<int> result(outputs.size() / static_cast<std::size_t>(classes_));
  kernels::first_largest(outputs.data(), classes_, result);
  return result;
}

SNNBD_INLINE std::vector<int> NetworkView::predict(data::DatasetView set) const {
  return largest(outputs(set));
}

SNNBD_INLINE std::vector<std::vector<int>> NetworkView::predict_after(
    data::DatasetView set, std::span<const Index> step_counts, const Observer& observer) const {
  std::vector<std::vector<int>> results;
  for (const std::vector<float>& outputs : outputs_after(set, step_counts, observer))
    results.push_back(largest(outputs));
  return results;
}

}  // namespace snnbd::inline SNNBD_ISA
