#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/data/dataset_view.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Some samples of a set, as encoders take them, with their labels. Its memory is used again.
///
/// ```cpp
/// data::Batch batch;
/// batch.fill(set, indices);
/// encoder.encode(batch.view(), batch.ids, signal, {});
/// ```
class Batch {
 public:
  std::vector<float> values;       ///< [sample, frame, height, width, channel]
  std::vector<int> labels;         ///< one for each sample
  std::vector<std::uint64_t> ids;  ///< see `encode::Encoder`

  /// Reads samples, several threads at once, and looks at every value; see `data::fill`.
  ///
  /// @param indices places in `set`
  /// @param first_id what ids count from: an id is this number plus the sample's place in the set
  /// @throws Error as `data::fill` does
  void fill(DatasetView set, std::span<const std::size_t> indices, std::uint64_t first_id = 0);

  /// Reads the samples from `first` on, at most `count` of them.
  void fill_from(DatasetView set, std::size_t first, std::size_t count);

  [[nodiscard]] std::size_t size() const { return labels.size(); }
  [[nodiscard]] Shape shape() const { return shape_; }  ///< of one frame
  [[nodiscard]] int frames() const { return frames_; }  ///< of each sample

  /// The values as encoders take them: as many steps as a sample has frames.
  [[nodiscard]] RealView<const float> view() const {
    return {values.data(), {static_cast<Index>(size()), Index{frames_}}, shape_};
  }

 private:
  Shape shape_{};
  int frames_ = 1;
  std::vector<std::size_t> indices_;
};

}  // namespace snnbd::inline SNNBD_ISA::data

#if !defined(SNNBD_COMPILED)
#include <snnbd/data/batch.ipp>
#endif
