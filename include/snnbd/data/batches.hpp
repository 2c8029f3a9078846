#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/data/dataset_view.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// How a set is cut into batches.
struct BatchSettings {
  std::size_t batch_size = 64;
  std::uint64_t seed = 1;
  bool shuffle = true;     ///< otherwise in the order of the set, as for testing
  bool drop_last = false;  ///< leaves a last batch out that is not full
};

/// One epoch's batches: each sample once, in an order fixed by (seed, epoch) alone, so that a run
/// that is resumed sees what it would have seen.
class Batches {
 public:
  /// @param samples the size of the set
  /// @throws Error if the batch size is 0 or there are 2^32 samples or more
  Batches(std::size_t samples, const BatchSettings& settings, std::uint64_t epoch = 0);

  /// The number of batches.
  [[nodiscard]] std::size_t size() const;

  /// The samples of one batch, valid as long as this object.
  ///
  /// @throws Error if there is no such batch
  [[nodiscard]] std::span<const std::size_t> operator[](std::size_t batch) const;

  /// The samples of the whole epoch in their order.
  [[nodiscard]] std::span<const std::size_t> order() const { return order_; }

 private:
  std::vector<std::size_t> order_;
  std::size_t batch_size_;
};

/// Reads samples, several threads at once, and looks at every value: one that is no number would
/// spoil a training without a word.
///
/// @param indices places in `set`
/// @param values [sample, frame, height, width, channel], as many samples as indices
/// @param labels one for each index
/// @throws Error if the sizes disagree, `set` lacks an index, or a sample has a value that is not
///   within the set's range: names the set, the sample, the triggers on it, the value and its place
void fill(DatasetView set, std::span<const std::size_t> indices, std::span<float> values,
          std::span<int> labels);

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/batches.ipp>
#endif
