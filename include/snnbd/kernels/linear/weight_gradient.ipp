#pragma once

#include <algorithm>
#include <array>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/dense_conv.hpp>
#include <snnbd/kernels/linear/event_weight_gradient.hpp>
#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/linear/scratch.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/linear/winograd.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

template <class Scalar>
void padded_weight_gradient(const Scalar* padded, const ConvGeometry& geometry, Index frames,
                            const Scalar* plane, Scalar* gradient) {
  const Shape in = geometry.padded();
  const Shape out = geometry.plane();
  const Index in_row = static_cast<Index>(in.width) * in.channels;
  const Index out_row = static_cast<Index>(out.width) * out.channels;
  Places places;
  places.frames = frames;
  places.rows = geometry.out.height;
  places.columns = geometry.out.width;
  places.input_frame = in.size();
  places.input_row = geometry.stride * in_row;
  places.input_column = static_cast<Index>(geometry.stride) * in.channels;
  places.gradient_frame = out.size();
  places.gradient_row = geometry.stride * out_row;
  places.gradient_column = static_cast<Index>(geometry.stride) * out.channels;
  const Scalar* const first_output = plane + geometry.border_y() * out_row +
                                     static_cast<Index>(geometry.border_x()) * out.channels;
  for (Index y = 0; y < geometry.kernel_height; ++y)
    dense_weight_gradient(padded + y * in_row, first_output, places, geometry.run(),
                          Index{geometry.out.channels},
                          gradient + y * geometry.run() * geometry.out.channels);
}

/// Some rows of a matrix.
template <class Scalar>
struct RowBlock {
  const Scalar* data = nullptr;
  Index stride = 0;
  Index count = 0;  ///< at least 1
};

/// result[other row][row] = or += the products of up to four rows with up to four others.
template <class Scalar>
void dot_block(const RowBlock<Scalar>& rows, const RowBlock<Scalar>& others, Index count, bool add,
               Scalar* result, Index result_stride) {
  using Batch = lanes::Batch<Scalar>;
  constexpr Index width = lanes::width<Scalar>;
  constexpr std::size_t most = 4;
  std::array<const Scalar*, most> row;
  std::array<const Scalar*, most> other;
  for (std::size_t i = 0; i < most; ++i) {
    // Where there are fewer, the last stands in: its products are not stored.
    const auto number = static_cast<Index>(i);
    row[i] = rows.data + std::min(number, rows.count - 1) * rows.stride;
    other[i] = others.data + std::min(number, others.count - 1) * others.stride;
  }
  std::array<std::array<Batch, most>, most> sums;
  for (auto& line : sums) line.fill(Batch(Scalar{0}));
  const auto step = [&](Index k, const auto& load) {
    std::array<Batch, most> value;
#pragma GCC unroll 4
    for (std::size_t i = 0; i < most; ++i) value[i] = load(row[i] + k);
#pragma GCC unroll 4
    for (std::size_t j = 0; j < most; ++j) {
      const Batch factor = load(other[j] + k);
#pragma GCC unroll 4
      for (std::size_t i = 0; i < most; ++i) sums[j][i] = xsimd::fma(value[i], factor, sums[j][i]);
    }
  };
  Index k = 0;
  for (; k + width <= count; k += width)
    step(k, [](const Scalar* place) { return Batch::load_unaligned(place); });
  if (k < count)
    step(k, [&](const Scalar* place) { return lanes::load(place, static_cast<int>(count - k)); });
  for (Index j = 0; j < others.count; ++j) {
    for (Index i = 0; i < rows.count; ++i) {
      Scalar& place = result[j * result_stride + i];
      const Scalar sum =
          xsimd::hadd(sums[static_cast<std::size_t>(j)][static_cast<std::size_t>(i)]);
      place = add ? place + sum : sum;
    }
  }
}

}  // namespace detail

template <class Scalar>
void event_weight_gradient(SpikeView<const Word> in, const ConvGeometry& geometry,
                           const Scalar* plane, Scratch& scratch, Scalar* gradient) {
  constexpr Index slab_places = 4096;  // of columns: what the second cache holds beside the weights
  constexpr Index channel_range = 2 * word_bits;
  constexpr Index wide = slab_width<Scalar>;
  const Index frames = in.extent.frames();
  const Index channels = geometry.in.channels;
  const Index columns = geometry.out.channels;
  const Index places = geometry.plane().pixels();
  const Index together = std::clamp<Index>(slab_places / places, 1, frames);
  const Index capacity = together * in.shape.pixels();
  const ChannelEvents events{scratch.get<EventStarts, std::int32_t>(channels),
                             scratch.get<GroupValues, std::int32_t>(channels * capacity), capacity};
  const Index ranges = (channels + channel_range - 1) / channel_range;
  const Index slabs = (columns + wide - 1) / wide;
  for (Index first = 0; first < frames; first += together) {
    const Index last = std::min(frames, first + together);
    list_channels(in, first, last, geometry, events);
    parallel_for(slabs * ranges, [&](Index task) {
      const Index column = task / ranges * wide;
      const Index channel = task % ranges * channel_range;
      const int used = static_cast<int>(std::min(wide, columns - column));
      Scalar* const slab = thread_scratch<struct GradientSlab, Scalar>(together * places * wide);
      copy_slab(plane + first * places * columns + column, (last - first) * places, columns, used,
                slab);
      spike_conv_weight_gradient(events, channel, std::min(channels, channel + channel_range),
                                 geometry, static_cast<const Scalar*>(slab), used,
                                 static_cast<Scalar>(in.amplitude), gradient + column);
    });
  }
}

template <class Scalar>
void conv_weight_gradient(RealView<const Scalar> in, const ConvGeometry& geometry,
                          const Scalar* plane, Scratch& scratch, Scalar* gradient) {
  const Index steps = in.extent.steps;
  const Index size = geometry.padded().size();
  const Index group = detail::group_size(steps * size, in.extent.samples);
  const auto padded = scratch.get<PaddedImages, Scalar>(group * steps * size);
  for (Index first = 0; first < in.extent.samples; first += group) {
    const Index frames = (std::min(in.extent.samples, first + group) - first) * steps;
    pad_frames(in.frame(first), frames, geometry.in, geometry.padding, padded.data());
    detail::padded_weight_gradient(static_cast<const Scalar*>(padded.data()), geometry, frames,
                                   plane + first * steps * geometry.plane().size(), gradient);
  }
}

template <class Scalar>
void conv_weight_gradient(SpikeView<const Word> in, const ConvGeometry& geometry,
                          const Scalar* plane, Scratch& scratch, Scalar* gradient) {
  if (detail::is_sparse_for_gradient(in)) {
    event_weight_gradient(in, geometry, plane, scratch, gradient);
    return;
  }
  const Index steps = in.extent.steps;
  const Index sample_plane = steps * geometry.plane().size();
  const Index group = detail::group_size(steps * geometry.padded().size(), in.extent.samples);
  const auto values = scratch.get<GroupValues, Scalar>(group * steps * in.shape.size());
  const auto padded = scratch.get<PaddedImages, Scalar>(group * steps * geometry.padded().size());
  for (Index first = 0; first < in.extent.samples; first += group) {
    const Index last = std::min(in.extent.samples, first + group);
    unpack(in, first, last, values.data());
    pad_frames(static_cast<const Scalar*>(values.data()), (last - first) * steps, geometry.in,
               geometry.padding, padded.data());
    detail::padded_weight_gradient(static_cast<const Scalar*>(padded.data()), geometry,
                                   (last - first) * steps, plane + first * sample_plane, gradient);
  }
}

template <class Scalar>
void connect_weight_gradient(RealView<const Scalar> in, const Scalar* output_gradient,
                             Index columns, Scratch& /*scratch*/, Scalar* gradient) {
  Places places;
  places.frames = in.extent.frames();
  places.input_frame = in.frame_size();
  places.gradient_frame = columns;
  dense_weight_gradient(in.data, output_gradient, places, in.frame_size(), columns, gradient);
}

template <class Scalar>
void connect_weight_gradient(SpikeView<const Word> in, const Scalar* output_gradient, Index columns,
                             Scratch& scratch, Scalar* gradient) {
  if (detail::is_sparse_for_gradient(in)) {
    spike_dense_weight_gradient(in, output_gradient, columns, static_cast<Scalar>(in.amplitude),
                                gradient);
    return;
  }
  const auto values = scratch.get<PaddedImages, Scalar>(in.extent.frames() * in.shape.size());
  unpack(in, 0, in.extent.samples, values.data());
  connect_weight_gradient(RealView<const Scalar>{values.data(), in.extent, in.shape},
                          output_gradient, columns, scratch, gradient);
}

template <class Scalar>
void sum_columns(const Scalar* values, Index rows, Index columns, Scalar* gradient) {
  const Scalar one{1};
  Places places;
  places.frames = rows;
  places.gradient_frame = columns;
  dense_weight_gradient(&one, values, places, Index{1}, columns, gradient);
}

template <class Scalar>
void conv_input_gradient(const Scalar* plane, const Scalar* weights, const ConvGeometry& geometry,
                         Index frames, Scratch& scratch, Scalar* input_gradient) {
  const Index in = geometry.in.channels;
  const Index out = geometry.out.channels;
  if (geometry.kernel_height == 3 && geometry.kernel_width == 3 && winograd_pays(out, in)) {
    const auto transformed = scratch.get<WinogradWeights, Scalar>(winograd_size<Scalar>(out, in));
    winograd_pack_turned(weights, geometry, transformed.data());
    winograd_convolve(plane, out, static_cast<const Scalar*>(transformed.data()), frames,
                      geometry.in, input_gradient);
    return;
  }
  const auto turned =
      scratch.get<TurnedWeights, Scalar>(packed_size<Scalar>(geometry.taps() * out, in));
  pack_transposed_panels(weights, geometry, turned.data());
  conv_input_gradient(plane, static_cast<const Scalar*>(turned.data()), geometry, frames,
                      input_gradient);
}

template <class Scalar>
void connect_input_gradient(const Scalar* output_gradient, const Scalar* weights, Index frames,
                            Index units, Index columns, Scalar* input_gradient) {
  constexpr Index together = 4;         // units and frames whose products a block of registers sums
  constexpr Index task_units = 32;      // whose weights are read while gradients are in cache
  constexpr Index column_range = 1024;  // of all frames' gradients, in the second cache
  // Rows of one range close together: in rows of a power of two they would share few cache lines.
  Scalar* const ranges =
      thread_scratch<struct GradientRanges, Scalar>(frames * columns + spare_values);
  parallel_ranges(columns, column_range, [=](Index first, Index last) {
    for (Index frame = 0; frame < frames; ++frame)
      std::copy(output_gradient + frame * columns + first, output_gradient + frame * columns + last,
                ranges + first * frames + frame * (last - first));
  });
  parallel_ranges(units, task_units, [=](Index first_unit, Index last_unit) {
    for (Index first = 0; first < columns; first += column_range) {
      const Index count = std::min(columns - first, column_range);
      for (Index unit = first_unit; unit < last_unit; unit += together)
        for (Index frame = 0; frame < frames; frame += together)
          detail::dot_block<Scalar>(
              {weights + unit * columns + first, columns, std::min(last_unit - unit, together)},
              {ranges + first * frames + frame * count, count, std::min(frames - frame, together)},
              count, first > 0, input_gradient + frame * units + unit, units);
    }
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                                 \
  template void conv_weight_gradient<Scalar>(RealView<const Scalar>, const ConvGeometry&,         \
                                             const Scalar*, Scratch&, Scalar*);                   \
  template void conv_weight_gradient<Scalar>(SpikeView<const Word>, const ConvGeometry&,          \
                                             const Scalar*, Scratch&, Scalar*);                   \
  template void event_weight_gradient<Scalar>(SpikeView<const Word>, const ConvGeometry&,         \
                                              const Scalar*, Scratch&, Scalar*);                  \
  template void connect_weight_gradient<Scalar>(RealView<const Scalar>, const Scalar*, Index,     \
                                                Scratch&, Scalar*);                               \
  template void connect_weight_gradient<Scalar>(SpikeView<const Word>, const Scalar*, Index,      \
                                                Scratch&, Scalar*);                               \
  template void conv_input_gradient<Scalar>(const Scalar*, const Scalar*, const ConvGeometry&,    \
                                            Index, Scratch&, Scalar*);                            \
  template void sum_columns<Scalar>(const Scalar*, Index, Index, Scalar*);                        \
  template void connect_input_gradient<Scalar>(const Scalar*, const Scalar*, Index, Index, Index, \
                                               Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
