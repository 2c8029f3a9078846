#pragma once

#include <algorithm>
#include <array>
#include <bit>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/panel.hpp>
#include <snnbd/kernels/registers.hpp>
#include <snnbd/kernels/spike_conv.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
void spike_conv_strip(const RowEvents& events, const std::int32_t* starts,
                      const ConvGeometry& geometry, const Scalar* panel, const Scalar* bias,
                      Scalar amplitude, int out_y, int out_x, int pixels,
                      const StripTarget<Scalar>& target) {
  constexpr Index wide = panel_width<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  const Index run = geometry.run();
  const std::int32_t* const entries = events.entries.data();
  const int top = out_y * geometry.stride - geometry.padding;
  const int first_tap = std::max(0, -top);
  const int last_tap = std::min(geometry.kernel_height, geometry.in.height - top);

  detail::with_registers<Scalar>(target.columns, [&](auto registers) {
    constexpr int count = decltype(registers)::value;
    for (int pixel = 0; pixel < pixels; ++pixel) {
      const int left = (out_x + pixel) * geometry.stride - geometry.padding;
      const int from = std::max(0, left);
      const int to = std::min(geometry.in.width, left + geometry.kernel_width);
      detail::Sums<Scalar, count> sums;
      sums.fill(lanes::Batch<Scalar>(Scalar{0}));
      for (int tap = first_tap; tap < last_tap; ++tap) {
        const std::int32_t* row = starts + static_cast<Index>(top + tap) * geometry.in.width;
        const Scalar* weights =
            panel + (tap * run - static_cast<Index>(left) * geometry.in.channels) * wide;
        const std::int32_t* const end = entries + row[to];
        for (const std::int32_t* entry = entries + row[from]; entry != end; ++entry)
          detail::add_row<Scalar, count>(sums, weights + *entry * wide);
      }
      Scalar* out = target.data + pixel * target.pixel_stride;
      for (int v = 0; v < count; ++v) {
        const int lanes_left = target.columns - v * width;
        const auto start = bias == nullptr ? lanes::Batch<Scalar>(Scalar{0})
                                           : lanes::load(bias + v * width, lanes_left);
        lanes::store(
            out + v * width,
            xsimd::fma(sums[static_cast<std::size_t>(v)], lanes::Batch<Scalar>(amplitude), start),
            lanes_left);
      }
    }
  });
}

template <class Scalar>
void spike_conv_weight_gradient(const std::int32_t* entries, Index count,
                                const ConvGeometry& geometry, const Scalar* plane, int columns,
                                Scalar amplitude, Scalar* gradient, Index tap_stride) {
  if (count == 0) return;
  const Shape shape = geometry.plane();
  const Index row_stride = static_cast<Index>(shape.width) * shape.channels;
  const int kernel_width = geometry.kernel_width;
  detail::with_registers<Scalar>(columns, [&](auto registers) {
    constexpr int held = decltype(registers)::value;
    constexpr std::size_t together = 3;
    for (int y = 0; y < geometry.kernel_height; ++y) {
      const Scalar* row = plane + (geometry.kernel_height - 1 - y) * row_stride;
      Scalar* taps = gradient + y * kernel_width * tap_stride;
      int x = 0;
      for (; x + 3 <= kernel_width; x += 3) {
        std::array<detail::Sums<Scalar, held>, together> sums;
        for (auto& sum : sums) sum.fill(lanes::Batch<Scalar>(Scalar{0}));
        const Scalar* right = row + static_cast<Index>(kernel_width - 1 - x) * shape.channels;
        for (Index i = 0; i < count; ++i) {
          const Scalar* place = right + entries[i];
          detail::add_row<Scalar, held>(sums[0], place);
          detail::add_row<Scalar, held>(sums[1], place - shape.channels);
          detail::add_row<Scalar, held>(sums[2], place - 2 * shape.channels);
        }
        for (std::size_t tap = 0; tap < together; ++tap)
          detail::add_to<Scalar, held>(taps + (x + static_cast<Index>(tap)) * tap_stride, sums[tap],
                                       amplitude, columns);
      }
      for (; x < kernel_width; ++x) {
        detail::Sums<Scalar, held> sums;
        sums.fill(lanes::Batch<Scalar>(Scalar{0}));
        const Scalar* right = row + static_cast<Index>(kernel_width - 1 - x) * shape.channels;
        for (Index i = 0; i < count; ++i) detail::add_row<Scalar, held>(sums, right + entries[i]);
        detail::add_to<Scalar, held>(taps + x * tap_stride, sums, amplitude, columns);
      }
    }
  });
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
  template void spike_conv_strip<Scalar>(const RowEvents&, const std::int32_t*,                  \
                                         const ConvGeometry&, const Scalar*, const Scalar*,      \
                                         Scalar, int, int, int, const StripTarget<Scalar>&);     \
  template void spike_conv_weight_gradient<Scalar>(const std::int32_t*, Index,                   \
                                                   const ConvGeometry&, const Scalar*, int,      \
                                                   Scalar, Scalar*, Index);                      \
  template void spike_dense_weight_gradient<Scalar>(SpikeView<const Word>, const Scalar*, Index, \
                                                    Scalar, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
