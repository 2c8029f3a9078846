#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/conv.hpp>
#include <snnbd/kernels/events.hpp>
#include <snnbd/kernels/pack.hpp>
#include <snnbd/kernels/panel.hpp>
#include <snnbd/kernels/spike_conv.hpp>
#include <snnbd/kernels/strip.hpp>

/// Makes the currents of a convolution or a dense layer strip by strip, small enough to stay in
/// cache until the sweep has turned them into spikes.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The share of active inputs from which on the dense kernel is taken (bench/kernels/conv.cpp).
inline constexpr double dense_from_density = 0.6;

/// The same for the weight gradient, whose event-driven form saves less.
inline constexpr double dense_gradient_from_density = 0.3;

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

inline constexpr Index list_budget = Index{1} << 20;   ///< entries of the event lists of a group
inline constexpr Index strip_budget = Index{1} << 16;  ///< values of one strip over all its steps
/// Outputs at a step that take a slice of the weights in turn.
inline constexpr Index block_cells = 512;

/// How many samples are listed or padded at a time.
constexpr Index group_size(Index sample_size, Index samples) {
  return std::clamp<Index>(list_budget / std::max<Index>(sample_size, 1), 1, samples);
}

/// Calls `body(panel's first channel, columns)` for the panels of some channels.
template <class Scalar, class Body>
void for_each_panel(int first_channel, int channels, const Body& body) {
  constexpr int wide = static_cast<int>(panel_width<Scalar>);
  for (int c = 0; c < channels; c += wide) body(first_channel + c, std::min(wide, channels - c));
}

/// Cuts the outputs of the samples `first` to `last` into strips and calls `make(strip, values)`
/// and then `sink(strip, values, step stride, pixel stride)` for each, in parallel.
template <class Scalar, class Make, class Sink>
void for_each_conv_strip(const ConvGeometry& geometry, Index steps, Index first, Index last,
                         const Make& make, const Sink& sink) {
  const Index width = geometry.out.width;
  const Index longest =
      std::clamp<Index>(strip_budget / (steps * word_bits), std::min<Index>(4, width), width);
  const Index pieces = (width + longest - 1) / longest;
  const Index blocks = words_per_pixel(geometry.out.channels);
  const Index rows = geometry.out.height * pieces;
  parallel_for(blocks * (last - first) * rows, [&](Index task) {
    const Index block = task / ((last - first) * rows);
    const Index sample = task / rows % (last - first);
    const Index y = task % rows / pieces;
    const Index piece = task % pieces;
    const Index x = piece * width / pieces;
    Strip strip;
    strip.sample = first + sample;
    strip.pixel = y * width + x;
    strip.count = static_cast<int>((piece + 1) * width / pieces - x);
    strip.first_channel = static_cast<int>(block * word_bits);
    strip.channels = std::min(word_bits, geometry.out.channels - strip.first_channel);
    Scalar* const values =
        thread_scratch<struct StripValues, Scalar>(steps * strip.count * word_bits);
    make(strip, y, x, values);
    sink(strip, values, steps == 1 ? Index{0} : Index{strip.count} * word_bits, Index{word_bits});
  });
}

/// Frames of a dense layer that take a panel of the weights in turn.
inline constexpr Index panel_frames = 128;

/// The same for a dense layer, whose strips run across samples, [sample, step, channel]. Before the
/// strips of some samples come `prepare(first channel, channels)`, and what it gives goes to
/// `make`.
template <class Scalar, class Prepare, class Make, class Sink>
void for_each_dense_strip(Index columns, const Extent& extent, const Prepare& prepare,
                          const Make& make, const Sink& sink) {
  const Index steps = extent.steps;
  const Index longest = std::clamp<Index>(strip_budget / (steps * word_bits), 1, 8);
  const Index most = std::max(longest, panel_frames / steps);
  const Index pieces = (extent.samples + most - 1) / most;
  parallel_for(words_per_pixel(static_cast<int>(columns)) * pieces, [&](Index task) {
    const Index piece = task % pieces;
    const Index last = (piece + 1) * extent.samples / pieces;
    Strip strip;
    strip.sample = piece * extent.samples / pieces;
    strip.across_samples = true;
    strip.first_channel = static_cast<int>(task / pieces * word_bits);
    strip.channels = static_cast<int>(std::min<Index>(word_bits, columns - strip.first_channel));
    const auto prepared = prepare(strip.first_channel, strip.channels);
    Scalar* const values = thread_scratch<struct StripValues, Scalar>(steps * longest * word_bits);
    for (; strip.sample < last; strip.sample += strip.count) {
      strip.count = static_cast<int>(std::min(longest, last - strip.sample));
      make(strip, prepared, values);
      sink(strip, values, steps == 1 ? Index{0} : Index{word_bits}, steps * word_bits);
    }
  });
}

/// Cuts the outputs of the samples `first` to `last` into blocks that a slice of the weights serves
/// while it is in cache, and calls `body(first sample, samples, block, first channel, channels)`
/// for each, in parallel, one block of at most 64 channels after another.
template <class Body>
void for_each_block(const ConvGeometry& geometry, Index steps, Index first, Index last,
                    const Body& body) {
  const Shape out = geometry.out;
  const Index longest = std::clamp<Index>(block_cells / steps, 1, out.pixels());
  const Index width = std::min<Index>(longest, out.width);
  const Index rows = std::max<Index>(longest / out.width, 1);
  const Index samples = std::clamp<Index>(block_cells / (steps * out.pixels()), 1, last - first);
  const Index across = (out.width + width - 1) / width;
  const Index down = (out.height + rows - 1) / rows;
  const Index groups = (last - first + samples - 1) / samples;
  const Index tasks = groups * down * across;
  parallel_for(words_per_pixel(out.channels) * tasks, [&](Index task) {
    const Index channel = task / tasks * word_bits;
    const Index group = task % tasks / (down * across);
    const Index band = task % (down * across) / across;
    const Index piece = task % across;
    const Index sample = first + group * (last - first) / groups;
    const Index after = first + (group + 1) * (last - first) / groups;
    OutputBlock block;
    block.first_frame = (sample - first) * steps;
    block.frames = (after - sample) * steps;
    block.first_y = static_cast<int>(band * out.height / down);
    block.rows = static_cast<int>((band + 1) * out.height / down) - block.first_y;
    block.first_x = static_cast<int>(piece * out.width / across);
    block.width = static_cast<int>((piece + 1) * out.width / across) - block.first_x;
    body(sample, after - sample, block, static_cast<int>(channel),
         static_cast<int>(std::min<Index>(word_bits, out.channels - channel)));
  });
}

/// Gives the sums of a block to a sink, sample by sample, or all at once if a sample has one pixel.
template <class Scalar, class Sink>
void drain_block(Index sample, Index samples, const OutputBlock& block, Index steps,
                 Index out_width, int channel, int channels, const Scalar* values,
                 const Sink& sink) {
  const Index pixels = Index{block.rows} * block.width;
  Strip strip;
  strip.pixel = Index{block.first_y} * out_width + block.first_x;
  strip.first_channel = channel;
  strip.channels = channels;
  if (pixels == 1) {
    strip.sample = sample;
    strip.count = static_cast<int>(samples);
    strip.across_samples = true;
    sink(strip, values, steps == 1 ? Index{0} : Index{word_bits}, steps * word_bits);
    return;
  }
  strip.count = static_cast<int>(pixels);
  for (Index i = 0; i < samples; ++i) {
    strip.sample = sample + i;
    sink(strip, values + i * steps * pixels * word_bits, steps == 1 ? Index{0} : pixels * word_bits,
         Index{word_bits});
  }
}

/// Follows the events of a whole batch, a group of samples at a time.
template <class Scalar, class Sink>
void convolve_events(SpikeView<const Word> in, const ConvGeometry& geometry,
                     const Weights<Scalar>& weights, Scratch& scratch, const Sink& sink) {
  constexpr Index wide = panel_width<Scalar>;
  const Index steps = in.extent.steps;
  const Index group = group_size(steps * in.shape.size(), in.extent.samples);
  const RowEvents events{
      scratch.get<std::int32_t>(Scratch::Slot::starts, group * steps * in.frame_words() + 1),
      scratch.get<std::int32_t>(Scratch::Slot::entries, group * steps * in.shape.size())};
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
            const StripTarget<Scalar> target{sums + column - channel, word_bits, columns};
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
  const auto panels = scratch.get<Scalar>(Scratch::Slot::panels,
                                          packed_size<Scalar>(weights.rows, weights.columns));
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
  const auto buffer =
      scratch.get<Scalar>(Scratch::Slot::padded, group * extent.steps * padded.size());
  const Index row_stride = static_cast<Index>(padded.width) * padded.channels;
  const Patch patch{geometry.kernel_height, geometry.run(), row_stride,
                    static_cast<Index>(geometry.stride) * padded.channels};
  for (Index first = 0; first < extent.samples; first += group) {
    const Index last = std::min(extent.samples, first + group);
    fill(first, last, buffer.data());
    for_each_conv_strip<Scalar>(
        geometry, extent.steps, first, last,
        [&](const Strip& strip, Index y, Index x, Scalar* values) {
          for_each_panel<Scalar>(
              strip.first_channel, strip.channels, [&](int channel, int columns) {
                for (Index step = 0; step < extent.steps; ++step) {
                  const Index frame = (strip.sample - first) * extent.steps + step;
                  const Scalar* input = buffer.data() + frame * padded.size() +
                                        y * geometry.stride * row_stride + x * patch.pixel_stride;
                  dense_strip<Scalar>(
                      input, patch, panels + channel * weights.rows, weights.bias_of(channel),
                      strip.count,
                      {values + step * strip.count * word_bits + channel - strip.first_channel,
                       word_bits, columns});
                }
              });
        },
        sink);
  }
}

}  // namespace detail

/// Convolves real values; `sink(strip, values, step stride, pixel stride)` takes the currents.
template <class Scalar, class Sink>
void convolve(RealView<const Scalar> in, const ConvGeometry& geometry,
              const Weights<Scalar>& weights, Scratch& scratch, const Sink& sink) {
  detail::dense_convolve<Scalar>(
      geometry, in.extent, weights, scratch,
      [&](Index first, Index last, Scalar* padded) {
        pad_frames(in.frame(first), (last - first) * in.extent.steps, geometry.in, geometry.padding,
                   padded);
      },
      sink);
}

/// Convolves spikes: event-driven if few units fired, else as real values.
template <class Scalar, class Sink>
void convolve(SpikeView<const Word> in, const ConvGeometry& geometry,
              const Weights<Scalar>& weights, Scratch& scratch, const Sink& sink) {
  const Index steps = in.extent.steps;
  if (!detail::is_sparse(in)) {
    const auto values = scratch.get<Scalar>(
        Scratch::Slot::entries,
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
  detail::for_each_dense_strip<Scalar>(
      weights.columns, in.extent,
      [&](int first_channel, int channels) -> const Scalar* {
        Scalar* const panels = thread_scratch<struct DensePanels, Scalar>(weights.rows * word_bits);
        detail::for_each_panel<Scalar>(first_channel, channels, [&](int channel, int columns) {
          copy_panel(weights.values + channel, weights.rows, weights.columns, Index{columns},
                     panels + (channel - first_channel) * weights.rows);
        });
        return panels;
      },
      [&](const Strip& strip, const Scalar* panels, Scalar* values) {
        detail::for_each_panel<Scalar>(
            strip.first_channel, strip.channels, [&](int channel, int columns) {
              const int offset = channel - strip.first_channel;
              dense_strip<Scalar>(in.frame(strip.sample), patch, panels + offset * weights.rows,
                                  weights.bias_of(channel), static_cast<int>(strip.count * steps),
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
    const auto values =
        scratch.get<Scalar>(Scratch::Slot::padded, in.extent.frames() * in.shape.size());
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
