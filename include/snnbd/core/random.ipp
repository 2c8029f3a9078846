#pragma once

#include <cmath>
#include <numbers>

#include <Random123/philox.h>

#include <snnbd/core/random.hpp>

namespace snnbd::inline SNNBD_ISA::random {

SNNBD_INLINE std::array<std::uint32_t, 4> philox(std::uint64_t seed, Purpose purpose,
                                                 std::uint64_t item, std::uint16_t step,
                                                 std::uint32_t unit) {
  const r123::Philox4x32::key_type key{
      {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32U)}};
  const auto item_high = static_cast<std::uint32_t>(item >> 32U) & 0xFFFFU;
  const r123::Philox4x32::ctr_type counter{{unit, static_cast<std::uint32_t>(item),
                                            (item_high << 16U) | step,
                                            static_cast<std::uint32_t>(purpose)}};
  const auto result = r123::Philox4x32{}(counter, key);
  return {result[0], result[1], result[2], result[3]};
}

SNNBD_INLINE std::uint32_t Stream::below(std::uint32_t bound) {
  std::uint64_t product = static_cast<std::uint64_t>(bits()) * bound;
  if (static_cast<std::uint32_t>(product) < bound) {
    const std::uint32_t reject_below = (0U - bound) % bound;
    while (static_cast<std::uint32_t>(product) < reject_below)
      product = static_cast<std::uint64_t>(bits()) * bound;
  }
  return static_cast<std::uint32_t>(product >> 32U);
}

SNNBD_INLINE double Stream::normal() {
  const double radius = std::sqrt(-2.0 * std::log((bits() + 0.5) * 0x1p-32));
  return radius * std::cos(2.0 * std::numbers::pi * (bits() * 0x1p-32));
}

}  // namespace snnbd::inline SNNBD_ISA::random
