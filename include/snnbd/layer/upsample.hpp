#pragma once

#include <string>
#include <string_view>

#include <snnbd/kernels/elementwise/upsample.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/spread.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Repeats each pixel `Factor` times in both directions, PyTorch's nearest neighbour: 4 x 4 become
/// 8 x 8 with 2. With convolutions behind it, the way back to the size before convolutions with
/// strides, as in autoencoders.
template <int Factor>
struct Upsample {
  static constexpr std::string_view name = "upsample";
  static std::string notation() { return std::string{"U"}.append(std::to_string(Factor)); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(Factor > 0, "snnbd: an upsampling needs a factor of at least 1");
    return Factor > 0;
  }

  template <class Value>
  static void spread(const Value* values, Index frames, const Shape& shape, Value* result) {
    kernels::upsample(values, frames, shape, Factor, result);
  }
  template <class Scalar>
  static void gather(const Scalar* output_gradient, Index frames, const Shape& shape,
                     Scalar* input_gradient) {
    kernels::upsample_backward(shape, frames, Factor, output_gradient, input_gradient);
  }

  template <Signal In>
  static constexpr Shape larger{In::shape.height * Factor, In::shape.width* Factor,
                                In::shape.channels};

  template <Signal In, class Scalar>
  struct Bound : detail::BoundSpread<Upsample, In, Scalar, larger<In>> {};
};

}  // namespace snnbd::inline SNNBD_ISA::layer
