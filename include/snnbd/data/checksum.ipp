#pragma once

#include <zlib.h>

#include <snnbd/core/number.hpp>
#include <snnbd/data/checksum.hpp>

namespace snnbd::inline SNNBD_ISA::data {

SNNBD_INLINE std::uint32_t checksum(std::span<const std::uint8_t> bytes, std::uint32_t start) {
  // zlib takes a missing buffer as the question for the start value.
  if (bytes.empty()) return start;
  return static_cast<std::uint32_t>(::crc32_z(start, bytes.data(), bytes.size()));
}

SNNBD_INLINE std::string checksum_text(std::uint32_t sum) {
  return "crc32:" + hexadecimal_text(sum, 8);
}

SNNBD_INLINE std::string checksum_text(std::span<const std::byte> bytes) {
  return checksum_text(
      checksum({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}));
}

}  // namespace snnbd::inline SNNBD_ISA::data
