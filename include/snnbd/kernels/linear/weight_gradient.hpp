#pragma once

#include <snnbd/core/arena.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/linear/geometry.hpp>

/// Gradients of whole batches, event-driven for spikes. Weight gradients add to `gradient`, in an
/// order that the number of threads does not change. Here the work is cut: by slabs of columns and
/// ranges of channels that the second cache holds, and, for the input gradient of a dense layer, by
/// blocks of 4 units and 4 frames whose 16 products stay in registers while a range of all frames'
/// gradients stays in the second cache. By events that cache is the nearest limit, densely FMA; in
/// large dense layers memory, as each weight serves few frames.
namespace snnbd::inline SNNBD_ISA::kernels {

/// @param plane the gradient plane of each frame, see ConvGeometry::plane
/// @param gradient [kernel_y, kernel_x, in, out]
template <class Scalar>
void conv_weight_gradient(RealView<const Scalar> in, const ConvGeometry& geometry,
                          const Scalar* plane, Scratch& scratch, Scalar* gradient);
template <class Scalar>
void conv_weight_gradient(SpikeView<const Word> in, const ConvGeometry& geometry,
                          const Scalar* plane, Scratch& scratch, Scalar* gradient);

/// The same by events, however many there are.
template <class Scalar>
void event_weight_gradient(SpikeView<const Word> in, const ConvGeometry& geometry,
                           const Scalar* plane, Scratch& scratch, Scalar* gradient);

/// @param output_gradient [frame, column]
/// @param gradient [unit, column]
template <class Scalar>
void connect_weight_gradient(RealView<const Scalar> in, const Scalar* output_gradient,
                             Index columns, Scratch& scratch, Scalar* gradient);
template <class Scalar>
void connect_weight_gradient(SpikeView<const Word> in, const Scalar* output_gradient, Index columns,
                             Scratch& scratch, Scalar* gradient);

/// gradient[column] += sum over all rows of values[row][column].
template <class Scalar>
void sum_columns(const Scalar* values, Index rows, Index columns, Scalar* gradient);

/// The input's gradient of a convolution, by Winograd's algorithm where that pays.
///
/// @param plane the gradient plane of each frame
/// @param weights [kernel_y, kernel_x, in, out]
/// @param input_gradient [frame, height, width, in]
template <class Scalar>
void conv_input_gradient(const Scalar* plane, const Scalar* weights, const ConvGeometry& geometry,
                         Index frames, Scratch& scratch, Scalar* input_gradient);

/// The input's gradient of a dense layer, [frame, unit] = output gradient times the weights
/// transposed.
template <class Scalar>
void connect_input_gradient(const Scalar* output_gradient, const Scalar* weights, Index frames,
                            Index units, Index columns, Scalar* input_gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/weight_gradient.ipp>
#endif
