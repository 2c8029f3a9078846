#pragma once

#include <cstddef>
#include <cstdint>

#include <snnbd/core/random.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

/// What a trigger draws random numbers for; two purposes never share numbers. The values of a
/// random patch are the 0.
enum class Purpose : std::uint16_t { place = 1, walk, retime, drop, pattern, warp, warp_noise };

/// The numbers of a trigger for one purpose.
///
/// @param item a sample, or 0 for all alike
inline random::Stream draws_of(std::uint64_t seed, Purpose purpose, std::size_t item = 0) {
  return {seed, random::Purpose::trigger, item, static_cast<std::uint16_t>(purpose)};
}

}  // namespace snnbd::inline SNNBD_ISA::poison::detail
