#pragma once

#include <cstdint>
#include <vector>

#include <snnbd/kernels/linear/events.hpp>
#include <snnbd/kernels/linear/geometry.hpp>

/// Convolutions that follow events: rows of weights are added, and only the sum is multiplied, by
/// the amplitude. The sums of one output, up to four registers of columns, stay in registers while
/// the rows that its events ask for are added. A slice of the weights, 96 KiB in float on AVX-512,
/// stays in the second cache while a block of about 512 outputs uses it; between slices the sums
/// wait in cache. What bounds it is the second cache: one row of weights for each event and tap.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Where a tile of outputs goes: value (pixel, column) at `data + pixel * pixel_stride + column`.
template <class Scalar>
struct TileTarget {
  Scalar* data = nullptr;
  Index pixel_stride = 0;
  int columns = 0;
};

/// A part of a convolution's weights that the innermost cache holds: some taps of one kernel row
/// with all their channels, or some channels of one tap. Its rows are neighbours in the weights.
struct Slice {
  int kernel_y = 0;
  int first_tap = 0;
  int last_tap = 0;
  int first_word = 0;  ///< of 64 channels
  int last_word = 0;
  Index first_row = 0;
  Index rows = 0;
};

/// Cuts weights into slices, in the order of their rows.
std::vector<Slice> slices_of(const ConvGeometry& geometry);

/// Some outputs of a convolution: `width` neighbouring pixels in each of `rows` rows of some
/// frames.
struct OutputBlock {
  Index first_frame = 0;
  Index frames = 1;
  int first_y = 0;
  int rows = 1;
  int first_x = 0;
  int width = 1;

  [[nodiscard]] Index cells() const { return frames * rows * width; }
};

/// Event-input convolution: adds to the sums of a block of outputs, for each event that meets one
/// of the slice's taps, its row of weights. Each output's rows are added in the order of the
/// weights.
///
/// @param events of at least the block's frames
/// @param weights the slice's rows of one panel of columns, `panel_width` apart
/// @param sums [frame, row, pixel] of the block, one `pixel_stride` apart
template <class Scalar>
void add_slice(const RowEvents& events, const ConvGeometry& geometry, const Slice& slice,
               const Scalar* weights, const OutputBlock& block, const TileTarget<Scalar>& sums);

/// sums = sums * amplitude + bias
///
/// @param bias one value for each column, or null
template <class Scalar>
void scale_sums(Index cells, Scalar amplitude, const Scalar* bias, const TileTarget<Scalar>& sums);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/event_conv.ipp>
#endif
