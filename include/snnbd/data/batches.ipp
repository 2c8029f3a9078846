#pragma once

#include <algorithm>
#include <atomic>
#include <numeric>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/batches.hpp>
#include <snnbd/data/shuffle.hpp>
#include <snnbd/kernels/elementwise/within.hpp>

namespace snnbd::inline SNNBD_ISA::data {

SNNBD_INLINE Batches::Batches(std::size_t samples, const BatchSettings& settings,
                              std::uint64_t epoch)
    : order_(samples), batch_size_{settings.batch_size} {
  if (batch_size_ == 0) reject("batch size", "at least 1", batch_size_);
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  if (settings.shuffle) {
    random::Stream stream{settings.seed, random::Purpose::shuffle, epoch};
    data::shuffle(order_, stream);
  }
  if (settings.drop_last) order_.resize(samples - samples % batch_size_);
}

SNNBD_INLINE std::size_t Batches::size() const {
  return order_.size() / batch_size_ + (order_.size() % batch_size_ == 0 ? 0 : 1);
}

SNNBD_INLINE std::span<const std::size_t> Batches::operator[](std::size_t batch) const {
  if (batch >= size())
    reject("number of a batch", "a number below " + std::to_string(size()), batch);
  const std::size_t start = batch * batch_size_;
  return order().subspan(start, std::min(batch_size_, order_.size() - start));
}

namespace detail {

/// Tells which value of a sample is wrong.
[[noreturn]] inline void reject_value(DatasetView set, std::size_t index,
                                      std::span<const float> values, Index place) {
  std::string subject = std::string{set.name()} + ", sample " + std::to_string(index);
  const std::string triggers = set.triggers_on(index);
  if (!triggers.empty()) subject += ", which carries the trigger '" + triggers + '\'';
  const Shape shape = set.shape();
  const std::string frame =
      set.frames() > 1 ? "frame " + std::to_string(place / shape.size()) + ", " : std::string{};
  const Index pixel = place % shape.size() / shape.channels;
  reject(subject,
         "values from " + number_text(set.range().low) + " to " + number_text(set.range().high),
         number_text(values[static_cast<std::size_t>(place)]) + " in " + frame + "row " +
             std::to_string(pixel / shape.width) + ", column " +
             std::to_string(pixel % shape.width) + ", channel " +
             std::to_string(place % shape.channels));
}

}  // namespace detail

SNNBD_INLINE void fill(DatasetView set, std::span<const std::size_t> indices,
                       std::span<float> values, std::span<int> labels) {
  const std::size_t sample_size = set.sample_size();
  if (labels.size() != indices.size())
    reject("labels of a batch", "room for " + std::to_string(indices.size()), labels.size());
  if (values.size() != indices.size() * sample_size)
    reject("images of a batch", "room for " + std::to_string(indices.size() * sample_size),
           values.size());
  for (const std::size_t index : indices) check_index(set.name(), index, set.size());

  const auto sample_of = [&](std::size_t place) {
    return values.subspan(place * sample_size, sample_size);
  };
  const Range range = set.range();
  const auto first_wrong = [&](std::span<const float> sample) {
    return kernels::first_outside(sample.data(), static_cast<Index>(sample.size()), range.low,
                                  range.high);
  };
  // Of several wrong samples the first in the batch is named, whichever thread meets which.
  std::atomic<std::size_t> wrong{indices.size()};
  constexpr Index samples_at_once = 8;
  parallel_ranges(static_cast<Index>(indices.size()), samples_at_once, [&](Index from, Index end) {
    for (auto place = static_cast<std::size_t>(from); place < static_cast<std::size_t>(end);
         ++place) {
      labels[place] = set.label(indices[place]);
      set.read(indices[place], sample_of(place));
      if (first_wrong(sample_of(place)) == static_cast<Index>(sample_size)) continue;
      std::size_t first = wrong.load();
      while (place < first && !wrong.compare_exchange_weak(first, place)) {
      }
    }
  });
  if (const std::size_t place = wrong.load(); place < indices.size())
    detail::reject_value(set, indices[place], sample_of(place), first_wrong(sample_of(place)));
}

}  // namespace snnbd::inline SNNBD_ISA::data
