#pragma once

#include <algorithm>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/event/atis.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

inline constexpr std::uint32_t atis_marker = 240;
inline constexpr std::int64_t atis_overflow = std::int64_t{1} << 13U;
inline constexpr std::int64_t atis_latest = (std::int64_t{1} << 23U) - 1;

SNNBD_INLINE Decoded AtisDecoder::operator()(std::span<const std::byte> bytes,
                                             std::span<Event> block, Findings& findings) {
  const std::size_t count = std::min(bytes.size() / record, block.size());
  const Bounds within = bounds;
  // No row is 2^16: without markers nothing is one.
  const std::uint32_t marker_row = markers ? atis_marker : 1U << 16U;
  std::int64_t after = base;
  std::uint64_t outside = 0;
  std::uint64_t overflows = 0;
  Event* to = block.data();
  // `word` has the record in its upper five bytes.
  const auto decode = [&](std::uint64_t word) {
    const auto x = static_cast<std::uint32_t>(word >> 56U);
    const auto y = static_cast<std::uint32_t>(word >> 48U) & 0xFFU;
    const std::uint64_t marker = y == marker_row ? 1 : 0;
    const std::uint64_t inside = x < within.width && y < within.height ? 1 : 0;
    put(to, after + static_cast<std::int64_t>(word >> 24U & 0x7F'FFFFU),
        place_word(x, y, word >> 47U & 1U));
    const std::uint64_t kept = inside & (marker ^ 1U);
    to += kept;
    after += static_cast<std::int64_t>(marker << 13U);
    overflows += marker;
    outside += (kept | marker) ^ 1U;
  };
  const std::byte* from = bytes.data();
  // Whole words are loaded as long as there are bytes behind the record.
  const std::size_t whole = bytes.size() < 8 ? 0 : std::min(count, (bytes.size() - 8) / record + 1);
  for (std::size_t i = 0; i < whole; ++i, from += record)
    decode(__builtin_bswap64(load_word(from)));
  for (std::size_t i = whole; i < count; ++i, from += record) {
    std::uint64_t word = 0;
    std::memcpy(&word, from, record);
    decode(__builtin_bswap64(word));
  }
  base = after;
  findings.outside += outside;
  findings.overflows += overflows;
  return {count * record, static_cast<std::size_t>(to - block.data())};
}

}  // namespace detail

SNNBD_COLD std::unique_ptr<Source> open_atis(ByteStream stream, const ReadOptions& options) {
  detail::AtisDecoder decoder;
  decoder.bounds = detail::Bounds{options.sensor};
  decoder.markers = options.overflow_markers;
  return std::make_unique<detail::RecordSource<detail::AtisDecoder>>(std::move(stream),
                                                                     options.sensor, decoder);
}

SNNBD_COLD void write_atis(const std::string& path, std::span<const Event> events) {
  read_within_memory(path, [&] {
    std::vector<std::byte> bytes;
    bytes.reserve(events.size() * detail::AtisDecoder::record);
    for (std::size_t i = 0; i < events.size(); ++i) {
      const Event& event = events[i];
      const auto where = [&] { return path + ", event " + std::to_string(i); };
      if (event.x > 255 || event.y >= detail::atis_marker)
        reject(where(), "a pixel within 256x240, as the format has room for",
               '(' + std::to_string(event.x) + ", " + std::to_string(event.y) + ')');
      if (event.time < 0 || event.time > detail::atis_latest)
        reject(where(),
               "a time of 0 to " + std::to_string(detail::atis_latest) +
                   " microseconds, as the format has room for (write_npz has more)",
               event.time);
      if (event.on > 1) reject(where(), "a polarity of 0 or 1", unsigned{event.on});
      const auto stamp = static_cast<std::uint32_t>(event.time) | std::uint32_t{event.on} << 23U;
      for (const std::uint32_t byte :
           {std::uint32_t{event.x}, std::uint32_t{event.y}, stamp >> 16U, stamp >> 8U, stamp})
        bytes.push_back(static_cast<std::byte>(byte & 0xFFU));
    }
    write_file_atomically(path, std::span<const std::byte>{bytes});
  });
}

}  // namespace snnbd::inline SNNBD_ISA::event
