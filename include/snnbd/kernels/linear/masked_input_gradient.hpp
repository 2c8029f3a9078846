#pragma once

#include <snnbd/core/arena.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/linear/geometry.hpp>

/// Input gradients where they are needed. A spike's gradient is only ever multiplied by the
/// surrogate's slope (the paper's Sec. 2.2.1), so that it may be left out where the slope is 0: at
/// the units whose `mask` bit is not set. Of a pixel, the gradients of its outputs stay in
/// registers for all its masked units; a slice of the weights of 64 channels stays in the second
/// cache for a block of 512 pixels; each masked unit has one register of sums, in cache. Each
/// multiply-add reads one register of the slice, so that the second cache is the nearest limit.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The share of masked units from which on the dense kernels are taken
/// (bench/kernels/linear/conv.cpp).
inline constexpr double dense_input_from_density = 0.25;

/// The input's gradient of a convolution: at the masked units if they are few, else at all.
///
/// @param plane the gradient plane of each frame, see ConvGeometry::plane
/// @param weights [kernel_y, kernel_x, in, out]
/// @param mask from `gradient_mask`; at all other units the gradient may be anything finite
/// @param input_gradient [frame, height, width, in]
template <class Scalar>
void conv_input_gradient(const Scalar* plane, const Scalar* weights, const ConvGeometry& geometry,
                         SpikeView<const Word> mask, Scratch& scratch, Scalar* input_gradient);

/// The same for a dense layer.
///
/// @param output_gradient [frame, column]
/// @param weights [unit, column]
/// @param input_gradient [frame, unit]
template <class Scalar>
void connect_input_gradient(const Scalar* output_gradient, const Scalar* weights,
                            SpikeView<const Word> mask, Index columns, Scalar* input_gradient);

/// The input's gradient of a convolution at the masked units, however many there are; 0 at all
/// others. Blocks of pixels take 64 input channels of the weights a slice at a time, from the
/// second cache, while each pixel's gradients stay in registers for all of its masked units.
template <class Scalar>
void masked_conv_input_gradient(const Scalar* plane, const Scalar* weights,
                                const ConvGeometry& geometry, SpikeView<const Word> mask,
                                Scalar* input_gradient);

/// The same for a dense layer.
template <class Scalar>
void masked_connect_input_gradient(const Scalar* output_gradient, const Scalar* weights,
                                   SpikeView<const Word> mask, Index columns,
                                   Scalar* input_gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/masked_input_gradient.ipp>
#endif
