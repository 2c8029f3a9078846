#pragma once

#include <cstddef>
#include <span>

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// The values that images may have, both ends included.
struct Range {
  float low = 0.0F;
  float high = 1.0F;

  friend constexpr bool operator==(const Range&, const Range&) = default;
};

/// When a frame begins and how long it lasts, in the set's own unit: milliseconds of a recording.
/// Where a set tells no times, frame k begins at k and lasts 1.
struct FrameTime {
  double start = 0.0;
  double duration = 1.0;

  friend bool operator==(const FrameTime&, const FrameTime&) = default;
};

/// One sample, to be looked at or changed in place: its frames one after another, each of them
/// `shape`. An image is a sample of one frame.
struct SampleView {
  std::span<float> values;  ///< [frame, height, width, channel]
  Shape shape{};            ///< of one frame
  int frames = 1;
  std::span<const FrameTime> times{};  ///< one for each frame; empty if the set tells none
  std::size_t index = 0;               ///< the sample's place in the clean set
  Range range{};  ///< the values that samples of the set may have; [0, 1] if it tells none

  /// One frame, [height, width, channel].
  [[nodiscard]] std::span<float> frame(int number) const {
    const auto size = static_cast<std::size_t>(shape.size());
    return values.subspan(static_cast<std::size_t>(number) * size, size);
  }

  [[nodiscard]] FrameTime time(int number) const {
    if (times.empty()) return {static_cast<double>(number), 1.0};
    return times[static_cast<std::size_t>(number)];
  }
};

}  // namespace snnbd::inline SNNBD_ISA::data
