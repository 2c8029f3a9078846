#pragma once

#include <algorithm>
#include <bit>
#include <cmath>

#include <snnbd/core/error.hpp>
#include <snnbd/kernels/conversion/quantile.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

inline constexpr std::size_t half_keys = std::size_t{1} << 16U;

/// Bits that stand in the order of the floats.
inline std::uint32_t key_of(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return (bits >> 31U) != 0 ? ~bits : bits | 0x80000000U;
}
inline float value_of(std::uint32_t key) {
  return std::bit_cast<float>((key >> 31U) != 0 ? key & 0x7fffffffU : ~key);
}

}  // namespace detail

SNNBD_INLINE float largest(const float* values, Index count, float floor) {
  for (Index i = 0; i < count; ++i) floor = values[i] > floor ? values[i] : floor;
  return floor;
}

SNNBD_INLINE Quantile::Quantile(double share, bool positive)
    : share_{share}, positive_{positive}, counts_(detail::half_keys) {
  if (!(share >= 0.0 && share <= 1.0)) reject("share of a quantile", "a number from 0 to 1", share);
}

SNNBD_INLINE void Quantile::observe(const float* values, Index count) {
  if (!second_run_) {
    for (Index i = 0; i < count; ++i)
      if (!positive_ || values[i] > 0.0F) ++counts_[detail::key_of(values[i]) >> 16U];
    return;
  }
  const std::uint32_t low = low_.key >> 16U;
  const std::uint32_t high = high_.key >> 16U;
  for (Index i = 0; i < count; ++i) {
    if (positive_ && !(values[i] > 0.0F)) continue;
    const std::uint32_t key = detail::key_of(values[i]);
    if (key >> 16U == low) ++counts_[key & 0xffffU];
    if (key >> 16U == high) ++counts_[detail::half_keys + (key & 0xffffU)];
  }
}

SNNBD_INLINE bool Quantile::again() {
  if (!second_run_) {
    count_ = 0;
    for (const std::int64_t number : counts_) count_ += number;
    if (count_ == 0) return false;
    const double place = share_ * static_cast<double>(count_ - 1);
    low_.below = static_cast<std::int64_t>(std::floor(place));
    high_.below = std::min(low_.below + 1, count_ - 1);
    find_upper(low_);
    find_upper(high_);
    counts_.assign(2 * detail::half_keys, 0);
    second_run_ = true;
    return true;
  }
  find_lower(low_, 0);
  find_lower(high_, 1);
  return false;
}

SNNBD_INLINE void Quantile::find_upper(Rank& rank) const {
  std::uint32_t key = 0;
  while (rank.below >= counts_[key]) rank.below -= counts_[key++];
  rank.key = key << 16U;
}

SNNBD_INLINE void Quantile::find_lower(Rank& rank, std::size_t table) const {
  const std::int64_t* const counts = counts_.data() + table * detail::half_keys;
  std::uint32_t key = 0;
  std::int64_t below = rank.below;
  while (below >= counts[key]) below -= counts[key++];
  rank.key |= key;
}

SNNBD_INLINE double Quantile::value() const {
  if (count_ == 0) return 0.0;
  const double place = share_ * static_cast<double>(count_ - 1);
  const double part = place - std::floor(place);
  const auto low = static_cast<double>(detail::value_of(low_.key));
  const auto high = static_cast<double>(detail::value_of(high_.key));
  return low + part * (high - low);
}

SNNBD_INLINE double quantile_of(const float* values, Index count, double share, bool positive) {
  Quantile quantile{share, positive};
  do {
    quantile.observe(values, count);
  } while (quantile.again());
  return quantile.value();
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
