#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/sample.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

namespace detail {

/// Where each pixel of a warped frame comes from, in pixels.
struct WarpPoint {
  float x = 0.0F;
  float y = 0.0F;
};

/// A k x k grid of values, upsampled to `height` x `width` by bicubic interpolation with aligned
/// corners: the first and the last control point lie on the first and the last pixel. Keys' kernel
/// with a = -0.75, beyond the grid its border values, as PyTorch's `upsample(mode="bicubic",
/// align_corners=True)`.
std::vector<float> upsample_bicubic(const std::vector<float>& grid, int side, int height,
                                    int width);

}  // namespace detail

/// A small warp of the whole image, "WaNet" (Nguyen and Tran 2021, "WaNet: Imperceptible
/// Warping-based Backdoor Attack", Sec. 3.2); in each frame alike. Control values on a k x k grid,
/// two each, uniform in [-1, 1) by a seed, are divided by the mean of their absolute values,
/// upsampled by bicubic interpolation to the size of the image, and shift the place that each pixel
/// is read from: by strength / 2 pixels in the mean, as in the original, where coordinates from -1
/// to 1 shift by strength / size. Places outside of the image are moved to its edge; values come
/// from four pixels by bilinear interpolation, and thus stay in the set's range.
///
/// `noise` is the original's noise mode: each sample is warped by its own random shifts besides.
/// Stamped on further samples that keep their label, it keeps the network from learning any other
/// warp.
struct Warped {
  static constexpr std::string_view name = "warped";
  static constexpr bool sees_times = false;

  int grid = 4;                         ///< control points a side, k
  float strength = 0.5F;                ///< s
  float noise = 0.0F;                   ///< the largest random shift, in the unit of `strength`
  std::optional<std::uint64_t> seed{};  ///< of the control values; empty for the experiment's,
                                        ///< else 1

  /// @throws Error if a setting is out of range
  void stamp(const data::SampleView& sample) const;

  /// Where each pixel comes from, row by row.
  ///
  /// @param sample its number, for the noise
  /// @throws Error if a setting is out of range
  [[nodiscard]] std::vector<detail::WarpPoint> points(Shape shape, std::size_t sample) const;

  /// `warped by a 4x4 grid of strength 0.5, by seed 1`.
  [[nodiscard]] std::string describe(Shape shape) const;
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/warped.ipp>
#endif
