#pragma once

#include <snnbd/core/signal.hpp>

/// Zeros around images, and off them again. Copies of whole rows, values or words of spikes alike,
/// frame by frame in parallel; memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Surrounds frames by `border` pixels of zeros on each side.
///
/// @tparam Value a real, or a word of spikes
/// @param in the frames' shape; of words, `channels` is their number for each pixel
template <class Value>
void add_border(const Value* values, Index frames, const Shape& in, int border, Value* result);

/// The way back: leaves out `border` pixels on each side.
///
/// @param out the shape that is left
template <class Scalar>
void cut_border(const Scalar* values, Index frames, const Shape& out, int border, Scalar* result);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/border.ipp>
#endif
