#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/content.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail {

template <class Value>
std::uint32_t checksum_of(std::span<const Value> values, std::uint32_t start) {
  const auto bytes = std::as_bytes(values);
  return crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, start);
}

}  // namespace detail

SNNBD_INLINE std::uint32_t content_checksum(DatasetView set) {
  std::vector<std::uint32_t> sums(set.size());
  constexpr Index samples_at_once = 64;
  parallel_ranges(static_cast<Index>(set.size()), samples_at_once, [&](Index from, Index end) {
    std::vector<float> values(set.sample_size());
    for (auto sample = static_cast<std::size_t>(from); sample < static_cast<std::size_t>(end);
         ++sample) {
      set.read(sample, values);
      const std::int32_t about[] = {set.label(sample), set.is_poisoned(sample) ? 1 : 0};
      sums[sample] = detail::checksum_of<std::int32_t>(about, 0);
      sums[sample] = detail::checksum_of<float>(values, sums[sample]);
    }
  });
  return detail::checksum_of<std::uint32_t>(sums, 0);
}

}  // namespace snnbd::inline SNNBD_ISA::data
