#pragma once

#include <type_traits>

#include <snnbd/data/frame_record.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

static_assert(std::is_trivially_copyable_v<RecordingFacts> &&
                  sizeof(RecordingFacts) == 12 * sizeof(std::uint64_t),
              "snnbd: facts of recordings are kept as 12 numbers of 64 bits");

SNNBD_INLINE RecordingFacts& RecordingFacts::operator+=(const RecordingFacts& other) {
  findings.events += other.findings.events;
  findings.outside += other.findings.outside;
  findings.invalid += other.findings.invalid;
  findings.backwards += other.findings.backwards;
  findings.repeated += other.findings.repeated;
  findings.overflows += other.findings.overflows;
  findings.others += other.findings.others;
  integration.counted += other.integration.counted;
  integration.outside += other.integration.outside;
  integration.after += other.integration.after;
  integration.cut += other.integration.cut;
  integration.unsorted += other.integration.unsorted;
  return *this;
}

SNNBD_INLINE std::vector<std::byte> pack_record(const RecordingFacts& facts,
                                                std::span<const event::Bin> bins,
                                                std::span<const std::uint16_t> counts) {
  const RecordLayout layout{bins.size(), counts.size()};
  const RecordView place{{}, layout};
  std::uint32_t used = 0;
  std::uint16_t largest = 0;
  for (const std::uint16_t count : counts) {
    used += count != 0 ? 1U : 0U;
    largest = std::max(largest, count);
  }
  const std::uint64_t width = largest < 256 ? 1 : 2;
  std::vector<std::byte> bytes;
  bytes.reserve(place.counts_at() + used * width);
  append_bytes(bytes, facts);
  for (const event::Bin& bin : bins) {
    append_bytes(bytes, bin.start);
    append_bytes(bytes, bin.finish);
  }
  append_bytes(bytes, width);
  bytes.resize(place.counts_at() + used * width);
  std::byte* word = bytes.data() + place.bits_at();
  std::byte* next = bytes.data() + place.counts_at();
  for (std::size_t first = 0; first < counts.size(); first += 64, word += sizeof(std::uint64_t)) {
    std::uint64_t bits = 0;
    const std::size_t end = std::min(first + 64, counts.size());
    for (std::size_t i = first; i < end; ++i) {
      // Four counts at once, which are mostly zeros.
      std::uint64_t four = 1;
      if (i + 4 <= end) std::memcpy(&four, &counts[i], sizeof(four));
      if (four == 0) {
        i += 3;
        continue;
      }
      if (counts[i] == 0) continue;
      bits |= std::uint64_t{1} << (i - first);
      // Little-endian: the lower byte first.
      *next++ = static_cast<std::byte>(counts[i] & 255U);
      if (width == 2) *next++ = static_cast<std::byte>(counts[i] >> 8U);
    }
    std::memcpy(word, &bits, sizeof(bits));
  }
  return bytes;
}

SNNBD_INLINE RecordingFacts RecordView::facts() const {
  RecordingFacts facts;
  std::memcpy(&facts, bytes_.data(), sizeof(facts));
  return facts;
}

SNNBD_INLINE event::Bin RecordView::bin(std::size_t frame) const {
  event::Bin bin;
  const std::byte* from = bytes_.data() + facts_size + frame * bin_size;
  std::memcpy(&bin.start, from, sizeof(bin.start));
  std::memcpy(&bin.finish, from + sizeof(bin.start), sizeof(bin.finish));
  return bin;
}

SNNBD_INLINE bool is_record(std::span<const std::byte> bytes, const RecordLayout& layout) {
  const RecordView view{bytes, layout};
  if (bytes.size() < view.counts_at()) return false;
  if (view.width() != 1 && view.width() != 2) return false;
  constexpr std::int64_t farthest = std::int64_t{1} << 62U;
  for (std::size_t frame = 0; frame < layout.frames; ++frame) {
    const event::Bin bin = view.bin(frame);
    if (bin.start < -farthest || bin.finish < bin.start || bin.finish > farthest - 1) return false;
  }
  std::size_t used = 0;
  for (std::size_t at = view.bits_at(); at < view.counts_at(); at += sizeof(std::uint64_t)) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, bytes.data() + at, sizeof(bits));
    const bool last = at + sizeof(bits) == view.counts_at();
    if (last && layout.values % 64 != 0 && bits >> (layout.values % 64) != 0) return false;
    used += static_cast<std::size_t>(std::popcount(bits));
  }
  return bytes.size() == view.counts_at() + used * view.width();
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail
