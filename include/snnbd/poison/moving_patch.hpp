#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/sample.hpp>
#include <snnbd/poison/pixel_patch.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

namespace detail {

/// Where a patch lies in a frame.
Offset moved(Offset offset, Offset step, int frame);

std::string describe_moving_patch(std::string_view ink, Shape shape, Corner corner, int size,
                                  Offset offset, Offset step);

}  // namespace detail

/// A square of pixels that moves from frame to frame and replaces what was there, in all channels;
/// on an image, which has one frame, a patch that stands still.
///
/// @tparam Ink what it is painted with, as in `PixelPatch`: the same in each frame
template <class Ink = White, Corner corner = Corner::top_left>
struct MovingPatch {
  static constexpr std::string_view name = "moving patch";
  static constexpr bool sees_times = false;

  int size = 0;          ///< of a side in pixels; 0 for `default_patch_size`
  Offset offset{};       ///< of the patch in the first frame
  Offset step{.dx = 1};  ///< pixels a frame, in the directions of `offset`
  float value = 1.0F;    ///< what the ink's values are multiplied by: the count of white
  std::optional<std::uint64_t> seed{};  ///< of a random patch; empty for the experiment's, else 1

  /// @throws Error if `size` is negative or the patch leaves the image in one of the frames
  void stamp(const data::SampleView& sample) const {
    for (int frame = 0; frame < sample.frames; ++frame)
      detail::paint_patch(
          sample.frame(frame), sample.shape,
          detail::place_patch(sample.shape, corner, size, detail::moved(offset, step, frame)),
          [ink = Ink{seed.value_or(1)}, scale = value]() mutable { return scale * ink.next(); });
  }

  /// `white 2x2, top left, moving by 1,0 a frame`.
  [[nodiscard]] std::string describe(Shape shape) const {
    return detail::describe_moving_patch(Ink::name, shape, corner, size, offset, step);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/moving_patch.ipp>
#endif
