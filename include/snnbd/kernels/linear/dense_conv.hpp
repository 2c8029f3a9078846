#pragma once

#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/linear/event_conv.hpp>
#include <snnbd/kernels/linear/geometry.hpp>

/// Dense products of real values. The sums of some outputs (6 on AVX-512, 3 on AVX) times four
/// registers of columns stay in registers; a row of the panel is loaded once for all of them, and a
/// value of the input is broadcast to its products. The panel streams from cache, inputs are read
/// where they lie. FMA bounds it. The weight gradient holds sums of weights in the same way and
/// walks over the places.
namespace snnbd::inline SNNBD_ISA::kernels {

/// How the inputs of a dense product lie in memory: `rows` runs of `run` neighbouring values,
/// `row_stride` apart, and the next output's inputs `pixel_stride` further. A convolution has one
/// run for each kernel row; a dense layer has a single one.
struct Patch {
  Index rows = 1;
  Index run = 0;
  Index row_stride = 0;
  Index pixel_stride = 0;
};

/// Copies frames into a zero border of `padding` on each side.
///
/// @param frames the number of frames, one after another in `source`
template <class Scalar>
void pad_frames(const Scalar* source, Index frames, const Shape& shape, int padding,
                Scalar* padded);

/// One panel of columns of a dense product for neighbouring outputs: sums stay in registers.
///
/// @param input the first value of the first output's patch
/// @param bias one value for each column, or null
template <class Scalar>
void dense_tile(const Scalar* input, const Patch& patch, const Scalar* panel, const Scalar* bias,
                int pixels, const TileTarget<Scalar>& target);

/// The places over which a dense weight gradient sums, as strides of the input and of the gradient.
struct Places {
  Index frames = 1;
  Index rows = 1;
  Index columns = 1;
  Index input_frame = 0;
  Index input_row = 0;
  Index input_column = 0;
  Index gradient_frame = 0;
  Index gradient_row = 0;
  Index gradient_column = 0;
};

/// gradient[r][c] += sum over places of input[place + r] * output_gradient[place + c], for the
/// `run` values of one kernel row and all `columns` outputs. Parallel over blocks of weights.
template <class Scalar>
void dense_weight_gradient(const Scalar* input, const Scalar* output_gradient, const Places& places,
                           Index run, Index columns, Scalar* gradient);

/// The input's gradient of a convolution: the gradient plane convolved with the turned kernel.
///
/// @param plane [frame, plane height, plane width, out]
/// @param transposed from pack_transposed_panels
/// @param input_gradient [frame, height, width, in]
template <class Scalar>
void conv_input_gradient(const Scalar* plane, const Scalar* transposed,
                         const ConvGeometry& geometry, Index frames, Scalar* input_gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/dense_conv.ipp>
#endif
