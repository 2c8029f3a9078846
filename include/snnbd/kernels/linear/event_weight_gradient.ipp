#pragma once

#include <algorithm>
#include <array>
#include <bit>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/event_weight_gradient.hpp>
#include <snnbd/kernels/linear/panel.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Adds the gradients that a channel's events met at `Taps` taps, from number `first` on, to their
/// rows of the weight gradient.
template <class Scalar, int Taps>
void add_taps(const std::int32_t* entries, Index count, const ConvGeometry& geometry, int first,
              const Scalar* slab, int columns, Scalar amplitude, Scalar* gradient) {
  constexpr Index wide = slab_width<Scalar>;
  constexpr int held = slab_width<Scalar> / lanes::width<Scalar>;
  const Index plane_width = geometry.plane().width;
  std::array<Sums<Scalar, held>, std::size_t{Taps}> sums;
  std::array<Index, std::size_t{Taps}> shift{};
  for (int tap = 0; tap < Taps; ++tap) {
    const auto number = static_cast<std::size_t>(tap);
    const int y = (first + tap) / geometry.kernel_width;
    const int x = (first + tap) % geometry.kernel_width;
    shift[number] =
        ((geometry.kernel_height - 1 - y) * plane_width + geometry.kernel_width - 1 - x) * wide;
    sums[number].fill(lanes::Batch<Scalar>(Scalar{0}));
  }
  for (const std::int32_t* entry = entries; entry != entries + count; ++entry) {
    const Scalar* const place = slab + *entry * wide;
#pragma GCC unroll 9
    for (std::size_t tap = 0; tap < std::size_t{Taps}; ++tap)
      add_row<Scalar, held>(sums[tap], place + shift[tap]);
  }
  const Index row_stride = geometry.out.channels;
  for (int tap = 0; tap < Taps; ++tap)
    add_to<Scalar, held>(gradient + (first + tap) * geometry.in.channels * row_stride,
                         sums[static_cast<std::size_t>(tap)], amplitude, columns);
}

}  // namespace detail

template <class Scalar>
void copy_slab(const Scalar* matrix, Index rows, Index stride, int columns, Scalar* slab) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  constexpr Index wide = slab_width<Scalar>;
  if (columns == wide) {
    for (Index row = 0; row < rows; ++row)
      for (int v = 0; v < wide; v += width)
        Batch::load_unaligned(matrix + row * stride + v).store_unaligned(slab + row * wide + v);
    return;
  }
  for (Index row = 0; row < rows; ++row) {
    std::copy_n(matrix + row * stride, columns, slab + row * wide);
    std::fill_n(slab + row * wide + columns, wide - columns, Scalar{0});
  }
}

template <class Scalar>
void spike_conv_weight_gradient(const ChannelEvents& events, Index first_channel,
                                Index last_channel, const ConvGeometry& geometry,
                                const Scalar* slab, int columns, Scalar amplitude,
                                Scalar* gradient) {
  const int taps = static_cast<int>(geometry.taps());
  for (Index channel = first_channel; channel < last_channel; ++channel) {
    Scalar* const target = gradient + channel * geometry.out.channels;
    const Index count = events.counts[static_cast<std::size_t>(channel)];
    if (count == 0) continue;
    const std::int32_t* const entries = events.entries.data() + channel * events.capacity;
    int tap = 0;
    for (; tap + 9 <= taps; tap += 9)
      detail::add_taps<Scalar, 9>(entries, count, geometry, tap, slab, columns, amplitude, target);
    for (; tap + 3 <= taps; tap += 3)
      detail::add_taps<Scalar, 3>(entries, count, geometry, tap, slab, columns, amplitude, target);
    for (; tap < taps; ++tap)
      detail::add_taps<Scalar, 1>(entries, count, geometry, tap, slab, columns, amplitude, target);
  }
}

template <class Scalar>
void spike_dense_weight_gradient(SpikeView<const Word> spikes, const Scalar* frame_gradients,
                                 Index columns, Scalar amplitude, Scalar* gradient) {
  constexpr Index frame_block = 1024;
  constexpr Index wide = panel_width<Scalar>;
  const Index frames = spikes.extent.frames();
  const Index words = spikes.pixel_words();
  const Index channels = spikes.shape.channels;
  parallel_for(spikes.frame_words(), [&](Index column_word) {
    const Index first_channel = column_word % words * word_bits;
    const Index first_unit = column_word / words * channels + first_channel;
    const Index units = std::min<Index>(word_bits, channels - first_channel);
    std::int32_t* const entries =
        thread_scratch<struct UnitLists, std::int32_t>(word_bits * frame_block);
    for (Index block = 0; block < frames; block += frame_block) {
      std::array<std::int32_t, word_bits> counts{};
      for (Index frame = block; frame < std::min(frames, block + frame_block); ++frame) {
        for (Word rest = spikes.words[frame * spikes.frame_words() + column_word]; rest != 0;
             rest &= rest - 1) {
          const auto bit = static_cast<std::size_t>(std::countr_zero(rest));
          entries[static_cast<Index>(bit) * frame_block + counts[bit]++] =
              static_cast<std::int32_t>(frame * columns);
        }
      }
      for (Index panel = 0; panel < columns; panel += wide) {
        const int used = static_cast<int>(std::min(wide, columns - panel));
        detail::with_registers<Scalar>(used, [&](auto registers) {
          constexpr int held = decltype(registers)::value;
          for (Index unit = 0; unit < units; ++unit) {
            const std::int32_t count = counts[static_cast<std::size_t>(unit)];
            if (count == 0) continue;
            detail::Sums<Scalar, held> sums;
            sums.fill(lanes::Batch<Scalar>(Scalar{0}));
            const std::int32_t* list = entries + unit * frame_block;
            for (std::int32_t i = 0; i < count; ++i)
              detail::add_row<Scalar, held>(sums, frame_gradients + list[i] + panel);
            detail::add_to<Scalar, held>(gradient + (first_unit + unit) * columns + panel, sums,
                                         amplitude, used);
          }
        });
      }
    }
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                                \
  template void copy_slab<Scalar>(const Scalar*, Index, Index, int, Scalar*);                    \
  template void spike_conv_weight_gradient<Scalar>(const ChannelEvents&, Index, Index,           \
                                                   const ConvGeometry&, const Scalar*, int,      \
                                                   Scalar, Scalar*);                             \
  template void spike_dense_weight_gradient<Scalar>(SpikeView<const Word>, const Scalar*, Index, \
                                                    Scalar, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
