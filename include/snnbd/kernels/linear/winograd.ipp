#pragma once

#include <algorithm>
#include <array>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/dense_conv.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/linear/winograd.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

inline constexpr Index winograd_positions = 16;

/// The tiles that one task works on: enough for the matrix products, few enough for the cache.
constexpr Index winograd_group(Index inputs, Index outputs) {
  constexpr Index values = Index{1} << 17;
  return std::clamp<Index>(values / (winograd_positions * (inputs + outputs)), 12, 96) / 12 * 12;
}

/// The 4x4 tile B^T d B.
template <class Batch>
void transform_input(std::array<std::array<Batch, 4>, 4>& d) {
  for (auto& row : d) {
    const Batch a = row[0] - row[2];
    const Batch b = row[1] + row[2];
    const Batch c = row[2] - row[1];
    const Batch e = row[1] - row[3];
    row = {a, b, c, e};
  }
  for (std::size_t x = 0; x < 4; ++x) {
    const Batch a = d[0][x] - d[2][x];
    const Batch b = d[1][x] + d[2][x];
    const Batch c = d[2][x] - d[1][x];
    const Batch e = d[1][x] - d[3][x];
    d[0][x] = a;
    d[1][x] = b;
    d[2][x] = c;
    d[3][x] = e;
  }
}

/// Tiles of a batch of frames, numbered one frame after another.
struct Tiles {
  Shape out;
  Index columns;
  Index in_frame;

  explicit Tiles(const Shape& shape, Index inputs)
      : out{shape},
        columns{(shape.width + 1) / 2},
        in_frame{static_cast<Index>(shape.height + 2) * (shape.width + 2) * inputs} {}

  [[nodiscard]] Index per_frame() const { return (out.height + 1) / 2 * columns; }
};

/// Transforms one tile of all inputs; what is outside the padded frame counts as zero.
template <class Scalar>
void gather_tile(const Scalar* frame, const Tiles& tiles, Index inputs, Index y, Index x,
                 Scalar* target, Index position_stride) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  const Index height_limit = tiles.out.height + 2;
  const Index width_limit = tiles.out.width + 2;
  for (Index c = 0; c < inputs; c += width) {
    const int used = static_cast<int>(std::min<Index>(width, inputs - c));
    std::array<std::array<Batch, 4>, 4> d;
    for (Index i = 0; i < 4; ++i)
      for (Index j = 0; j < 4; ++j)
        d[static_cast<std::size_t>(i)][static_cast<std::size_t>(j)] =
            y + i < height_limit && x + j < width_limit
                ? lanes::load(frame + ((y + i) * width_limit + x + j) * inputs + c, used)
                : Batch(Scalar{0});
    transform_input(d);
    for (Index p = 0; p < winograd_positions; ++p)
      lanes::store(target + p * position_stride + c,
                   d[static_cast<std::size_t>(p / 4)][static_cast<std::size_t>(p % 4)], used);
  }
}

/// Writes the 2x2 outputs A^T m A of one tile, as far as they are inside the frame.
template <class Scalar>
void scatter_tile(const Scalar* source, Index position_stride, const Tiles& tiles, Index y, Index x,
                  Scalar* frame) {
  using Batch = lanes::Batch<Scalar>;
  constexpr int width = lanes::width<Scalar>;
  const Index outputs = tiles.out.channels;
  for (Index c = 0; c < outputs; c += width) {
    const int used = static_cast<int>(std::min<Index>(width, outputs - c));
    std::array<std::array<Batch, 4>, 2> half;
    for (std::size_t j = 0; j < 4; ++j) {
      const auto at = [&](std::size_t i) {
        return lanes::load(source + static_cast<Index>(4 * i + j) * position_stride + c, used);
      };
      const Batch b = at(1);
      const Batch e = at(2);
      half[0][j] = at(0) + b + e;
      half[1][j] = b - e - at(3);
    }
    for (std::size_t i = 0; i < 2; ++i) {
      if (y + static_cast<Index>(i) >= tiles.out.height) continue;
      Scalar* const row = frame + ((y + static_cast<Index>(i)) * tiles.out.width + x) * outputs + c;
      lanes::store(row, half[i][0] + half[i][1] + half[i][2], used);
      if (x + 1 < tiles.out.width)
        lanes::store(row + outputs, half[i][1] - half[i][2] - half[i][3], used);
    }
  }
}

/// Transforms some rows of a panel, G g G^T.
///
/// @param taps [tap][row][column]
/// @param target of the first position
/// @param position values from one position to the next
template <class Scalar>
void transform_taps(const Scalar* taps, Index rows, Scalar* target, Index position) {
  using Batch = lanes::Batch<Scalar>;
  const Index block = rows * panel_width<Scalar>;
  const Batch half(static_cast<Scalar>(0.5));
  for (Index c = 0; c < block; c += lanes::width<Scalar>) {
    std::array<std::array<Batch, 3>, 4> g;  // G g
    for (std::size_t x = 0; x < 3; ++x) {
      const auto tap = [&](Index y) {
        return Batch::load_aligned(taps + (3 * y + static_cast<Index>(x)) * block + c);
      };
      const Batch sum = half * (tap(0) + tap(2));
      g[0][x] = tap(0);
      g[1][x] = sum + half * tap(1);
      g[2][x] = sum - half * tap(1);
      g[3][x] = tap(2);
    }
    for (Index y = 0; y < 4; ++y) {
      const auto& row = g[static_cast<std::size_t>(y)];
      const Batch sum = half * (row[0] + row[2]);
      const std::array<Batch, 4> u{row[0], sum + half * row[1], sum - half * row[1], row[2]};
      for (Index x = 0; x < 4; ++x)
        u[static_cast<std::size_t>(x)].store_aligned(target + (4 * y + x) * position + c);
    }
  }
}

/// Transforms all weights, some rows at a time, which wait in the first cache.
///
/// @param take `take(panel, tap, first row, rows, target)` gets rows of one tap
template <class Scalar, class Take>
void pack_positions(Index inputs, Index outputs, Scalar* transformed, const Take& take) {
  constexpr Index wide = panel_width<Scalar>;
  constexpr Index most_rows = 16;
  const Index position = packed_size<Scalar>(inputs, outputs);
  const Index blocks = (inputs + most_rows - 1) / most_rows;
  parallel_for(panel_count<Scalar>(outputs) * blocks, [=, &take](Index task) {
    const Index panel = task / blocks;
    const Index first = task % blocks * most_rows;
    const Index rows = std::min(inputs - first, most_rows);
    Scalar* const taps = thread_scratch<struct WinogradTaps, Scalar>(9 * most_rows * wide);
    for (Index tap = 0; tap < 9; ++tap) take(panel, tap, first, rows, taps + tap * rows * wide);
    transform_taps(taps, rows, transformed + (panel * inputs + first) * wide, position);
  });
}

}  // namespace detail

template <class Scalar>
Index winograd_size(Index inputs, Index outputs) {
  return detail::winograd_positions * packed_size<Scalar>(inputs, outputs);
}

template <class Scalar>
void winograd_pack(const Scalar* weights, Index inputs, Index outputs, Scalar* transformed) {
  constexpr Index wide = panel_width<Scalar>;
  detail::pack_positions<Scalar>(
      inputs, outputs, transformed,
      [=](Index panel, Index tap, Index first, Index rows, Scalar* taps) {
        copy_panel(weights + (tap * inputs + first) * outputs + panel * wide, rows, outputs,
                   std::min(wide, outputs - panel * wide), taps);
      });
}

template <class Scalar>
void winograd_pack_turned(const Scalar* weights, const ConvGeometry& geometry,
                          Scalar* transformed) {
  detail::pack_positions<Scalar>(
      geometry.out.channels, geometry.in.channels, transformed,
      [=, &geometry](Index panel, Index tap, Index first, Index rows, Scalar* taps) {
        turn_panel(weights, geometry, panel, tap, first, rows, taps);
      });
}

template <class Scalar>
void winograd_convolve(const Scalar* padded, Index inputs, const Scalar* transformed, Index frames,
                       const Shape& out, Scalar* result) {
  constexpr Index wide = panel_width<Scalar>;
  const Index outputs = out.channels;
  const detail::Tiles tiles{out, inputs};
  const Index all = frames * tiles.per_frame();
  const Index position = packed_size<Scalar>(inputs, outputs);
  parallel_ranges(all, detail::winograd_group(inputs, outputs),
                  [=, &tiles](Index first, Index last) {
                    const Index count = last - first;
                    Scalar* const gathered = thread_scratch<struct WinogradInputs, Scalar>(
                        detail::winograd_positions * count * inputs + spare_values);
                    Scalar* const products = thread_scratch<struct WinogradOutputs, Scalar>(
                        detail::winograd_positions * count * outputs + spare_values);
                    const auto for_each_tile = [&](const auto& body) {
                      for (Index tile = first; tile < last; ++tile) {
                        const Index inside = tile % tiles.per_frame();
                        body(tile - first, tile / tiles.per_frame(), inside / tiles.columns * 2,
                             inside % tiles.columns * 2);
                      }
                    };
                    for_each_tile([&](Index slot, Index frame, Index y, Index x) {
                      detail::gather_tile(padded + frame * tiles.in_frame, tiles, inputs, y, x,
                                          gathered + slot * inputs, count * inputs);
                    });
                    for (Index p = 0; p < detail::winograd_positions; ++p) {
                      for (Index column = 0; column < outputs; column += wide)
                        dense_tile<Scalar>(gathered + p * count * inputs, {1, inputs, 0, inputs},
                                           transformed + p * position + column * inputs, nullptr,
                                           static_cast<int>(count),
                                           {products + p * count * outputs + column, outputs,
                                            static_cast<int>(std::min(wide, outputs - column))});
                    }
                    for_each_tile([&](Index slot, Index frame, Index y, Index x) {
                      detail::scatter_tile(products + slot * outputs, count * outputs, tiles, y, x,
                                           result + frame * out.size());
                    });
                  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                          \
  template Index winograd_size<Scalar>(Index, Index);                                      \
  template void winograd_pack<Scalar>(const Scalar*, Index, Index, Scalar*);               \
  template void winograd_pack_turned<Scalar>(const Scalar*, const ConvGeometry&, Scalar*); \
  template void winograd_convolve<Scalar>(const Scalar*, Index, const Scalar*, Index,      \
                                          const Shape&, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
