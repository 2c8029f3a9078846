#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/dense_conv.hpp>
#include <snnbd/kernels/linear/event_conv.hpp>
#include <snnbd/kernels/linear/events.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/linear/scratch.hpp>
#include <snnbd/kernels/linear/tiling.hpp>
#include <snnbd/kernels/linear/winograd.hpp>

/// Makes the currents of a convolution or a dense layer tile by tile, small enough to stay in cache
/// until their consumer has taken them: a scan, or a writer. Which kernel makes them is chosen by
/// type, size and measured density: events if few units fired, else a dense product, Winograd's
/// where it pays. By events, rows of weights from the second cache are the limit; densely, FMA.
/// Currents reach memory only if the consumer writes them there.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The share of active inputs from which on the dense kernel is taken
/// (bench/kernels/linear/conv.cpp).
inline constexpr double dense_from_density = 0.6;

/// The same for the weight gradient.
inline constexpr double dense_gradient_from_density = 0.6;

/// The weights of a layer as they lie in the flat vector, a row-major matrix, and its bias.
template <class Scalar>
struct Weights {
  const Scalar* values = nullptr;
  const Scalar* bias = nullptr;  ///< one value for each column, or null
  Index rows = 0;
  Index columns = 0;

  [[nodiscard]] const Scalar* bias_of(Index column) const {
    return bias == nullptr ? nullptr : bias + column;
  }
};

namespace detail {

/// Follows the events of a whole batch, a group of samples at a time.
template <class Scalar, class Sink>
void convolve_events(SpikeView<const Word> in, const ConvGeometry& geometry,
                     const Weights<Scalar>& weights, Scratch& scratch, const Sink& sink) {
  constexpr Index wide = panel_width<Scalar>;
  const Index steps = in.extent.steps;
  const Index group = group_size(steps * in.shape.size(), in.extent.samples);
  const RowEvents events{
      scratch.get<EventStarts, std::int32_t>(group * steps * in.frame_words() + 1),
      scratch.get<GroupValues, std::int32_t>(group * steps * in.shape.size())};
  const std::vector<Slice> slices = slices_of(geometry);
  for (Index first = 0; first < in.extent.samples; first += group) {
    const Index last = std::min(in.extent.samples, first + group);
    list_rows(in, first, last, events);
    for_each_block(
        geometry, steps, first, last,
        [&](Index sample, Index samples, const OutputBlock& block, int channel, int channels) {
          Scalar* const sums = thread_scratch<struct BlockSums, Scalar>(block.cells() * word_bits);
          std::fill_n(sums, block.cells() * word_bits, Scalar{0});
          for_each_panel<Scalar>(channel, channels, [&](int column, int columns) {
            const TileTarget<Scalar> target{sums + column - channel, word_bits, columns};
            for (const Slice& slice : slices) {
              Scalar* const panel = thread_scratch<struct SliceWeights, Scalar>(slice.rows * wide);
              copy_panel(weights.values + slice.first_row * weights.columns + column, slice.rows,
                         weights.columns, target.columns, panel);
              add_slice<Scalar>(events, geometry, slice, panel, block, target);
            }
            scale_sums(block.cells(), static_cast<Scalar>(in.amplitude), weights.bias_of(column),
                       target);
          });
          drain_block(sample, samples, block, steps, Index{geometry.out.width}, channel, channels,
                      static_cast<const Scalar*>(sums), sink);
        });
  }
}

/// Whether the event-driven kernel is to be taken for these spikes.
inline bool is_sparse(SpikeView<const Word> spikes) {
  return density(spikes) < dense_from_density;
}
inline bool is_sparse_for_gradient(SpikeView<const Word> spikes) {
  return density(spikes) < dense_gradient_from_density;
}

/// Packs weights into panels, for the dense kernels.
template <class Scalar>
const Scalar* pack_weights(const Weights<Scalar>& weights, Scratch& scratch) {
  const auto panels =
      scratch.get<WeightPanels, Scalar>(packed_size<Scalar>(weights.rows, weights.columns));
  pack_panels(weights.values, weights.rows, weights.columns, panels.data());
  return panels.data();
}

template <class Scalar, class Fill, class Sink>
void dense_convolve(const ConvGeometry& geometry, const Extent& extent,
                    const Weights<Scalar>& weights, Scratch& scratch, const Fill& fill,
                    const Sink& sink) {
  const Scalar* const panels = pack_weights(weights, scratch);
  const Shape padded = geometry.padded();
  const Index group = group_size(extent.steps * padded.size(), extent.samples);
  const auto buffer = scratch.get<PaddedImages, Scalar>(group * extent.steps * padded.size());
  const Index row_stride = static_cast<Index>(padded.width) * padded.channels;
  const Patch patch{geometry.kernel_height, geometry.run(), row_stride,
                    static_cast<Index>(geometry.stride) * padded.channels};
  for (Index first = 0; first < extent.samples; first += group) {
    const Index last = std::min(extent.samples, first + group);
    fill(first, last, buffer.data());
    for_each_conv_tile<Scalar>(
        geometry, extent.steps, first, last,
        [&](const Tile& tile, Index y, Index x, Scalar* values) {
          for_each_panel<Scalar>(tile.first_channel, tile.channels, [&](int channel, int columns) {
            for (Index step = 0; step < extent.steps; ++step) {
              const Index frame = (tile.sample - first) * extent.steps + step;
              const Scalar* input = buffer.data() + frame * padded.size() +
                                    y * geometry.stride * row_stride + x * patch.pixel_stride;
              dense_tile<Scalar>(
                  input, patch, panels + channel * weights.rows, weights.bias_of(channel),
                  tile.count,
                  {values + step * tile.count * word_bits + channel - tile.first_channel, word_bits,
                   columns});
            }
          });
        },
        sink);
  }
}

/// Convolves real values as the definition says.
template <class Scalar, class Sink>
void multiply_frames(RealView<const Scalar> in, const ConvGeometry& geometry,
                     const Weights<Scalar>& weights, Scratch& scratch, const Sink& sink) {
  dense_convolve<Scalar>(
      geometry, in.extent, weights, scratch,
      [&](Index first, Index last, Scalar* padded) {
        pad_frames(in.frame(first), (last - first) * in.extent.steps, geometry.in, geometry.padding,
                   padded);
      },
      sink);
}

/// Convolves real values by Winograd's algorithm; the results of a group of samples wait in cache
/// for the sink.
template <class Scalar, class Sink>
void convolve_winograd(RealView<const Scalar> in, const ConvGeometry& geometry,
                       const Weights<Scalar>& weights, Scratch& scratch, const Sink& sink) {
  const Index steps = in.extent.steps;
  const Index inputs = in.shape.channels;
  const Shape out = geometry.out;
  const auto transformed =
      scratch.get<WinogradWeights, Scalar>(winograd_size<Scalar>(inputs, out.channels));
  winograd_pack(weights.values, inputs, Index{out.channels}, transformed.data());
  const Index group = group_size(steps * geometry.padded().size(), in.extent.samples);
  const auto padded = scratch.get<PaddedImages, Scalar>(group * steps * geometry.padded().size());
  const auto results = scratch.get<GroupValues, Scalar>(group * steps * out.size());
  const Index blocks = words_per_pixel(out.channels);
  for (Index first = 0; first < in.extent.samples; first += group) {
    const Index samples = std::min(group, in.extent.samples - first);
    pad_frames(in.frame(first), samples * steps, geometry.in, geometry.padding, padded.data());
    winograd_convolve(static_cast<const Scalar*>(padded.data()), inputs,
                      static_cast<const Scalar*>(transformed.data()), samples * steps, out,
                      results.data());
    parallel_for(samples * out.height * blocks, [&](Index task) {
      Tile tile;
      tile.first_channel = static_cast<int>(task % blocks * word_bits);
      tile.channels = std::min(word_bits, out.channels - tile.first_channel);
      tile.pixel = task / blocks % out.height * out.width;
      tile.count = out.width;
      const Index sample = task / blocks / out.height;
      tile.sample = first + sample;
      Scalar* const values = results.data() + sample * steps * out.size() +
                             tile.pixel * out.channels + tile.first_channel;
      if (weights.bias != nullptr) {
        for (Index step = 0; step < steps; ++step)
          for (Index pixel = 0; pixel < tile.count; ++pixel)
            for (int channel = 0; channel < tile.channels; ++channel)
              values[step * out.size() + pixel * out.channels + channel] +=
                  weights.bias[tile.first_channel + channel];
      }
      sink(tile, static_cast<const Scalar*>(values), steps == 1 ? Index{0} : out.size(),
           Index{out.channels});
    });
  }
}

}  // namespace detail

/// Convolves real values; `sink(tile, values, step stride, pixel stride)` takes the currents.
template <class Scalar, class Sink>
void convolve(RealView<const Scalar> in, const ConvGeometry& geometry,
              const Weights<Scalar>& weights, Scratch& scratch, const Sink& sink) {
  if (winograd_pays_forward(geometry)) {
    detail::convolve_winograd(in, geometry, weights, scratch, sink);
    return;
  }
  detail::multiply_frames(in, geometry, weights, scratch, sink);
}

/// Convolves spikes: event-driven if few units fired, else as real values.
template <class Scalar, class Sink>
void convolve(SpikeView<const Word> in, const ConvGeometry& geometry,
              const Weights<Scalar>& weights, Scratch& scratch, const Sink& sink) {
  const Index steps = in.extent.steps;
  if (!detail::is_sparse(in)) {
    const auto values = scratch.get<GroupValues, Scalar>(
        detail::group_size(steps * geometry.padded().size(), in.extent.samples) * steps *
        in.shape.size());
    detail::dense_convolve<Scalar>(
        geometry, in.extent, weights, scratch,
        [&](Index first, Index last, Scalar* padded) {
          unpack(in, first, last, values.data());
          pad_frames(static_cast<const Scalar*>(values.data()), (last - first) * steps, geometry.in,
                     geometry.padding, padded);
        },
        sink);
    return;
  }
  detail::convolve_events(in, geometry, weights, scratch, sink);
}

/// Multiplies real frames by a dense layer's weights. Each panel of them is copied to where the
/// cache holds it, so that they come from memory once and never go back.
template <class Scalar, class Sink>
void connect(RealView<const Scalar> in, const Weights<Scalar>& weights, Scratch& /*scratch*/,
             const Sink& sink) {
  const Index steps = in.extent.steps;
  const Patch patch{1, weights.rows, 0, weights.rows};
  detail::for_each_dense_tile<Scalar>(
      weights.columns, in.extent,
      [&](int first_channel, int channels) -> const Scalar* {
        Scalar* const panels = thread_scratch<struct DensePanels, Scalar>(weights.rows * word_bits);
        detail::for_each_panel<Scalar>(first_channel, channels, [&](int channel, int columns) {
          copy_panel(weights.values + channel, weights.rows, weights.columns, Index{columns},
                     panels + (channel - first_channel) * weights.rows);
        });
        return panels;
      },
      [&](const Tile& tile, const Scalar* panels, Scalar* values) {
        detail::for_each_panel<Scalar>(
            tile.first_channel, tile.channels, [&](int channel, int columns) {
              const int offset = channel - tile.first_channel;
              dense_tile<Scalar>(in.frame(tile.sample), patch, panels + offset * weights.rows,
                                 weights.bias_of(channel), static_cast<int>(tile.count * steps),
                                 {values + offset, word_bits, columns});
            });
      },
      sink);
}

/// Multiplies spike frames by a dense layer's weights: event-driven if few units fired.
template <class Scalar, class Sink>
void connect(SpikeView<const Word> in, const Weights<Scalar>& weights, Scratch& scratch,
             const Sink& sink) {
  if (!detail::is_sparse(in)) {
    const auto values = scratch.get<PaddedImages, Scalar>(in.extent.frames() * in.shape.size());
    unpack(in, 0, in.extent.samples, values.data());
    connect<Scalar>(RealView<const Scalar>{values.data(), in.extent, in.shape}, weights, scratch,
                    sink);
    return;
  }
  // A dense layer is a convolution whose kernel covers one long row.
  ConvGeometry row;
  row.in = {1, static_cast<int>(in.shape.pixels()), in.shape.channels};
  row.out = {1, 1, static_cast<int>(weights.columns)};
  row.kernel_width = row.in.width;
  in.shape = row.in;
  detail::convolve_events(in, row, weights, scratch, sink);
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
