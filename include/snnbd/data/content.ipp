#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/core/parallel.hpp>
#include <snnbd/data/checksum.hpp>
#include <snnbd/data/content.hpp>

namespace snnbd::inline SNNBD_ISA::data {

SNNBD_INLINE std::string content_checksum(DatasetView set) {
  const auto pixels = static_cast<std::size_t>(set.shape().size());
  std::vector<std::uint32_t> sums(set.size());
  constexpr Index samples_at_once = 64;
  parallel_ranges(static_cast<Index>(set.size()), samples_at_once, [&](Index from, Index end) {
    std::vector<float> image(pixels);
    for (auto i = static_cast<std::size_t>(from); i < static_cast<std::size_t>(end); ++i) {
      set.read(i, image);
      sums[i] = checksum(
          {reinterpret_cast<const std::uint8_t*>(image.data()), image.size() * sizeof(float)});
    }
  });
  // FNV-1a, 64 bits, word by word.
  std::uint64_t hash = 0xcbf29ce484222325U;
  const auto fold = [&](std::uint64_t word) { hash = (hash ^ word) * 0x100000001b3U; };
  for (std::size_t i = 0; i < sums.size(); ++i) {
    fold(sums[i]);
    fold(static_cast<std::uint64_t>(set.label(i)));
    fold(set.is_poisoned(i) ? 1 : 0);
  }
  fold(sums.size());
  std::string digits;
  for (int shift = 60; shift >= 0; shift -= 4) digits += "0123456789abcdef"[(hash >> shift) & 0xFU];
  return digits;
}

}  // namespace snnbd::inline SNNBD_ISA::data
