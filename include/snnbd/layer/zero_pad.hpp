#pragma once

#include <string>
#include <string_view>

#include <snnbd/kernels/elementwise/border.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/spread.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// `Border` pixels of zeros around the image, on each side: 28 x 28 digits become 32 x 32 with 2.
template <int Border>
struct ZeroPad {
  static constexpr std::string_view name = "zero_pad";
  static std::string notation() { return std::string{"Z"}.append(std::to_string(Border)); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(Border > 0, "snnbd: a zero padding needs at least one pixel on each side");
    return Border > 0;
  }

  template <class Value>
  static void spread(const Value* values, Index frames, const Shape& shape, Value* result) {
    kernels::add_border(values, frames, shape, Border, result);
  }
  template <class Scalar>
  static void gather(const Scalar* output_gradient, Index frames, const Shape& shape,
                     Scalar* input_gradient) {
    kernels::cut_border(output_gradient, frames, shape, Border, input_gradient);
  }

  template <Signal In>
  static constexpr Shape larger{In::shape.height + 2 * Border, In::shape.width + 2 * Border,
                                In::shape.channels};

  template <Signal In, class Scalar>
  struct Bound : detail::BoundSpread<ZeroPad, In, Scalar, larger<In>> {};
};

}  // namespace snnbd::inline SNNBD_ISA::layer
