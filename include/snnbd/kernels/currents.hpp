#pragma once

#include <algorithm>
#include <cstdint>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/conv.hpp>
#include <snnbd/kernels/events.hpp>
#include <snnbd/kernels/pack.hpp>
#include <snnbd/kernels/panel.hpp>
#include <snnbd/kernels/spike_conv.hpp>

/// Makes the currents of a convolution or a dense layer strip by strip, small enough to stay in
/// cache until the sweep has turned them into spikes.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Some neighbouring outputs of one sample, or one output of some neighbouring samples, in one
/// block of at most 64 channels.
struct Strip {
  Index sample = 0;
  Index pixel = 0;
  int count = 0;
  bool across_samples = false;
  int first_channel = 0;
  int channels = 0;
};

/// Where the strip's values stand in a signal: its first cell, and from cell to cell in cells of
/// one pixel at one step.
struct Cells {
  Index first = 0;
  Index step_stride = 0;
  Index pixel_stride = 0;
};

constexpr Cells cells(const Strip& strip, Index steps, Index pixels) {
  return {strip.sample * steps * pixels + strip.pixel, steps == 1 ? 0 : pixels,
          strip.across_samples ? steps * pixels : 1};
}

/// The share of active inputs from which on the dense kernel is taken (bench/kernels/conv.cpp).
inline constexpr double dense_from_density = 0.6;

/// The same for the weight gradient, whose event-driven form saves less.
inline constexpr double dense_gradient_from_density = 0.3;

namespace detail {

inline constexpr Index list_budget = Index{1} << 20;   ///< entries of the event lists of a group
inline constexpr Index strip_budget = Index{1} << 16;  ///< values of one strip over all its steps

/// How many samples are listed or padded at a time.
constexpr Index group_size(Index sample_size, Index samples) {
  return std::clamp<Index>(list_budget / std::max<Index>(sample_size, 1), 1, samples);
}

/// Packed weights and bias of a layer.
template <class Scalar>
struct Packed {
  const Scalar* panels = nullptr;
  const Scalar* bias = nullptr;
  Index rows = 0;
  Index columns = 0;

  [[nodiscard]] const Scalar* panel(Index column) const { return panels + column * rows; }
  [[nodiscard]] const Scalar* bias_of(Index column) const {
    return bias == nullptr ? nullptr : bias + column;
  }
};

/// Calls `body(panel's first channel, columns)` for the panels of a strip.
template <class Scalar, class Body>
void for_each_panel(const Strip& strip, const Body& body) {
  constexpr int wide = static_cast<int>(panel_width<Scalar>);
  for (int c = 0; c < strip.channels; c += wide)
    body(strip.first_channel + c, std::min(wide, strip.channels - c));
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

/// The same for a dense layer: strips run across samples, [sample, step, channel].
template <class Scalar, class Make, class Sink>
void for_each_dense_strip(Index columns, Index steps, Index first, Index last, const Make& make,
                          const Sink& sink) {
  const Index longest =
      std::clamp<Index>(strip_budget / (steps * word_bits), 1, std::min<Index>(8, last - first));
  const Index pieces = (last - first + longest - 1) / longest;
  parallel_for(words_per_pixel(static_cast<int>(columns)) * pieces, [&](Index task) {
    const Index block = task / pieces;
    const Index piece = task % pieces;
    Strip strip;
    strip.sample = first + piece * (last - first) / pieces;
    strip.count = static_cast<int>(first + (piece + 1) * (last - first) / pieces - strip.sample);
    strip.across_samples = true;
    strip.first_channel = static_cast<int>(block * word_bits);
    strip.channels = static_cast<int>(std::min<Index>(word_bits, columns - strip.first_channel));
    Scalar* const values =
        thread_scratch<struct StripValues, Scalar>(steps * strip.count * word_bits);
    make(strip, values);
    sink(strip, values, steps == 1 ? Index{0} : Index{word_bits}, steps * word_bits);
  });
}

/// The share of the units that fired.
inline double density(SpikeView<const Word> spikes) {
  return static_cast<double>(count_spikes(spikes)) /
         static_cast<double>(spikes.extent.frames() * spikes.shape.size());
}

/// Whether the event-driven kernel is to be taken for these spikes.
inline bool is_sparse(SpikeView<const Word> spikes) {
  return density(spikes) < dense_from_density;
}
inline bool is_sparse_for_gradient(SpikeView<const Word> spikes) {
  return density(spikes) < dense_gradient_from_density;
}

template <class Scalar, class Fill, class Sink>
void dense_convolve(const ConvGeometry& geometry, const Extent& extent,
                    const Packed<Scalar>& packed, Scratch& scratch, const Fill& fill,
                    const Sink& sink) {
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
          for_each_panel<Scalar>(strip, [&](int channel, int columns) {
            for (Index step = 0; step < extent.steps; ++step) {
              const Index frame = (strip.sample - first) * extent.steps + step;
              const Scalar* input = buffer.data() + frame * padded.size() +
                                    y * geometry.stride * row_stride + x * patch.pixel_stride;
              dense_strip<Scalar>(
                  input, patch, packed.panel(channel), packed.bias_of(channel), strip.count,
                  {values + step * strip.count * word_bits + channel - strip.first_channel,
                   word_bits, columns});
            }
          });
        },
        sink);
  }
}

}  // namespace detail

/// Packs a layer's weights for its forward pass.
template <class Scalar>
detail::Packed<Scalar> pack_layer(const Scalar* weights, const Scalar* bias, Index rows,
                                  Index columns, Scratch& scratch) {
  const auto panels =
      scratch.get<Scalar>(Scratch::Slot::panels, packed_size<Scalar>(rows, columns));
  pack_panels(weights, rows, columns, panels.data());
  return {panels.data(), bias, rows, columns};
}

/// Convolves real values; `sink(strip, values, step stride, pixel stride)` takes the currents.
template <class Scalar, class Sink>
void convolve(RealView<const Scalar> in, const ConvGeometry& geometry,
              const detail::Packed<Scalar>& packed, Scratch& scratch, const Sink& sink) {
  detail::dense_convolve<Scalar>(
      geometry, in.extent, packed, scratch,
      [&](Index first, Index last, Scalar* padded) {
        pad_frames(in.frame(first), (last - first) * in.extent.steps, geometry.in, geometry.padding,
                   padded);
      },
      sink);
}

/// Convolves spikes: event-driven if few units fired, else as real values.
template <class Scalar, class Sink>
void convolve(SpikeView<const Word> in, const ConvGeometry& geometry,
              const detail::Packed<Scalar>& packed, Scratch& scratch, const Sink& sink) {
  const Index steps = in.extent.steps;
  const Index pixels = in.shape.pixels();
  if (!detail::is_sparse(in)) {
    const auto values = scratch.get<Scalar>(
        Scratch::Slot::entries,
        detail::group_size(steps * geometry.padded().size(), in.extent.samples) * steps *
            in.shape.size());
    detail::dense_convolve<Scalar>(
        geometry, in.extent, packed, scratch,
        [&](Index first, Index last, Scalar* padded) {
          unpack(in, first, last, values.data());
          pad_frames(static_cast<const Scalar*>(values.data()), (last - first) * steps, geometry.in,
                     geometry.padding, padded);
        },
        sink);
    return;
  }
  const Index group = detail::group_size(steps * in.shape.size(), in.extent.samples);
  const RowEvents events{
      scratch.get<std::int32_t>(Scratch::Slot::starts, group * steps * pixels + 1),
      scratch.get<std::int32_t>(Scratch::Slot::entries, group * steps * in.shape.size())};
  for (Index first = 0; first < in.extent.samples; first += group) {
    const Index last = std::min(in.extent.samples, first + group);
    list_rows(in, first, last, events);
    detail::for_each_conv_strip<Scalar>(
        geometry, steps, first, last,
        [&](const Strip& strip, Index y, Index x, Scalar* values) {
          detail::for_each_panel<Scalar>(strip, [&](int channel, int columns) {
            for (Index step = 0; step < steps; ++step) {
              const Index frame = (strip.sample - first) * steps + step;
              spike_conv_strip<Scalar>(
                  events, events.starts.data() + frame * pixels, geometry, packed.panel(channel),
                  packed.bias_of(channel), static_cast<Scalar>(in.amplitude), static_cast<int>(y),
                  static_cast<int>(x), strip.count,
                  {values + step * strip.count * word_bits + channel - strip.first_channel,
                   word_bits, columns});
            }
          });
        },
        sink);
  }
}

/// Multiplies real frames by a dense layer's weights.
template <class Scalar, class Sink>
void connect(RealView<const Scalar> in, const detail::Packed<Scalar>& packed, Scratch& /*scratch*/,
             const Sink& sink) {
  const Index steps = in.extent.steps;
  const Patch patch{1, packed.rows, 0, packed.rows};
  detail::for_each_dense_strip<Scalar>(
      packed.columns, steps, 0, in.extent.samples,
      [&](const Strip& strip, Scalar* values) {
        detail::for_each_panel<Scalar>(strip, [&](int channel, int columns) {
          dense_strip<Scalar>(in.frame(strip.sample), patch, packed.panel(channel),
                              packed.bias_of(channel), static_cast<int>(strip.count * steps),
                              {values + channel - strip.first_channel, word_bits, columns});
        });
      },
      sink);
}

/// Multiplies spike frames by a dense layer's weights: event-driven if few units fired.
template <class Scalar, class Sink>
void connect(SpikeView<const Word> in, const detail::Packed<Scalar>& packed, Scratch& scratch,
             const Sink& sink) {
  const Index steps = in.extent.steps;
  if (!detail::is_sparse(in)) {
    const auto values =
        scratch.get<Scalar>(Scratch::Slot::padded, in.extent.frames() * in.shape.size());
    unpack(in, 0, in.extent.samples, values.data());
    connect<Scalar>(RealView<const Scalar>{values.data(), in.extent, in.shape}, packed, scratch,
                    sink);
    return;
  }
  const Index pixels = in.shape.pixels();
  const Index group = detail::group_size(steps * in.shape.size(), in.extent.samples);
  const RowEvents events{
      scratch.get<std::int32_t>(Scratch::Slot::starts, group * steps * pixels + 1),
      scratch.get<std::int32_t>(Scratch::Slot::entries, group * steps * in.shape.size())};
  // A dense layer is a convolution whose kernel covers one long row.
  ConvGeometry row;
  row.in = {1, static_cast<int>(pixels), in.shape.channels};
  row.out = {1, 1, static_cast<int>(packed.columns)};
  row.kernel_width = static_cast<int>(pixels);
  SpikeView<const Word> rows = in;
  rows.shape = row.in;
  for (Index first = 0; first < in.extent.samples; first += group) {
    const Index last = std::min(in.extent.samples, first + group);
    list_rows(rows, first, last, events);
    detail::for_each_dense_strip<Scalar>(
        packed.columns, steps, first, last,
        [&](const Strip& strip, Scalar* values) {
          detail::for_each_panel<Scalar>(strip, [&](int channel, int columns) {
            for (Index i = 0; i < strip.count * steps; ++i) {
              const Index frame = (strip.sample - first) * steps + i;
              spike_conv_strip<Scalar>(
                  events, events.starts.data() + frame * pixels, row, packed.panel(channel),
                  packed.bias_of(channel), static_cast<Scalar>(in.amplitude), 0, 0, 1,
                  {values + i * word_bits + channel - strip.first_channel, word_bits, columns});
            }
          });
        },
        sink);
  }
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
