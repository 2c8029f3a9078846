#pragma once

#include <span>

#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/simd/strided_view.hpp>

/// What a layer is handed on the way back.
namespace snnbd::inline SNNBD_ISA::layer {

/// The parameters of a layer or of a list of layers, and the gradient of each at the same place.
template <class Scalar>
struct ParameterSpan {
  const Scalar* values = nullptr;
  Scalar* gradient = nullptr;  ///< added to

  /// Those from number `offset` on.
  [[nodiscard]] ParameterSpan from(Index offset) const {
    return {values + offset, gradient + offset};
  }
};

/// What goes through a layer on the way back. Gradients are those of a signal's real values,
/// [sample, step, row, column, channel].
template <Signal In, class Scalar>
struct BackwardSignals {
  ConstViewOf<In, Scalar> in;               ///< what reached the layer in the forward pass
  const Scalar* output_gradient = nullptr;  ///< of what it gave
  Scalar* input_gradient = nullptr;         ///< room for the result; null if nobody needs it
};

/// Where a producer of currents takes their gradient from: opened by it, filled by whoever takes
/// the currents, and handed back to it.
template <class Scalar>
struct GradientPlane {
  std::span<Scalar> memory;       ///< as the producer reads it
  kernels::Field<Scalar> target;  ///< where the gradient of each current is to be written
};

}  // namespace snnbd::inline SNNBD_ISA::layer
