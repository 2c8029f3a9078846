#pragma once

#include <algorithm>
#include <array>
#include <utility>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/dense_conv.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/simd/registers.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

template <class Scalar, int Pixels, int Registers>
void dense_block(const Scalar* input, const Patch& patch, const Scalar* panel, const Scalar* bias,
                 const TileTarget<Scalar>& target) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  Batch sums[std::size_t{Pixels}][std::size_t{Registers}];
#pragma GCC unroll 4
  for (int v = 0; v < Registers; ++v) {
    const Batch start = bias == nullptr ? Batch(Scalar{0})
                                        : lanes::load(bias + v * width, target.columns - v * width);
#pragma GCC unroll 24
    for (int p = 0; p < Pixels; ++p) sums[p][v] = start;
  }
  const Scalar* weights = panel;
  for (Index row = 0; row < patch.rows; ++row) {
    const Scalar* value = input + row * patch.row_stride;
    for (Index r = 0; r < patch.run; ++r) {
      Batch weight[std::size_t{Registers}];
#pragma GCC unroll 4
      for (int v = 0; v < Registers; ++v) weight[v] = Batch::load_aligned(weights + v * width);
#pragma GCC unroll 24
      for (int p = 0; p < Pixels; ++p) {
        const Batch x(value[p * patch.pixel_stride + r]);
#pragma GCC unroll 4
        for (int v = 0; v < Registers; ++v) sums[p][v] = xsimd::fma(x, weight[v], sums[p][v]);
      }
      weights += panel_width<Scalar>;
    }
  }
#pragma GCC unroll 24
  for (int p = 0; p < Pixels; ++p) {
#pragma GCC unroll 4
    for (int v = 0; v < Registers; ++v)
      lanes::store(target.data + p * target.pixel_stride + v * width, sums[p][v],
                   target.columns - v * width);
  }
}

template <class Scalar, int Registers, int... Counts>
void dense_pixels(int pixels, const Scalar* input, const Patch& patch, const Scalar* panel,
                  const Scalar* bias, const TileTarget<Scalar>& target,
                  std::integer_sequence<int, Counts...>) {
  (void)((pixels == Counts + 1 &&
          (dense_block<Scalar, Counts + 1, Registers>(input, patch, panel, bias, target), true)) ||
         ...);
}

/// A block of the weight gradient: `Rows` weights' rows times `Registers` registers of columns.
template <class Scalar, int Rows, int Registers>
void gradient_block(const Scalar* input, const Scalar* output_gradient, const Places& places,
                    Index columns, int used, Scalar* gradient) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  Batch sums[std::size_t{Rows}][std::size_t{Registers}];
  for (int r = 0; r < Rows; ++r)
    for (int v = 0; v < Registers; ++v) sums[r][v] = Batch(Scalar{0});
  for (Index frame = 0; frame < places.frames; ++frame) {
    for (Index row = 0; row < places.rows; ++row) {
      const Scalar* value = input + frame * places.input_frame + row * places.input_row;
      const Scalar* slope =
          output_gradient + frame * places.gradient_frame + row * places.gradient_row;
      for (Index column = 0; column < places.columns; ++column) {
        Batch change[std::size_t{Registers}];
#pragma GCC unroll 4
        for (int v = 0; v < Registers; ++v) change[v] = Batch::load_unaligned(slope + v * width);
#pragma GCC unroll 6
        for (int r = 0; r < Rows; ++r) {
          const Batch x(value[r]);
#pragma GCC unroll 4
          for (int v = 0; v < Registers; ++v) sums[r][v] = xsimd::fma(x, change[v], sums[r][v]);
        }
        value += places.input_column;
        slope += places.gradient_column;
      }
    }
  }
  for (int r = 0; r < Rows; ++r) {
    for (int v = 0; v < Registers; ++v) {
      Scalar* place = gradient + r * columns + v * width;
      const int lanes_left = used - v * width;
      lanes::store(place, lanes::load(place, lanes_left) + sums[r][v], lanes_left);
    }
  }
}

template <class Scalar, int Registers, int... Counts>
void gradient_rows(int rows, const Scalar* input, const Scalar* output_gradient,
                   const Places& places, Index columns, int used, Scalar* gradient,
                   std::integer_sequence<int, Counts...>) {
  (void)((rows == Counts + 1 && (gradient_block<Scalar, Counts + 1, Registers>(
                                     input, output_gradient, places, columns, used, gradient),
                                 true)) ||
         ...);
}

}  // namespace detail

template <class Scalar>
void pad_frames(const Scalar* source, Index frames, const Shape& shape, int padding,
                Scalar* padded) {
  const Index row = static_cast<Index>(shape.width) * shape.channels;
  const Index side = static_cast<Index>(padding) * shape.channels;
  const Index padded_row = row + 2 * side;
  const Index padded_frame = (shape.height + 2 * padding) * padded_row;
  parallel_for(frames, [=](Index frame) {
    const Scalar* from = source + frame * shape.size();
    Scalar* to = padded + frame * padded_frame;
    to = std::fill_n(to, padding * padded_row, Scalar{0});
    for (int y = 0; y < shape.height; ++y) {
      to = std::fill_n(to, side, Scalar{0});
      to = std::copy_n(from + y * row, row, to);
      to = std::fill_n(to, side, Scalar{0});
    }
    std::fill_n(to, padding * padded_row, Scalar{0});
  });
}

template <class Scalar>
void dense_tile(const Scalar* input, const Patch& patch, const Scalar* panel, const Scalar* bias,
                int pixels, const TileTarget<Scalar>& target) {
  detail::with_registers<Scalar>(target.columns, [&](auto registers) {
    constexpr int held = decltype(registers)::value;
    constexpr int most = std::min(detail::held_sums / held, 12);
    const int blocks = (pixels + most - 1) / most;
    int done = 0;
    for (int block = 0; block < blocks; ++block) {
      const int next = pixels * (block + 1) / blocks;
      TileTarget<Scalar> here = target;
      here.data += done * target.pixel_stride;
      detail::dense_pixels<Scalar, held>(next - done, input + done * patch.pixel_stride, patch,
                                         panel, bias, here,
                                         std::make_integer_sequence<int, most>{});
      done = next;
    }
  });
}

template <class Scalar>
void dense_weight_gradient(const Scalar* input, const Scalar* output_gradient, const Places& places,
                           Index run, Index columns, Scalar* gradient) {
  constexpr Index wide = panel_width<Scalar>;
  const Index panels = panel_count<Scalar>(columns);
  constexpr int block = detail::held_sums / 4;
  const Index blocks = (run + block - 1) / block;
  parallel_for(blocks * panels, [=, &places](Index task) {
    const Index row = task / panels * block;
    const Index column = task % panels * wide;
    const int used = static_cast<int>(std::min(wide, columns - column));
    detail::with_registers<Scalar>(used, [&](auto registers) {
      detail::gradient_rows<Scalar, decltype(registers)::value>(
          static_cast<int>(std::min<Index>(block, run - row)), input + row,
          output_gradient + column, places, columns, used, gradient + row * columns + column,
          std::make_integer_sequence<int, block>{});
    });
  });
}

template <class Scalar>
void conv_input_gradient(const Scalar* plane, const Scalar* transposed,
                         const ConvGeometry& geometry, Index frames, Scalar* input_gradient) {
  constexpr Index wide = panel_width<Scalar>;
  const Shape shape = geometry.plane();
  const Shape in = geometry.in;
  const Index row_stride = static_cast<Index>(shape.width) * shape.channels;
  const Patch patch{geometry.kernel_height,
                    static_cast<Index>(geometry.kernel_width) * shape.channels, row_stride,
                    shape.channels};
  parallel_for(frames, [=](Index frame) {
    Scalar* const result = input_gradient + frame * in.size();
    for (Index panel = 0; panel < in.channels; panel += wide) {
      const int used = static_cast<int>(std::min(wide, in.channels - panel));
      const Scalar* weights = transposed + panel * patch.rows * patch.run;
      for (int y = 0; y < in.height; ++y) {
        dense_tile<Scalar>(
            plane + frame * shape.size() + y * row_stride, patch, weights, nullptr, in.width,
            {result + static_cast<Index>(y) * in.width * in.channels + panel, in.channels, used});
      }
    }
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                                  \
  template void pad_frames<Scalar>(const Scalar*, Index, const Shape&, int, Scalar*);              \
  template void dense_tile<Scalar>(const Scalar*, const Patch&, const Scalar*, const Scalar*, int, \
                                   const TileTarget<Scalar>&);                                     \
  template void dense_weight_gradient<Scalar>(const Scalar*, const Scalar*, const Places&, Index,  \
                                              Index, Scalar*);                                     \
  template void conv_input_gradient<Scalar>(const Scalar*, const Scalar*, const ConvGeometry&,     \
                                            Index, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
