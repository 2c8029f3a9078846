#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <snnbd/kernels/simd/lanes.hpp>

/// Sums that stay in registers while a panel of weights passes by. A row of a panel fills up to
/// four registers; beside it the register file has room for 24 sums (AVX-512, NEON) or 12 (AVX,
/// SSE), which go back to memory when the panel has passed. An event costs one load and one
/// addition for each register of its row, so that reading rows bounds whoever follows events.
namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Sums that fit into the register file beside the weights: 24 of AVX-512's and NEON's 32
/// registers, 12 of the 16 of AVX and SSE.
#if defined(__AVX512F__) || defined(__ARM_NEON)
inline constexpr int held_sums = 24;
#else
inline constexpr int held_sums = 12;
#endif

/// Calls `body` with the number of registers that hold `columns` values, as a constant.
template <class Scalar, class Body>
void with_registers(int columns, const Body& body) {
  switch ((columns + lanes::width<Scalar> - 1) / lanes::width<Scalar>) {
    case 1:
      return body(std::integral_constant<int, 1>{});
    case 2:
      return body(std::integral_constant<int, 2>{});
    case 3:
      return body(std::integral_constant<int, 3>{});
    default:
      return body(std::integral_constant<int, 4>{});
  }
}

template <class Scalar, int Registers>
using Sums = std::array<lanes::Batch<Scalar>, static_cast<std::size_t>(Registers)>;

template <class Scalar, int Registers>
void add_row(Sums<Scalar, Registers>& sums, const Scalar* row) {
  constexpr int width = lanes::width<Scalar>;
#pragma GCC unroll 4
  for (int v = 0; v < Registers; ++v)
    sums[static_cast<std::size_t>(v)] += lanes::Batch<Scalar>::load_unaligned(row + v * width);
}

/// sums += value * row
template <class Scalar, int Registers>
void add_multiple(Sums<Scalar, Registers>& sums, const lanes::Batch<Scalar>& value,
                  const Scalar* row) {
  constexpr int width = lanes::width<Scalar>;
#pragma GCC unroll 4
  for (int v = 0; v < Registers; ++v) {
    auto& sum = sums[static_cast<std::size_t>(v)];
    sum = xsimd::fma(value, lanes::Batch<Scalar>::load_unaligned(row + v * width), sum);
  }
}

/// target += sums * amplitude
template <class Scalar, int Registers>
void add_to(Scalar* target, const Sums<Scalar, Registers>& sums, Scalar amplitude, int columns) {
  constexpr int width = lanes::width<Scalar>;
  for (int v = 0; v < Registers; ++v) {
    const int lanes_left = columns - v * width;
    const auto old = lanes::load(target + v * width, lanes_left);
    lanes::store(
        target + v * width,
        xsimd::fma(sums[static_cast<std::size_t>(v)], lanes::Batch<Scalar>(amplitude), old),
        lanes_left);
  }
}

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::kernels
