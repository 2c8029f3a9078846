#pragma once

#include <snnbd/core/signal.hpp>

/// Larger images by repeating each pixel, and the sums that are the way back. Copies of whole
/// pixels and rows, values or words of spikes alike, frame by frame in parallel; memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Repeats each pixel `factor` times in both directions.
///
/// @tparam Value a real, or a word of spikes
/// @param in the frames' shape; of words, `channels` is their number for each pixel
template <class Value>
void upsample(const Value* values, Index frames, const Shape& in, int factor, Value* result);

/// The way back: the gradient of a pixel is the sum of those of its copies, row by row.
///
/// @param in the shape before the pixels were repeated
template <class Scalar>
void upsample_backward(const Shape& in, Index frames, int factor, const Scalar* output_gradient,
                       Scalar* input_gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/upsample.ipp>
#endif
