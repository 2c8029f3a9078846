#pragma once

#include <algorithm>
#include <string>

#include <snnbd/event/binning.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

/// Bins of equal times; the last one takes the rest, if there is an `end` for it.
inline void equal_times(std::span<const Event> events, std::span<Bin> bins, std::int64_t duration) {
  const std::int64_t begin = events.front().time;
  std::size_t first = 0;
  std::int64_t start = 0;
  for (Bin& bin : bins) {
    const std::int64_t finish = start + duration;
    const auto end = std::lower_bound(
        events.begin() + static_cast<std::ptrdiff_t>(first), events.end(), finish,
        [&](const Event& event, std::int64_t time) { return event.time - begin < time; });
    bin = {first, static_cast<std::size_t>(end - events.begin()), start, finish};
    first = bin.end;
    start = finish;
  }
}

}  // namespace detail

SNNBD_INLINE void ByNumber::bins(std::span<const Event> events, std::span<Bin> bins) const {
  const std::size_t share = events.size() / bins.size();
  const std::int64_t begin = events.front().time;
  for (std::size_t frame = 0; frame < bins.size(); ++frame) {
    const bool last = frame + 1 == bins.size();
    const std::size_t first = frame * share;
    const std::size_t end = last ? events.size() : first + share;
    const std::int64_t finish = last ? events.back().time : events[end].time;
    bins[frame] = {first, end, events[first].time - begin, finish - begin};
  }
}

SNNBD_INLINE void ByTime::bins(std::span<const Event> events, std::span<Bin> bins) const {
  const std::int64_t whole = events.back().time - events.front().time;
  detail::equal_times(events, bins, whole / static_cast<std::int64_t>(bins.size()));
  bins.back().end = events.size();
  bins.back().finish = whole;
}

SNNBD_INLINE void ByDuration::check() const {
  constexpr std::int64_t longest = 365LL * 24 * 3600 * 1'000'000;
  if (microseconds < 1 || microseconds > longest)
    reject("duration of a frame in microseconds", "a number from 1 to " + std::to_string(longest),
           microseconds);
}

SNNBD_INLINE void ByDuration::bins(std::span<const Event> events, std::span<Bin> bins) const {
  check();
  detail::equal_times(events, bins, microseconds);
}

}  // namespace snnbd::inline SNNBD_ISA::event
