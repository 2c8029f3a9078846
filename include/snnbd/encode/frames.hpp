#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/encode/encoder.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

/// Passes the frames of a sample on as they are, one at each step: counts of events, or any other
/// real values. A sequence has as many steps as a sample has frames. Where few values are not zero
/// first layers follow those.
///
/// ```cpp
/// using Study = Experiment<Dirty, encode::Frames, Net, learn::Bptt<>>;
/// ```
struct Frames {
  static constexpr std::string_view name = "frames";
  static constexpr bool passes_frames = true;

  template <Shape S>
  using Signal = Counts<S>;

  /// @param samples [sample, frame, height, width, channel]
  /// @param steps which frames, if not all
  /// @throws Error if the views do not belong together or there are not as many steps as frames
  template <class Scalar>
  void encode(RealView<const float> samples, std::span<const std::uint64_t> sample_ids,
              RealView<Scalar> out, const Steps& steps = {}) const {
    detail::check_frames(samples, sample_ids.size(), out.extent, out.shape, steps);
    const Index values = out.extent.steps * out.frame_size();
    parallel_for(out.extent.samples, [&](Index sample) {
      const float* from = samples.frame(sample, steps.first);
      std::transform(from, from + values, out.frame(sample),
                     [](float value) { return static_cast<Scalar>(value); });
    });
  }

  /// See `encode::multiply_by_slope`: the values are passed on as they are.
  template <class Scalar>
  void multiply_by_slope(const RealView<Scalar>& /*values*/) const {}
};

/// Passes frames of 0 and 1 on as spikes, one frame at each step: whether there was an event.
struct BinaryFrames {
  static constexpr std::string_view name = "binary frames";
  static constexpr bool passes_frames = true;

  template <Shape S>
  using Signal = Spikes<S>;

  /// @param samples [sample, frame, height, width, channel], each value 0 or 1
  /// @param out packed spikes; all its words are written
  /// @param steps which frames, if not all
  /// @throws Error if a value is neither 0 nor 1 (names the sample's id and the value), or as
  ///   `Frames` does
  void encode(RealView<const float> samples, std::span<const std::uint64_t> sample_ids,
              SpikeView<Word> out, const Steps& steps = {}) const;
};

}  // namespace snnbd::inline SNNBD_ISA::encode

#if !defined(SNNBD_COMPILED)
#include <snnbd/encode/frames.ipp>
#endif
