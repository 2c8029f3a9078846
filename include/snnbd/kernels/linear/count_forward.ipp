#pragma once

#include <algorithm>

#include <snnbd/kernels/linear/count_forward.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/simd/registers.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
void add_counts(const CountRows& rows, const Scalar* frame, const ConvGeometry& geometry,
                const CountTile& tile, const Scalar* panel, const Scalar* bias,
                const TileTarget<Scalar>& target) {
  detail::with_registers<Scalar>(target.columns, [&](auto registers) {
    using Batch = lanes::Batch<Scalar>;
    constexpr int count = decltype(registers)::value;
    constexpr int width = lanes::width<Scalar>;
    constexpr Index wide = panel_width<Scalar>;
    const int channels = geometry.in.channels;
    const int stride = geometry.stride;
    const int padding = geometry.padding;
    const int taps = geometry.kernel_width;
    const int first = static_cast<int>(tile.x);
    const int last = first + tile.pixels - 1;
    const Index cell = target.pixel_stride;
    Scalar* const sums = target.data;

    detail::Sums<Scalar, count> start;
    for (int v = 0; v < count; ++v)
      start[static_cast<std::size_t>(v)] =
          bias == nullptr ? Batch(Scalar{0})
                          : lanes::load(bias + v * width, target.columns - v * width);
    for (int pixel = 0; pixel < tile.pixels; ++pixel)
      for (int v = 0; v < count; ++v)
        start[static_cast<std::size_t>(v)].store_aligned(sums + pixel * cell + v * width);
    // The inputs that reach these outputs, in entries of a row.
    const int from = (first * stride - padding) * channels;
    const int to = (last * stride - padding + taps) * channels;
    for (int kernel_y = 0; kernel_y < geometry.kernel_height; ++kernel_y) {
      const Index y = tile.y * stride - padding + kernel_y;
      if (y < 0 || y >= geometry.in.height) continue;
      const Scalar* const values = frame + y * geometry.in.width * channels;
      const Scalar* const weights = panel + (kernel_y * taps + padding) * channels * wide;
      const std::int32_t* const end = rows.end(tile.frame, y);
      const std::int32_t* entry = std::lower_bound(rows.begin(tile.frame, y), end, from);
      for (; entry != end && *entry < to; ++entry) {
        const Batch value(values[*entry]);
        // The outputs whose kernel covers the value, none before the tile or behind it.
        const int right = *entry / channels + padding;
        const int left = right - taps + 1;
        const int begin = std::max(first, stride == 1 ? left
                                          : left <= 0 ? 0
                                                      : (left + stride - 1) / stride);
        const int finish = std::min(last, stride == 1 ? right : right / stride);
        const Scalar* row =
            weights + (*entry - static_cast<Index>(begin) * stride * channels) * wide;
        Scalar* place = sums + (begin - first) * cell;
        for (int x = begin; x <= finish; ++x) {
#pragma GCC unroll 4
          for (int v = 0; v < count; ++v)
            xsimd::fma(value, Batch::load_aligned(row + v * width),
                       Batch::load_aligned(place + v * width))
                .store_aligned(place + v * width);
          place += cell;
          row -= static_cast<Index>(stride) * channels * wide;
        }
      }
    }
  });
}

template <class Scalar>
void connect_frame(const CountRows& rows, const Scalar* frame, Index number, const Scalar* weights,
                   Index stride, const Scalar* bias, const TileTarget<Scalar>& target) {
  detail::with_registers<Scalar>(target.columns, [&](auto registers) {
    using Batch = lanes::Batch<Scalar>;
    constexpr int count = decltype(registers)::value;
    constexpr int width = lanes::width<Scalar>;
    detail::Sums<Scalar, count> sums;
    for (int v = 0; v < count; ++v)
      sums[static_cast<std::size_t>(v)] =
          bias == nullptr ? Batch(Scalar{0})
                          : lanes::load(bias + v * width, target.columns - v * width);
    const std::int32_t* const end = rows.end(number, 0);
    for (const std::int32_t* entry = rows.begin(number, 0); entry != end; ++entry)
      detail::add_multiple<Scalar, count>(sums, Batch(frame[*entry]), weights + *entry * stride);
    for (int v = 0; v < count; ++v)
      sums[static_cast<std::size_t>(v)].store_aligned(target.data + v * width);
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                            \
  template void add_counts<Scalar>(const CountRows&, const Scalar*, const ConvGeometry&,     \
                                   const CountTile&, const Scalar*, const Scalar*,           \
                                   const TileTarget<Scalar>&);                               \
  template void connect_frame<Scalar>(const CountRows&, const Scalar*, Index, const Scalar*, \
                                      Index, const Scalar*, const TileTarget<Scalar>&);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
