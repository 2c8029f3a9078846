#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/count_gradient.hpp>
#include <snnbd/kernels/linear/event_weight_gradient.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/linear/scratch.hpp>
#include <snnbd/kernels/linear/tiling.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/simd/registers.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// sums[tap] += the values of a list times the rows that they met at each tap.
///
/// @param entries numbers of rows, for the first tap of no shift
/// @param shift from an entry's row to that of each tap, in values
template <class Scalar, int Held, std::size_t Taps>
void add_count_rows(const std::int32_t* entries, const Scalar* values, Index count,
                    const Scalar* rows, Index row_stride, const std::array<Index, Taps>& shift,
                    std::array<Sums<Scalar, Held>, Taps>& sums) {
  for (Index i = 0; i < count; ++i) {
    const lanes::Batch<Scalar> value(values[i]);
    const Scalar* const row = rows + entries[i] * row_stride;
#pragma GCC unroll 9
    for (std::size_t tap = 0; tap < Taps; ++tap)
      add_multiple<Scalar, Held>(sums[tap], value, row + shift[tap]);
  }
}

/// target += sums
template <class Scalar, int Held>
void add_sums(Scalar* target, const Sums<Scalar, Held>& sums, int columns) {
  constexpr int width = lanes::width<Scalar>;
  for (int v = 0; v < Held; ++v) {
    Scalar* const place = target + v * width;
    const int left = columns - v * width;
    lanes::store(
        place,
        lanes::load(static_cast<const Scalar*>(place), left) + sums[static_cast<std::size_t>(v)],
        left);
  }
}

/// Adds what a channel's values met at `Taps` taps, from number `first` on, to their rows of the
/// gradient.
///
/// @param plane, gradient from the first of the columns on
template <class Scalar, int Taps>
void add_count_taps(const CountChannels<Scalar>& counts, Index channel,
                    const ConvGeometry& geometry, int first, const Scalar* plane, int columns,
                    Scalar* gradient) {
  constexpr int held = slab_width<Scalar> / lanes::width<Scalar>;
  const Index row_stride = geometry.out.channels;
  std::array<Sums<Scalar, held>, std::size_t{Taps}> sums;
  std::array<Index, std::size_t{Taps}> shift{};
  for (int tap = 0; tap < Taps; ++tap) {
    const int y = (first + tap) / geometry.kernel_width;
    const int x = (first + tap) % geometry.kernel_width;
    shift[static_cast<std::size_t>(tap)] =
        ((geometry.kernel_height - 1 - y) * Index{geometry.plane().width} + geometry.kernel_width -
         1 - x) *
        row_stride;
    sums[static_cast<std::size_t>(tap)].fill(lanes::Batch<Scalar>(Scalar{0}));
  }
  for (Index frame = 0; frame < counts.frames; ++frame) {
    const Index list = channel * counts.frames + frame;
    add_count_rows<Scalar, held>(
        counts.entries.data() + list * counts.pixels, counts.values.data() + list * counts.pixels,
        Index{counts.ends[static_cast<std::size_t>(list)]}, plane, row_stride, shift, sums);
  }
  for (int tap = 0; tap < Taps; ++tap)
    add_sums<Scalar, held>(gradient + ((first + tap) * geometry.in.channels + channel) * row_stride,
                           sums[static_cast<std::size_t>(tap)], columns);
}

}  // namespace detail

template <class Scalar>
void count_weight_gradient(CountView<Scalar> in, const ConvGeometry& geometry, const Scalar* plane,
                           Scratch& scratch, Scalar* gradient) {
  constexpr Index wide = slab_width<Scalar>;
  const Index channels = geometry.in.channels;
  const Index columns = geometry.out.channels;
  const Index steps = in.values.extent.steps;
  const Index samples = in.values.extent.samples;
  const Index slabs = (columns + wide - 1) / wide;
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
    parallel_for(channels * slabs, [&](Index task) {
      const Index channel = task % channels;
      const Index column = task / channels * wide;
      const int used = static_cast<int>(std::min(wide, columns - column));
      const auto add = [&]<int Taps>(int tap) {
        detail::add_count_taps<Scalar, Taps>(counts, channel, geometry, tap, group_plane + column,
                                             used, gradient + column);
      };
      const int taps = static_cast<int>(geometry.taps());
      int tap = 0;
      for (; tap + 9 <= taps; tap += 9) add.template operator()<9>(tap);
      for (; tap + 3 <= taps; tap += 3) add.template operator()<3>(tap);
      for (; tap < taps; ++tap) add.template operator()<1>(tap);
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
    for (Index column = 0; column < columns; column += wide) {
      const int used = static_cast<int>(std::min(wide, columns - column));
      detail::with_registers<Scalar>(used, [&](auto registers) {
        constexpr int held = decltype(registers)::value;
        for (Index unit = 0; unit < last - first; ++unit) {
          if (ends[unit] == 0) continue;
          std::array<detail::Sums<Scalar, held>, 1> sums;
          sums[0].fill(lanes::Batch<Scalar>(Scalar{0}));
          detail::add_count_rows<Scalar, held>(entries + unit * frames, values + unit * frames,
                                               Index{ends[unit]}, output_gradient + column, columns,
                                               std::array<Index, 1>{}, sums);
          detail::add_sums<Scalar, held>(gradient + (first + unit) * columns + column, sums[0],
                                         used);
        }
      });
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
