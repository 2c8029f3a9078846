#pragma once

#include <algorithm>

#include <snnbd/kernels/linear/event_conv.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/simd/registers.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

SNNBD_INLINE std::vector<Slice> slices_of(const ConvGeometry& geometry) {
  constexpr int most_rows = 6 * word_bits;  // of a panel: 96 KiB, in the second cache
  const int channels = geometry.in.channels;
  const int words = words_per_pixel(channels);
  const int taps = std::clamp(most_rows / channels, 1, geometry.kernel_width);
  const int together = std::min(words, most_rows / word_bits);
  std::vector<Slice> slices;
  Index row = 0;
  for (int y = 0; y < geometry.kernel_height; ++y) {
    for (int tap = 0; tap < geometry.kernel_width; tap += taps) {
      for (int word = 0; word < words; word += together) {
        Slice slice{y,
                    tap,
                    std::min(tap + taps, geometry.kernel_width),
                    word,
                    std::min(word + together, words),
                    row};
        slice.rows = Index{slice.last_tap - tap} *
                     (std::min(slice.last_word * word_bits, channels) - word * word_bits);
        row += slice.rows;
        slices.push_back(slice);
      }
    }
  }
  return slices;
}

template <class Scalar>
void add_slice(const RowEvents& events, const ConvGeometry& geometry, const Slice& slice,
               const Scalar* weights, const OutputBlock& block, const TileTarget<Scalar>& sums) {
  detail::with_registers<Scalar>(sums.columns, [&](auto registers) {
    constexpr int count = decltype(registers)::value;
    constexpr Index wide = panel_width<Scalar>;
    constexpr int width = lanes::width<Scalar>;
    // Copies that stay in registers: through references each would be read again for each output.
    const Shape in = geometry.in;
    const int stride = geometry.stride;
    const Index words = words_per_pixel(in.channels);
    const Index row_words = in.width * words;
    const int taps = slice.last_tap - slice.first_tap;
    const Index first_word = slice.first_word;
    const Index last_word = slice.last_word - words;
    const Index first_input = first_word * word_bits;
    const Index cell_stride = sums.pixel_stride;
    const int pixels = block.width;
    const std::int32_t* const entries = events.entries.data();
    const Scalar* const panel = weights;
    const int first_y = block.first_y * stride - geometry.padding + slice.kernel_y;
    const int first_x = block.first_x * stride - geometry.padding + slice.first_tap;
    Scalar* cell = sums.data;
    for (Index frame = 0; frame < block.frames; ++frame) {
      const std::int32_t* const starts =
          events.starts.data() + (block.first_frame + frame) * in.height * row_words;
      for (int row = 0; row < block.rows; ++row) {
        const int y = first_y + row * stride;
        if (y < 0 || y >= in.height) {
          cell += pixels * cell_stride;
          continue;
        }
        const std::int32_t* const row_starts = starts + y * row_words;
        for (int pixel = 0, left = first_x; pixel < pixels; ++pixel, left += stride) {
          Scalar* const place = cell;
          cell += cell_stride;
          const int from = std::max(0, left);
          const int to = std::min(in.width, left + taps);
          if (from >= to) continue;
          const std::int32_t* entry = entries + row_starts[from * words + first_word];
          const std::int32_t* const end = entries + row_starts[to * words + last_word];
          if (entry == end) continue;
          const Scalar* const base =
              panel - (static_cast<Index>(left) * in.channels + first_input) * wide;
          detail::Sums<Scalar, count> total;
#pragma GCC unroll 4
          for (int v = 0; v < count; ++v)
            total[static_cast<std::size_t>(v)] =
                lanes::Batch<Scalar>::load_aligned(place + v * width);
          for (; entry != end; ++entry) detail::add_row<Scalar, count>(total, base + *entry * wide);
#pragma GCC unroll 4
          for (int v = 0; v < count; ++v)
            total[static_cast<std::size_t>(v)].store_aligned(place + v * width);
        }
      }
    }
  });
}

template <class Scalar>
void scale_sums(Index cells, Scalar amplitude, const Scalar* bias, const TileTarget<Scalar>& sums) {
  constexpr int width = lanes::width<Scalar>;
  const lanes::Batch<Scalar> factor(amplitude);
  for (int c = 0; c < sums.columns; c += width) {
    const auto start =
        bias == nullptr ? lanes::Batch<Scalar>(Scalar{0}) : lanes::load(bias + c, sums.columns - c);
    for (Index cell = 0; cell < cells; ++cell) {
      Scalar* const place = sums.data + cell * sums.pixel_stride + c;
      xsimd::fma(lanes::Batch<Scalar>::load_aligned(place), factor, start).store_aligned(place);
    }
  }
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                                \
  template void add_slice<Scalar>(const RowEvents&, const ConvGeometry&, const Slice&,           \
                                  const Scalar*, const OutputBlock&, const TileTarget<Scalar>&); \
  template void scale_sums<Scalar>(Index, Scalar, const Scalar*, const TileTarget<Scalar>&);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
