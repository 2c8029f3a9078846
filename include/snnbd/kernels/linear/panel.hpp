#pragma once

#include <snnbd/core/shape.hpp>
#include <snnbd/kernels/linear/geometry.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

/// Weights in panels. A panel has as many output channels as four registers hold, and its rows are
/// neighbours in memory: the inner loops of all products read one contiguous stream, and a row
/// serves all sums in registers. Packing reads and writes each weight once and computes nothing, so
/// that memory bounds it; where panels are copied a slice at a time they stay in the thread's
/// cache.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Columns of a panel: what the inner loops keep in four registers.
template <class Scalar>
inline constexpr int panel_width = 4 * lanes::width<Scalar>;

template <class Scalar>
constexpr Index panel_count(Index columns) {
  return (columns + panel_width<Scalar> - 1) / panel_width<Scalar>;
}

/// The values of a packed matrix.
template <class Scalar>
constexpr Index packed_size(Index rows, Index columns) {
  return panel_count<Scalar>(columns) * rows * panel_width<Scalar>;
}

/// Packs a row-major matrix into panels of neighbouring columns, [panel][row][column], zeros in
/// the columns past the last, so that an inner loop reads one contiguous stream.
template <class Scalar>
void pack_panels(const Scalar* matrix, Index rows, Index columns, Scalar* packed);

/// Copies some rows of a matrix, at most a panel wide, into one panel.
///
/// @param stride values from row to row of the matrix
template <class Scalar>
void copy_panel(const Scalar* matrix, Index rows, Index stride, Index columns, Scalar* panel);

/// Copies a part of the weights that carry a gradient back into one panel: input channels are its
/// columns, output channels its rows, and the kernel is turned by 180 degrees.
///
/// @param tap of the turned kernel
/// @param first the first of the output channels
/// @param rows how many of them
template <class Scalar>
void turn_panel(const Scalar* weights, const ConvGeometry& geometry, Index panel, Index tap,
                Index first, Index rows, Scalar* target);

/// Packs the weights that carry a gradient back: for each input channel as a column, the rows are
/// [kernel_y, kernel_x, out] with the kernel turned by 180 degrees.
template <class Scalar>
void pack_transposed_panels(const Scalar* weights, const ConvGeometry& geometry, Scalar* packed);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/panel.ipp>
#endif
