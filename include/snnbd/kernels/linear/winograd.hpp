#pragma once

#include <snnbd/core/shape.hpp>
#include <snnbd/kernels/linear/geometry.hpp>

/// Dense 3x3 convolutions of stride 1 with 2.25 times fewer multiplications: F(2x2, 3x3) of Lavin
/// and Gray (2016), after Winograd (1980). Each 2x2 tile of outputs is made from a 4x4 tile of
/// inputs. Both are transformed by additions, in registers, and the products become 16 small matrix
/// products, those of `dense_tile`. A task takes so few tiles that their transformed inputs and
/// products stay in its cache. FMA is the nearest limit; with few pixels, transforming the weights
/// costs as much.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The transformed weights of one convolution, in values.
template <class Scalar>
Index winograd_size(Index inputs, Index outputs);

/// Transforms weights for the forward pass.
///
/// @param weights [tap][input][output]
/// @param transformed [position][panel][input][column]
template <class Scalar>
void winograd_pack(const Scalar* weights, Index inputs, Index outputs, Scalar* transformed);

/// Transforms weights for the way back, which takes the outputs for inputs.
///
/// @param weights [tap][input][output]
/// @param transformed [position][panel][output][column], an input in each column
template <class Scalar>
void winograd_pack_turned(const Scalar* weights, const ConvGeometry& geometry, Scalar* transformed);

/// Convolves frames that have a border of their own.
///
/// @param padded [frame, height + 2, width + 2, inputs]
/// @param out the shape of one frame's outputs, [frame, height, width, channel]
template <class Scalar>
void winograd_convolve(const Scalar* padded, Index inputs, const Scalar* transformed, Index frames,
                       const Shape& out, Scalar* result);

/// Whether it is worth its transformations.
constexpr bool winograd_pays(Index inputs, Index outputs) {
  return inputs >= 16 && outputs >= 16;
}

/// Whether it is worth them for a forward pass, where weights are transformed for each batch: not
/// for images of a few pixels. It must not depend on the batch, as results do not.
constexpr bool winograd_pays_forward(const ConvGeometry& geometry) {
  return geometry.kernel_height == 3 && geometry.kernel_width == 3 && geometry.stride == 1 &&
         winograd_pays(geometry.in.channels, geometry.out.channels) && geometry.out.pixels() >= 16;
}

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/winograd.ipp>
#endif
