#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA {

/// CRC-32 (IEEE 802.3, as zlib computes it): tells whether two runs saw the same bytes. It guards
/// against mistakes, not against an adversary.
///
/// @param start the checksum of what comes before `bytes`, 0 if nothing does
std::uint32_t crc32(std::span<const std::uint8_t> bytes, std::uint32_t start = 0);

/// `crc32:` and eight hexadecimal digits, as files and reports have it.
std::string crc32_text(std::uint32_t sum);

/// The same of bytes.
std::string crc32_text(std::span<const std::byte> bytes);

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/crc32.ipp>
#endif
