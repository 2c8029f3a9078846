#pragma once

#include <snnbd/event/block_source.hpp>

namespace snnbd::inline SNNBD_ISA::event::detail {

SNNBD_COLD void reject_truncated(const ByteStream& stream, std::size_t record, std::size_t found) {
  reject(stream.subject(), "records of " + std::to_string(record) + " bytes up to its end",
         std::to_string(found) + (found == 1 ? " byte" : " bytes") + " more at byte " +
             std::to_string(stream.position()));
}

SNNBD_INLINE void examine(std::span<const Event> events, Event last, Findings& findings) {
  constexpr std::uint64_t used_bits = (std::uint64_t{1} << 40U) - 1;
  const auto words_of = [](const Event& event) {
    EventWords words{};
    std::memcpy(&words, &event, sizeof words);
    return words;
  };
  std::uint64_t backwards = 0;
  std::uint64_t repeated = 0;
  EventWords before = words_of(last);
  for (const Event& event : events) {
    const EventWords now = words_of(event);
    backwards += now.time < before.time ? 1U : 0U;
    const std::uint64_t difference = static_cast<std::uint64_t>(now.time ^ before.time) |
                                     ((now.place ^ before.place) & used_bits);
    repeated += difference == 0 ? 1U : 0U;
    before = now;
  }
  findings.backwards += backwards;
  findings.repeated += repeated;
}

SNNBD_INLINE std::span<const Event> BlockSource::next() {
  while (!finished_) {
    const std::size_t count = fill(block_);
    if (count == 0) continue;
    const std::span<const Event> events = std::span{block_}.first(count);
    if (any_)
      examine(events, last_, findings_);
    else
      examine(events.subspan(1), events.front(), findings_);
    any_ = true;
    last_ = events.back();
    findings_.events += count;
    return events;
  }
  return {};
}

}  // namespace snnbd::inline SNNBD_ISA::event::detail
