#pragma once

#include <snnbd/core/arena.hpp>
#include <snnbd/kernels/linear/counts.hpp>

/// Weight gradients of layers that take counts. Each value that is not zero adds its multiple of
/// the row of the output's gradient that it met. The sums of up to nine taps, or of one unit of a
/// dense layer, stay in registers while all values of an input channel pass by. Rows are read where
/// they lie, as most of them are never asked for, and one serves all taps while the first cache
/// holds it: memory bounds it. Values are summed in the order in which the dense product takes
/// them, over as many frames at a time, so that the bits are the same.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The share of values that are not zero from which on the weight gradient multiplies all of them
/// (bench/kernels/linear/counts.cpp).
inline constexpr double dense_count_gradient_from_density = 0.35;

/// @param plane the gradient plane of each frame, see ConvGeometry::plane
/// @param gradient [kernel_y, kernel_x, in, out]; added to
template <class Scalar>
void conv_weight_gradient(CountView<Scalar> in, const ConvGeometry& geometry, const Scalar* plane,
                          Scratch& scratch, Scalar* gradient);

/// The same by the values that are not zero, however many there are.
template <class Scalar>
void count_weight_gradient(CountView<Scalar> in, const ConvGeometry& geometry, const Scalar* plane,
                           Scratch& scratch, Scalar* gradient);

/// @param output_gradient [frame, column]
/// @param gradient [unit, column]; added to
template <class Scalar>
void connect_weight_gradient(CountView<Scalar> in, const Scalar* output_gradient, Index columns,
                             Scratch& scratch, Scalar* gradient);

/// The same by the values that are not zero, however many there are.
template <class Scalar>
void count_connect_weight_gradient(CountView<Scalar> in, const Scalar* output_gradient,
                                   Index columns, Scalar* gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/count_gradient.ipp>
#endif
