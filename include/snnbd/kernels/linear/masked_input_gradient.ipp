#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <span>
#include <utility>
#include <vector>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/masked_input_gradient.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/simd/registers.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Pixels that take a slice of the weights in turn.
inline constexpr Index masked_block_pixels = 512;

/// A pixel at which some of 64 neighbouring channels are masked.
struct MaskedPixel {
  Index gradient = 0;  ///< where its gradients begin, in values
  Index result = 0;    ///< where the result of the first of the channels belongs
  Word units = 0;
};

/// A tap of the kernel that reaches a pixel: how far from the pixel's first gradient and from the
/// first channel's weights its own stand, in values.
struct MaskedTap {
  Index gradient = 0;
  Index weights = 0;
};

/// A part of the products of one unit: registers of neighbouring columns of some taps.
struct MaskedPart {
  struct Register {
    MaskedTap place;
    int used = 0;
  };
  std::array<Register, std::size_t{held_sums}> registers{};
  int count = 0;
};

/// The registers `first` to `last` of all, numbered by the columns and within them by the taps.
template <class Scalar>
MaskedPart masked_part(std::span<const MaskedTap> taps, Index columns, Index first, Index last) {
  constexpr Index width = lanes::width<Scalar>;
  const auto tap_count = static_cast<Index>(taps.size());
  MaskedPart part;
  for (Index number = first; number < last; ++number) {
    const Index column = number / tap_count * width;
    const MaskedTap& tap = taps[static_cast<std::size_t>(number % tap_count)];
    part.registers[static_cast<std::size_t>(part.count++)] = {
        {tap.gradient + column, tap.weights + column},
        static_cast<int>(std::min(width, columns - column))};
  }
  return part;
}

/// Copies the weights of the channels in `needed`, [channel][register], zeros past the last column.
template <class Scalar>
void copy_masked_slice(const Scalar* weights, Index columns, const MaskedPart& part, Word needed,
                       Scalar* slice) {
  constexpr Index width = lanes::width<Scalar>;
  for (; needed != 0; needed &= needed - 1) {
    const Index channel = std::countr_zero(needed);
    const Scalar* const row = weights + channel * columns;
    Scalar* target = slice + channel * part.count * width;
    for (int r = 0; r < part.count; ++r, target += width) {
      const MaskedPart::Register& from = part.registers[static_cast<std::size_t>(r)];
      lanes::load(row + from.place.weights, from.used).store_aligned(target);
    }
  }
}

/// Sets or adds to one register of sums for each masked unit, in the order of pixels and channels.
template <class Scalar, int Count>
void add_masked_products(const Scalar* gradient, const MaskedPart& part,
                         std::span<const MaskedPixel> pixels, const Scalar* slice, bool add,
                         Scalar* sums) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  for (const MaskedPixel& pixel : pixels) {
    Batch slope[std::size_t{Count}];
#pragma GCC unroll 24
    for (int r = 0; r < Count; ++r) {
      const MaskedPart::Register& from = part.registers[static_cast<std::size_t>(r)];
      slope[r] = lanes::load(gradient + pixel.gradient + from.place.gradient, from.used);
    }
    for (Word rest = pixel.units; rest != 0; rest &= rest - 1, sums += width) {
      const Scalar* const weight = slice + Index{std::countr_zero(rest)} * Count * width;
      // Two chains, as a product waits for the one before it.
      Batch even = add ? Batch::load_aligned(sums) : Batch(Scalar{0});
      Batch odd(Scalar{0});
#pragma GCC unroll 24
      for (int r = 0; r < Count; ++r) {
        Batch& sum = r % 2 == 0 ? even : odd;
        sum = xsimd::fma(slope[r], Batch::load_aligned(weight + r * width), sum);
      }
      (even + odd).store_aligned(sums);
    }
  }
}

template <class Scalar, int... Counts>
void add_masked_part(const Scalar* gradient, const MaskedPart& part,
                     std::span<const MaskedPixel> pixels, const Scalar* slice, bool add,
                     Scalar* sums, std::integer_sequence<int, Counts...>) {
  (void)((part.count == Counts + 1 &&
          (add_masked_products<Scalar, Counts + 1>(gradient, part, pixels, slice, add, sums),
           true)) ||
         ...);
}

/// The gradients of the masked units of some pixels, among at most 64 channels.
///
/// @param weights of the first channel; the next one's are `columns` further
template <class Scalar>
void masked_products(const Scalar* gradient, const Scalar* weights, Index columns,
                     std::span<const MaskedTap> taps, std::span<const MaskedPixel> pixels,
                     Scalar* result) {
  using Batch = lanes::Batch<Scalar>;
  constexpr Index width = lanes::width<Scalar>;
  Word needed = 0;
  Index units = 0;
  for (const MaskedPixel& pixel : pixels) {
    needed |= pixel.units;
    units += std::popcount(pixel.units);
  }
  const Index registers = static_cast<Index>(taps.size()) * ((columns + width - 1) / width);
  if (units == 0 || registers == 0) return;
  Scalar* const sums = thread_scratch<struct MaskedSums, Scalar>(units * width);
  Scalar* const slice = thread_scratch<struct MaskedSlice, Scalar>(word_bits * held_sums * width);
  const Index parts = (registers + held_sums - 1) / held_sums;
  for (Index number = 0; number < parts; ++number) {
    const MaskedPart part = masked_part<Scalar>(taps, columns, number * registers / parts,
                                                (number + 1) * registers / parts);
    copy_masked_slice(weights, columns, part, needed, slice);
    add_masked_part<Scalar>(gradient, part, pixels, slice, number > 0, sums,
                            std::make_integer_sequence<int, held_sums>{});
  }
  const Scalar* sum = sums;
  for (const MaskedPixel& pixel : pixels)
    for (Word rest = pixel.units; rest != 0; rest &= rest - 1, sum += width)
      result[pixel.result + std::countr_zero(rest)] = xsimd::hadd(Batch::load_aligned(sum));
}

/// The taps that reach the pixels whose row and column have these remainders by the stride: those
/// of the others meet nothing but the plane's zeros.
inline std::vector<MaskedTap> masked_taps(const ConvGeometry& geometry, int row, int column) {
  const Shape plane = geometry.plane();
  std::vector<MaskedTap> taps;
  for (int y = 0; y < geometry.kernel_height; ++y) {
    for (int x = 0; x < geometry.kernel_width; ++x) {
      if ((row + geometry.padding - y) % geometry.stride != 0) continue;
      if ((column + geometry.padding - x) % geometry.stride != 0) continue;
      const Index place = static_cast<Index>(geometry.kernel_height - 1 - y) * plane.width +
                          (geometry.kernel_width - 1 - x);
      const Index tap = static_cast<Index>(y) * geometry.kernel_width + x;
      taps.push_back({place * plane.channels, tap * geometry.in.channels * geometry.out.channels});
    }
  }
  return taps;
}

/// Whether so few units are masked that it pays to ask which.
inline bool are_few(SpikeView<const Word> mask) {
  return mask.words != nullptr && density(mask) < dense_input_from_density;
}

}  // namespace detail

template <class Scalar>
void masked_conv_input_gradient(const Scalar* plane, const Scalar* weights,
                                const ConvGeometry& geometry, SpikeView<const Word> mask,
                                Scalar* input_gradient) {
  const Shape in = geometry.in;
  const Shape spread = geometry.plane();
  const Index words = words_per_pixel(in.channels);
  const Index pixels = mask.extent.frames() * in.pixels();
  const Index blocks = (pixels + detail::masked_block_pixels - 1) / detail::masked_block_pixels;
  const int stride = geometry.stride;
  std::vector<std::vector<detail::MaskedTap>> taps;
  for (int row = 0; row < stride; ++row)
    for (int column = 0; column < stride; ++column)
      taps.push_back(detail::masked_taps(geometry, row, column));
  parallel_for(words * blocks, [&](Index task) {
    const Index word = task / blocks;
    const Index first = task % blocks * detail::masked_block_pixels;
    const Index last = std::min(pixels, first + detail::masked_block_pixels);
    const Index channel = word * word_bits;
    const Index channels = std::min<Index>(word_bits, in.channels - channel);
    std::vector<std::vector<detail::MaskedPixel>> listed(taps.size());
    for (Index pixel = first; pixel < last; ++pixel) {
      const Index result = pixel * in.channels + channel;
      std::fill_n(input_gradient + result, channels, Scalar{0});
      const Word units = mask.words[pixel * words + word];
      if (units == 0) continue;
      const Index frame = pixel / in.pixels();
      const Index y = pixel % in.pixels() / in.width;
      const Index x = pixel % in.width;
      listed[static_cast<std::size_t>(y % stride * stride + x % stride)].push_back(
          {((frame * spread.height + y) * spread.width + x) * spread.channels, result, units});
    }
    for (std::size_t i = 0; i < taps.size(); ++i)
      detail::masked_products<Scalar>(plane, weights + channel * spread.channels,
                                      Index{spread.channels}, taps[i], listed[i], input_gradient);
  });
}

template <class Scalar>
void masked_connect_input_gradient(const Scalar* output_gradient, const Scalar* weights,
                                   SpikeView<const Word> mask, Index columns,
                                   Scalar* input_gradient) {
  const Shape in = mask.shape;
  const Index words = words_per_pixel(in.channels);
  const Index frames = mask.extent.frames();
  const Index blocks = (frames + detail::masked_block_pixels - 1) / detail::masked_block_pixels;
  const std::array<detail::MaskedTap, 1> whole{};
  parallel_for(mask.frame_words() * blocks, [&](Index task) {
    const Index word = task / blocks;
    const Index first = task % blocks * detail::masked_block_pixels;
    const Index last = std::min(frames, first + detail::masked_block_pixels);
    const Index channel = word % words * word_bits;
    const Index unit = word / words * in.channels + channel;
    std::vector<detail::MaskedPixel> listed;
    for (Index frame = first; frame < last; ++frame) {
      const Index result = frame * in.size() + unit;
      std::fill_n(input_gradient + result, std::min<Index>(word_bits, in.channels - channel),
                  Scalar{0});
      const Word units = mask.words[frame * mask.frame_words() + word];
      if (units != 0) listed.push_back({frame * columns, result, units});
    }
    detail::masked_products<Scalar>(output_gradient, weights + unit * columns, columns, whole,
                                    listed, input_gradient);
  });
}

template <class Scalar>
void conv_input_gradient(const Scalar* plane, const Scalar* weights, const ConvGeometry& geometry,
                         SpikeView<const Word> mask, Scratch& scratch, Scalar* input_gradient) {
  if (detail::are_few(mask)) {
    masked_conv_input_gradient(plane, weights, geometry, mask, input_gradient);
  } else {
    conv_input_gradient(plane, weights, geometry, mask.extent.frames(), scratch, input_gradient);
  }
}

template <class Scalar>
void connect_input_gradient(const Scalar* output_gradient, const Scalar* weights,
                            SpikeView<const Word> mask, Index columns, Scalar* input_gradient) {
  if (detail::are_few(mask)) {
    masked_connect_input_gradient(output_gradient, weights, mask, columns, input_gradient);
  } else {
    connect_input_gradient(output_gradient, weights, mask.extent.frames(), mask.shape.size(),
                           columns, input_gradient);
  }
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                              \
  template void conv_input_gradient<Scalar>(const Scalar*, const Scalar*, const ConvGeometry&, \
                                            SpikeView<const Word>, Scratch&, Scalar*);         \
  template void connect_input_gradient<Scalar>(const Scalar*, const Scalar*,                   \
                                               SpikeView<const Word>, Index, Scalar*);         \
  template void masked_conv_input_gradient<Scalar>(                                            \
      const Scalar*, const Scalar*, const ConvGeometry&, SpikeView<const Word>, Scalar*);      \
  template void masked_connect_input_gradient<Scalar>(const Scalar*, const Scalar*,            \
                                                      SpikeView<const Word>, Index, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
