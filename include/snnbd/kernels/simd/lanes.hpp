#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <numbers>
#include <type_traits>

#include <xsimd/xsimd.hpp>

#include <snnbd/core/shape.hpp>

/// Maths that reads the same for one value (`float`, `double`) and for a SIMD batch of them.
/// Neurons and surrogates are written with these. All of it is inlined: values, comparisons and
/// constants stay in registers. A comparison is a mask register on AVX-512 and a register of lanes
/// elsewhere; `bits` and `from_bits` turn both into words of spikes and back. Registers that are
/// only partly used pass through an aligned array on the stack, which the first cache holds. What
/// costs most are exponentials and the error function.
namespace snnbd::inline SNNBD_ISA::lanes {

/// As many values as one register of this build holds.
template <class Scalar>
using Batch = xsimd::batch<Scalar>;

template <class Scalar>
inline constexpr int width = static_cast<int>(Batch<Scalar>::size);

namespace detail {
template <class Value>
struct Element {
  using type = Value;
};
template <class Scalar, class Arch>
struct Element<xsimd::batch<Scalar, Arch>> {
  using type = Scalar;
};
}  // namespace detail

/// `float` of `float` and of a batch of floats.
template <class Value>
using ScalarOf = typename detail::Element<Value>::type;

/// The same constant in every lane.
template <class Value, class Number>
Value constant(Number number) {
  return Value(static_cast<ScalarOf<Value>>(number));
}

template <std::floating_point Value>
Value select(bool condition, Value yes, Value no) {
  return condition ? yes : no;
}
template <class Scalar, class Arch>
xsimd::batch<Scalar, Arch> select(const xsimd::batch_bool<Scalar, Arch>& condition,
                                  const xsimd::batch<Scalar, Arch>& yes,
                                  const xsimd::batch<Scalar, Arch>& no) {
  return xsimd::select(condition, yes, no);
}

template <class Value>
Value absolute(Value x) {
  using std::abs;
  using xsimd::abs;
  return abs(x);
}
template <class Value>
Value exponential(Value x) {
  using std::exp;
  using xsimd::exp;
  return exp(x);
}
template <class Value>
Value arctangent(Value x) {
  using std::atan;
  using xsimd::atan;
  return atan(x);
}
template <class Value>
Value error_function(Value x) {
  using std::erf;
  using xsimd::erf;
  return erf(x);
}
/// ln(1 + x), exact where x is small.
template <class Value>
Value log_one_plus(Value x) {
  using std::log1p;
  using xsimd::log1p;
  return log1p(x);
}
template <class Value>
Value maximum(Value x, Value y) {
  return lanes::select(x > y, x, y);
}
template <class Value>
Value minimum(Value x, Value y) {
  return lanes::select(x < y, x, y);
}

/// 1 / (1 + exp(-x)), from exp(-|x|) so that it never overflows.
template <class Value>
Value logistic(Value x) {
  const Value one = constant<Value>(1);
  const Value decay = exponential(-absolute(x));
  const Value upper = one / (one + decay);
  return lanes::select(x >= constant<Value>(0), upper, decay * upper);
}

namespace detail {

/// Whether a comparison is a mask of one bit for each lane, not a register of them. Told by the
/// size, as g++ warns of registers as template arguments.
template <class Comparison>
inline constexpr bool is_mask = sizeof(typename Comparison::register_type) <= sizeof(std::uint64_t);

#if defined(__AVX__)
inline int sign_bits(__m256 lane) {
  return _mm256_movemask_ps(lane);
}
inline int sign_bits(__m256d lane) {
  return _mm256_movemask_pd(lane);
}
#endif
#if defined(__SSE2__)
inline int sign_bits(__m128 lane) {
  return _mm_movemask_ps(lane);
}
inline int sign_bits(__m128d lane) {
  return _mm_movemask_pd(lane);
}
#endif

}  // namespace detail

/// One bit for each lane of a comparison, lane 0 lowest.
template <class Scalar, class Arch>
std::uint64_t bits(const xsimd::batch_bool<Scalar, Arch>& condition) {
  constexpr std::size_t count = xsimd::batch<Scalar, Arch>::size;
  if constexpr (detail::is_mask<xsimd::batch_bool<Scalar, Arch>>) {
    return static_cast<std::uint64_t>(condition.data);
  } else if constexpr (requires { detail::sign_bits(condition.data); }) {
    return static_cast<std::uint64_t>(detail::sign_bits(condition.data));
  } else {
    std::array<bool, count> lane{};
    condition.store_unaligned(lane.data());
    std::uint64_t result = 0;
    for (std::size_t i = 0; i < count; ++i) result |= std::uint64_t{lane[i]} << i;
    return result;
  }
}

/// The comparison whose lanes are the lowest bits of a word: the inverse of `bits`.
template <class Scalar>
xsimd::batch_bool<Scalar> from_bits(std::uint64_t word) {
  if constexpr (detail::is_mask<xsimd::batch_bool<Scalar>>) {
    using Mask = typename xsimd::batch_bool<Scalar>::register_type;
    return xsimd::batch_bool<Scalar>(static_cast<Mask>(word));
  } else {
    using Whole = std::conditional_t<sizeof(Scalar) == 4, std::int32_t, std::int64_t>;
    alignas(64) std::array<Whole, static_cast<std::size_t>(width<Scalar>)> lane{};
    for (std::size_t i = 0; i < lane.size(); ++i) lane[i] = Whole{1} << i;
    const auto lane_bit = xsimd::batch<Whole>::load_aligned(lane.data());
    return xsimd::bool_cast((xsimd::batch<Whole>(static_cast<Whole>(word)) & lane_bit) == lane_bit);
  }
}

/// The first `count` values from memory, zeros after them.
template <class Scalar>
Batch<Scalar> load(const Scalar* source, int count) {
  if (count >= width<Scalar>) return Batch<Scalar>::load_unaligned(source);
  alignas(64) std::array<Scalar, static_cast<std::size_t>(width<Scalar>)> lane{};
  for (int i = 0; i < count; ++i) lane[static_cast<std::size_t>(i)] = source[i];
  return Batch<Scalar>::load_aligned(lane.data());
}

/// The first `count` lanes to memory.
template <class Scalar>
void store(Scalar* target, const Batch<Scalar>& value, int count) {
  if (count >= width<Scalar>) return value.store_unaligned(target);
  alignas(64) std::array<Scalar, static_cast<std::size_t>(width<Scalar>)> lane;
  value.store_aligned(lane.data());
  for (int i = 0; i < count; ++i) target[i] = lane[static_cast<std::size_t>(i)];
}

}  // namespace snnbd::inline SNNBD_ISA::lanes
