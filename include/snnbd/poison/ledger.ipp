#pragma once

#include <array>

#include <snnbd/core/crc32.hpp>
#include <snnbd/poison/ledger.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

SNNBD_INLINE double Ledger::rate_achieved() const {
  return size == 0 ? 0.0 : static_cast<double>(entries.size()) / static_cast<double>(size);
}

SNNBD_INLINE std::uint32_t Ledger::checksum() const {
  std::uint32_t sum = 0;
  for (const Entry& entry : entries) {
    std::array<std::uint8_t, 24> bytes{};
    std::size_t next = 0;
    const auto append = [&](std::uint64_t value, std::size_t count) {
      for (std::size_t place = 0; place < count; ++place, value >>= 8U)
        bytes[next++] = static_cast<std::uint8_t>(value & 0xFFU);
    };
    append(entry.index, 8);
    append(entry.source, 8);
    append(static_cast<std::uint32_t>(entry.original_label), 4);
    append(static_cast<std::uint32_t>(entry.new_label), 4);
    sum = crc32(bytes, sum);
  }
  return sum;
}

}  // namespace snnbd::inline SNNBD_ISA::poison
