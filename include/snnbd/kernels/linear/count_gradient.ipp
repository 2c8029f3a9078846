#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/count_gradient.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/linear/scratch.hpp>
#include <snnbd/kernels/linear/tiling.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/simd/registers.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Adds what a channel's values met at `Taps` neighbouring taps to their rows of the gradient.
///
/// @param shift from a value's place to that of the first tap
/// @param columns at most a panel
template <class Scalar, int Taps>
void add_count_taps(const CountChannels<Scalar>& counts, Index channel, const Scalar* plane,
                    Index shift, Index row_stride, Index tap_stride, int columns,
                    Scalar* gradient) {
  with_registers<Scalar>(columns, [&](auto registers) {
    constexpr int held = decltype(registers)::value;
    constexpr int width = lanes::width<Scalar>;
    std::array<Sums<Scalar, held>, std::size_t{Taps}> sums;
    for (auto& sum : sums) sum.fill(lanes::Batch<Scalar>(Scalar{0}));
    for (Index frame = 0; frame < counts.frames; ++frame) {
      const Index list = channel * counts.frames + frame;
      const Index end = counts.ends[static_cast<std::size_t>(list)];
      const std::int32_t* const entries = counts.entries.data() + list * counts.pixels;
      const Scalar* const values = counts.values.data() + list * counts.pixels;
      for (Index i = 0; i < end; ++i) {
        const lanes::Batch<Scalar> value(values[i]);
        // The next tap of the kernel met the place before.
        const Scalar* const place = plane + (entries[i] + shift) * row_stride;
#pragma GCC unroll 3
        for (int tap = 0; tap < Taps; ++tap)
          add_multiple<Scalar, held>(sums[static_cast<std::size_t>(tap)], value,
                                     place - tap * row_stride);
      }
    }
    for (int tap = 0; tap < Taps; ++tap)
      for (int v = 0; v < held; ++v) {
        Scalar* const target = gradient + tap * tap_stride + v * width;
        const int left = columns - v * width;
        lanes::store(target,
                     lanes::load(static_cast<const Scalar*>(target), left) +
                         sums[static_cast<std::size_t>(tap)][static_cast<std::size_t>(v)],
                     left);
      }
  });
}

}  // namespace detail

template <class Scalar>
void count_weight_gradient(CountView<Scalar> in, const ConvGeometry& geometry, const Scalar* plane,
                           Scratch& scratch, Scalar* gradient) {
  constexpr Index wide = panel_width<Scalar>;
  const Index channels = geometry.in.channels;
  const Index columns = geometry.out.channels;
  const Index steps = in.values.extent.steps;
  const Index samples = in.values.extent.samples;
  const Index panels = panel_count<Scalar>(columns);
  const Shape places = geometry.plane();
  // As many as the dense product sums at a time: that has the border of the input too.
  const Index group = detail::group_size(steps * geometry.padded().size(), samples);
  const Index room = group * steps * geometry.in.size();
  CountChannels<Scalar> counts{
      0, geometry.in.pixels(), scratch.get<EventStarts, std::int32_t>(channels * group * steps),
      scratch.get<GroupValues, std::int32_t>(room), scratch.get<PaddedImages, Scalar>(room)};
  for (Index first = 0; first < samples; first += group) {
    counts.frames = (std::min(samples, first + group) - first) * steps;
    list_count_channels(in.values, first, geometry, counts);
    const Scalar* const group_plane = plane + first * steps * places.size();
    parallel_for(channels * panels * geometry.kernel_height, [&](Index task) {
      const Index channel = task / geometry.kernel_height % channels;
      const Index column = task / geometry.kernel_height / channels * wide;
      const Index y = task % geometry.kernel_height;
      const int used = static_cast<int>(std::min(wide, columns - column));
      const auto add = [&]<int Taps>(int tap) {
        detail::add_count_taps<Scalar, Taps>(
            counts, channel, group_plane + column,
            (geometry.kernel_height - 1 - y) * places.width + geometry.kernel_width - 1 - tap,
            columns, channels * columns, used,
            gradient + ((y * geometry.kernel_width + tap) * channels + channel) * columns + column);
      };
      int tap = 0;
      for (; tap + 3 <= geometry.kernel_width; tap += 3) add.template operator()<3>(tap);
      for (; tap < geometry.kernel_width; ++tap) add.template operator()<1>(tap);
    });
  }
}

template <class Scalar>
void conv_weight_gradient(CountView<Scalar> in, const ConvGeometry& geometry, const Scalar* plane,
                          Scratch& scratch, Scalar* gradient) {
  if (density(in) < dense_count_gradient_from_density) {
    count_weight_gradient(in, geometry, plane, scratch, gradient);
  } else {
    conv_weight_gradient(in.values, geometry, plane, scratch, gradient);
  }
}

template <class Scalar>
void count_connect_weight_gradient(CountView<Scalar> in, const Scalar* output_gradient,
                                   Index columns, Scalar* gradient) {
  constexpr Index wide = panel_width<Scalar>;
  const Index frames = in.values.extent.frames();
  const Index units = in.values.frame_size();
  parallel_ranges(units, Index{word_bits}, [&](Index first, Index last) {
    std::int32_t* const ends = thread_scratch<struct UnitEnds, std::int32_t>(word_bits);
    std::int32_t* const entries =
        thread_scratch<struct UnitFrames, std::int32_t>((last - first) * frames);
    Scalar* const values = thread_scratch<struct UnitValues, Scalar>((last - first) * frames);
    std::fill_n(ends, last - first, 0);
    for (Index frame = 0; frame < frames; ++frame) {
      const Scalar* const value = in.values.data + frame * units + first;
      detail::for_each_count(value, last - first, [&](Index unit) {
        const Index next = unit * frames + ends[unit]++;
        entries[next] = static_cast<std::int32_t>(frame);
        values[next] = value[unit];
      });
    }
    for (Index column = 0; column < columns; column += wide)
      for (Index unit = 0; unit < last - first; ++unit) {
        if (ends[unit] == 0) continue;
        // A unit is a channel of one list, at a tap that meets the frame's gradient.
        const CountChannels<Scalar> list{
            1, frames, {ends + unit, 1}, {entries + unit * frames, 1}, {values + unit * frames, 1}};
        detail::add_count_taps<Scalar, 1>(list, 0, output_gradient + column, 0, columns, 0,
                                          static_cast<int>(std::min(wide, columns - column)),
                                          gradient + (first + unit) * columns + column);
      }
  });
}

template <class Scalar>
void connect_weight_gradient(CountView<Scalar> in, const Scalar* output_gradient, Index columns,
                             Scratch& scratch, Scalar* gradient) {
  if (density(in) < dense_count_gradient_from_density) {
    count_connect_weight_gradient(in, output_gradient, columns, gradient);
  } else {
    connect_weight_gradient<Scalar>(in.values, output_gradient, columns, scratch, gradient);
  }
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                                  \
  template void count_weight_gradient<Scalar>(CountView<Scalar>, const ConvGeometry&,              \
                                              const Scalar*, Scratch&, Scalar*);                   \
  template void conv_weight_gradient<Scalar>(CountView<Scalar>, const ConvGeometry&,               \
                                             const Scalar*, Scratch&, Scalar*);                    \
  template void count_connect_weight_gradient<Scalar>(CountView<Scalar>, const Scalar*, Index,     \
                                                      Scalar*);                                    \
  template void connect_weight_gradient<Scalar>(CountView<Scalar>, const Scalar*, Index, Scratch&, \
                                                Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
