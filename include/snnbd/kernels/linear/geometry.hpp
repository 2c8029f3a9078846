#pragma once

#include <snnbd/core/shape.hpp>

/// The sizes of one convolution, and the gradient plane that follows from them. On the plane each
/// tap of each input is a fixed distance away: the way back has no edge to test for, whatever the
/// stride and the padding. No loops: integers that the kernels copy into registers.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The sizes of one convolution, as integers: kernels are templates over maths, never over sizes.
struct ConvGeometry {
  Shape in;
  Shape out;
  int kernel_height = 1;
  int kernel_width = 1;
  int stride = 1;
  int padding = 0;

  /// Places of the kernel.
  [[nodiscard]] constexpr Index taps() const {
    return static_cast<Index>(kernel_height) * kernel_width;
  }
  /// Rows of the weight matrix [kernel_y, kernel_x, in] x out.
  [[nodiscard]] constexpr Index weight_rows() const { return taps() * in.channels; }
  /// Values of one row of the kernel: neighbouring in the weights and in the input alike.
  [[nodiscard]] constexpr Index run() const {
    return static_cast<Index>(kernel_width) * in.channels;
  }

  /// The input with its zero border.
  [[nodiscard]] constexpr Shape padded() const {
    return {in.height + 2 * padding, in.width + 2 * padding, in.channels};
  }

  /// The output's gradient spread over the input's grid: the gradient of output (y, x) stands at
  /// (y * stride + border_y, x * stride + border_x), zeros everywhere else. On it the input
  /// gradient is a convolution of stride 1 and every tap of every input is inside.
  [[nodiscard]] constexpr Shape plane() const {
    return {in.height + kernel_height - 1, in.width + kernel_width - 1, out.channels};
  }
  [[nodiscard]] constexpr int border_y() const { return kernel_height - 1 - padding; }
  [[nodiscard]] constexpr int border_x() const { return kernel_width - 1 - padding; }
};

}  // namespace snnbd::inline SNNBD_ISA::kernels
