#pragma once

#include <zlib.h>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/number.hpp>

namespace snnbd::inline SNNBD_ISA {

SNNBD_INLINE std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t start) {
  // zlib takes a missing buffer as the question for the start value.
  if (bytes.empty()) return start;
  return static_cast<std::uint32_t>(::crc32_z(start, bytes.data(), bytes.size()));
}

SNNBD_INLINE std::string crc32_text(std::uint32_t sum) {
  return "crc32:" + hexadecimal_text(sum, 8);
}

SNNBD_INLINE std::string crc32_text(std::span<const std::byte> bytes) {
  return crc32_text(crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}));
}

}  // namespace snnbd::inline SNNBD_ISA
