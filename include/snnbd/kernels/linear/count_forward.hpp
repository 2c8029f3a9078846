#pragma once

#include <algorithm>
#include <cstdint>

#include <snnbd/kernels/linear/counts.hpp>
#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/linear/tiling.hpp>

/// Convolutions and dense products of counts: each value that is not zero adds its multiple of a
/// row of weights. A frame of events has few channels, so that most outputs meet nothing; here it
/// is the values that look for their outputs, and an output which none finds costs nothing but the
/// zero that it starts from. The sums of a tile at one step wait in the first cache, a row of
/// weights is read from there too, and what bounds a convolution are the sums that go back to the
/// cache: one register for each value, tap and register of columns. A dense layer keeps its sums in
/// registers, and reading rows of weights from memory bounds it.
///
/// The values reach each output in the order of its weights, and zeros add nothing: a sum has the
/// bits of the dense product. So the density chooses the way, and nothing of it shows.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The share of values that are not zero from which on a convolution of counts multiplies all of
/// them (bench/kernels/linear/counts.cpp).
inline constexpr double dense_counts_from_density = 0.25;

/// The same for a dense layer.
inline constexpr double connect_counts_from_density = 0.15;

/// One row of a tile of outputs at one step.
struct CountTile {
  Index frame = 0;  ///< of those that are listed
  Index y = 0;
  Index x = 0;
  int pixels = 0;
};

/// Convolves one frame for a tile.
///
/// @param frame the frame's values
/// @param panel all rows of the weights in one panel of columns
/// @param bias one value for each column, or null
template <class Scalar>
void add_counts(const CountRows& rows, const Scalar* frame, const ConvGeometry& geometry,
                const CountTile& tile, const Scalar* panel, const Scalar* bias,
                const TileTarget<Scalar>& target);

/// The same for a dense layer, whose lists have one row: all columns of one frame.
///
/// @param number of the frame among those that are listed
/// @param stride values from row to row of the weights
template <class Scalar>
void connect_frame(const CountRows& rows, const Scalar* frame, Index number, const Scalar* weights,
                   Index stride, const Scalar* bias, const TileTarget<Scalar>& target);

namespace detail {

/// Lists for a group of samples.
inline CountRows count_rows(Index frames, Index height, Index frame_size, Scratch& scratch) {
  return {height, frame_size, scratch.get<EventStarts, std::int32_t>(frames * height),
          scratch.get<GroupValues, std::int32_t>(frames * frame_size)};
}

template <class Scalar, class Sink>
void convolve_counts(RealView<const Scalar> in, const ConvGeometry& geometry,
                     const Weights<Scalar>& weights, Scratch& scratch, const Sink& sink) {
  const Index steps = in.extent.steps;
  const Index group = group_size(steps * in.shape.size(), in.extent.samples);
  const CountRows rows =
      count_rows(group * steps, Index{in.shape.height}, in.shape.size(), scratch);
  const Scalar* const panels = pack_weights(weights, scratch);
  for (Index first = 0; first < in.extent.samples; first += group) {
    const Index last = std::min(in.extent.samples, first + group);
    list_count_rows(in, first, last, rows);
    for_each_conv_tile<Scalar>(
        geometry, steps, first, last,
        [&](const Tile& tile, Index y, Index x, Scalar* values) {
          for_each_panel<Scalar>(tile.first_channel, tile.channels, [&](int channel, int columns) {
            for (Index step = 0; step < steps; ++step)
              add_counts<Scalar>(
                  rows, in.frame(tile.sample, step), geometry,
                  {(tile.sample - first) * steps + step, y, x, tile.count},
                  panels + channel * weights.rows, weights.bias_of(channel),
                  {values + step * tile.count * word_bits + channel - tile.first_channel, word_bits,
                   columns});
          });
        },
        sink);
  }
}

template <class Scalar, class Sink>
void connect_counts(RealView<const Scalar> in, const Weights<Scalar>& weights, Scratch& scratch,
                    const Sink& sink) {
  constexpr int wide = panel_width<Scalar>;
  const Index steps = in.extent.steps;
  const Index group = group_size(steps * in.frame_size(), in.extent.samples);
  const CountRows rows = count_rows(group * steps, Index{1}, in.frame_size(), scratch);
  const auto prepare = [&](int first_channel, int channels) -> const Scalar* {
    // Whole rows are read where they are. A register would read past the end of the last one if it
    // is shorter: what is left of rows is copied.
    const int left = channels % wide;
    if (left == 0) return nullptr;
    Scalar* const panel = thread_scratch<struct DensePanels, Scalar>(weights.rows * wide);
    copy_panel(weights.values + first_channel + channels - left, weights.rows, weights.columns,
               Index{left}, panel);
    return panel;
  };
  for (Index first = 0; first < in.extent.samples; first += group) {
    const Index last = std::min(in.extent.samples, first + group);
    list_count_rows(in, first, last, rows);
    for_each_dense_tile<Scalar>(
        weights.columns, {last - first, steps}, prepare,
        [&](const Tile& tile, const Scalar* rest, Scalar* values) {
          for_each_panel<Scalar>(tile.first_channel, tile.channels, [&](int channel, int columns) {
            const bool whole = columns == wide;
            for (Index i = 0; i < tile.count * steps; ++i)
              connect_frame<Scalar>(
                  rows, in.frame(first + tile.sample) + i * in.frame_size(),
                  tile.sample * steps + i, whole ? weights.values + channel : rest,
                  whole ? weights.columns : Index{wide}, weights.bias_of(channel),
                  {values + i * word_bits + channel - tile.first_channel, word_bits, columns});
          });
        },
        [&](Tile tile, const Scalar* values, Index step_stride, Index pixel_stride) {
          tile.sample += first;
          sink(tile, values, step_stride, pixel_stride);
        });
  }
}

}  // namespace detail

/// Convolves counts; `sink(tile, values, step stride, pixel stride)` takes the currents.
template <class Scalar, class Sink>
void convolve(CountView<Scalar> in, const ConvGeometry& geometry, const Weights<Scalar>& weights,
              Scratch& scratch, const Sink& sink) {
  if (density(in) < dense_counts_from_density) {
    detail::convolve_counts(in.values, geometry, weights, scratch, sink);
  } else {
    detail::multiply_frames(in.values, geometry, weights, scratch, sink);
  }
}

/// Multiplies frames of counts by a dense layer's weights.
template <class Scalar, class Sink>
void connect(CountView<Scalar> in, const Weights<Scalar>& weights, Scratch& scratch,
             const Sink& sink) {
  if (density(in) < connect_counts_from_density) {
    detail::connect_counts(in.values, weights, scratch, sink);
  } else {
    connect<Scalar>(in.values, weights, scratch, sink);
  }
}

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/count_forward.ipp>
#endif
