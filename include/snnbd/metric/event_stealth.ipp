#pragma once

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <queue>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/metric/event_stealth.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

namespace detail {

/// An event as a number of its pixel and polarity, and its time since the first event of both.
struct TimedUnit {
  std::uint64_t unit = 0;
  std::int64_t time = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): the compiler's own comparison with zero
  friend auto operator<=>(const TimedUnit&, const TimedUnit&) = default;
};

using Times = std::vector<std::int64_t>;

/// The smallest sum of distances at which each of `few` has one of `many` to itself; both ascending
/// and `many` not shorter.
///
/// One walk over all times in order. Two heaps hold what it costs to take a time that was passed,
/// less the time itself; a choice that turns out bad is undone by an entry that gives its cost
/// back. Time n log n.
inline std::int64_t smallest_total(const Times& few, const Times& many) {
  using Heap = std::priority_queue<std::int64_t, std::vector<std::int64_t>, std::greater<>>;
  // Of one that is passed without a partner: dearer than any distance, so that it gets one.
  constexpr std::int64_t unmatched = std::int64_t{1} << 59U;
  Heap waiting;  // of `few`: entries of what a later one of `many` pays
  Heap free;     // of `many`: entries of what a later one of `few` pays
  // Sums may pass the range on the way and come back: modulo 2^64.
  std::uint64_t total = 0;
  std::size_t next = 0;
  for (std::size_t i = 0; i <= many.size(); ++i) {
    while (next < few.size() && (i == many.size() || few[next] <= many[i])) {
      const std::int64_t time = few[next++];
      std::int64_t entry = unmatched;
      if (!free.empty() && free.top() + time < unmatched) {
        entry = free.top() + time;
        free.pop();
      }
      total += static_cast<std::uint64_t>(entry);
      waiting.push(-entry - time);
    }
    if (i == many.size()) break;
    const std::int64_t time = many[i];
    if (!waiting.empty() && waiting.top() + time < 0) {
      const std::int64_t entry = waiting.top() + time;
      waiting.pop();
      total += static_cast<std::uint64_t>(entry);
      free.push(-entry - time);
    } else {
      free.push(-time);
    }
  }
  return static_cast<std::int64_t>(total);
}

/// Whether each of `few` can have one of `many` to itself that is at most `shift` away.
inline bool can_shift(const Times& few, const Times& many, std::int64_t shift) {
  std::size_t next = 0;
  for (const std::int64_t time : few) {
    while (next < many.size() && many[next] < time - shift) ++next;
    if (next == many.size() || many[next] > time + shift) return false;
    ++next;
  }
  return true;
}

/// The smallest largest distance at which each of `few` has one of `many` to itself.
inline std::int64_t smallest_largest(const Times& few, const Times& many) {
  std::int64_t low = 0;
  if (can_shift(few, many, low)) return low;
  std::int64_t high = std::max(few.back(), many.back()) - std::min(few.front(), many.front());
  while (high - low > 1) {
    const std::int64_t middle = low + (high - low) / 2;
    (can_shift(few, many, middle) ? high : low) = middle;
  }
  return high;
}

inline std::uint64_t common_of(const Times& one, const Times& other) {
  std::uint64_t common = 0;
  auto here = one.begin();
  auto there = other.begin();
  while (here != one.end() && there != other.end()) {
    if (*here < *there) {
      ++here;
    } else if (*there < *here) {
      ++there;
    } else {
      ++common;
      ++here;
      ++there;
    }
  }
  return common;
}

/// Adds the events of one pixel and polarity.
inline void add_unit(const Times& clean, const Times& triggered, EventStealth& found) {
  const bool more = triggered.size() > clean.size();
  const Times& few = more ? clean : triggered;
  const Times& many = more ? triggered : clean;
  const std::uint64_t count = many.size() - few.size();
  const std::uint64_t kept = common_of(few, many);
  found.kept += kept;
  (more ? found.added : found.removed) += count;
  found.mean_count_change += static_cast<double>(count);
  found.largest_count_change = std::max(found.largest_count_change, count);
  if (kept == few.size()) return;
  found.moved += few.size() - kept;
  found.total_shift += static_cast<std::uint64_t>(smallest_total(few, many));
  found.largest_shift =
      std::max(found.largest_shift, static_cast<std::uint64_t>(smallest_largest(few, many)));
}

inline std::vector<TimedUnit> timed_units(std::span<const event::Event> events,
                                          event::Sensor sensor, std::int64_t first) {
  std::vector<TimedUnit> units;
  units.reserve(events.size());
  for (const event::Event& one : events) {
    if (!sensor.holds(one) || one.on > 1)
      reject("event of a recording", "ON or OFF at a pixel of " + to_string(sensor),
             "polarity " + std::to_string(one.on) + " at column " + std::to_string(one.x) +
                 ", row " + std::to_string(one.y));
    const auto width = static_cast<std::uint64_t>(sensor.width);
    units.push_back({(one.y * width + one.x) * 2 + one.on, one.time - first});
  }
  std::ranges::sort(units);
  return units;
}

/// When the first event of both recordings was, and how long after it the last.
inline std::pair<std::int64_t, std::int64_t> span_of(std::span<const event::Event> clean,
                                                     std::span<const event::Event> triggered) {
  std::int64_t first = std::numeric_limits<std::int64_t>::max();
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (const auto events : {clean, triggered})
    for (const event::Event& one : events) {
      first = std::min(first, one.time);
      last = std::max(last, one.time);
    }
  if (first > last) return {0, 0};
  constexpr std::uint64_t longest = std::uint64_t{1} << 58U;
  constexpr std::uint64_t total = std::uint64_t{1} << 62U;
  const std::uint64_t length = static_cast<std::uint64_t>(last) - static_cast<std::uint64_t>(first);
  const std::uint64_t events = clean.size() + triggered.size();
  if (length > longest || length > total / events)
    reject(
        "times of two recordings",
        "a span of at most " + std::to_string(std::min(longest, total / events)) + " microseconds",
        std::to_string(length));
  return {first, static_cast<std::int64_t>(length)};
}

}  // namespace detail

SNNBD_INLINE EventStealth event_stealth(std::span<const event::Event> clean,
                                        std::span<const event::Event> triggered,
                                        event::Sensor sensor) {
  if (!sensor.is_known())
    reject("sensor of a recording", "at least one column and one row", to_string(sensor));
  const auto [first, length] = detail::span_of(clean, triggered);
  const auto before = detail::timed_units(clean, sensor, first);
  const auto after = detail::timed_units(triggered, sensor, first);
  EventStealth found;
  found.clean = clean.size();
  found.triggered = triggered.size();

  std::uint64_t changed_pixels = 0;
  std::uint64_t last_changed = std::numeric_limits<std::uint64_t>::max();
  detail::Times here;
  detail::Times there;
  for (auto one = before.begin(), other = after.begin();
       one != before.end() || other != after.end();) {
    std::uint64_t unit = std::numeric_limits<std::uint64_t>::max();
    if (one != before.end()) unit = one->unit;
    if (other != after.end()) unit = std::min(unit, other->unit);
    here.clear();
    there.clear();
    for (; one != before.end() && one->unit == unit; ++one) here.push_back(one->time);
    for (; other != after.end() && other->unit == unit; ++other) there.push_back(other->time);
    if (here != there && unit / 2 != last_changed) {
      last_changed = unit / 2;
      ++changed_pixels;
    }
    detail::add_unit(here, there, found);
  }

  const double pixels = static_cast<double>(sensor.width) * sensor.height;
  found.changed_pixels = static_cast<double>(changed_pixels) / pixels;
  found.mean_count_change /= 2.0 * pixels;
  if (length > 0) {
    const double seconds = static_cast<double>(length) * 1e-6;
    found.mean_rate_change = found.mean_count_change / seconds;
    found.largest_rate_change = static_cast<double>(found.largest_count_change) / seconds;
  }
  return found;
}

SNNBD_INLINE MeanEventStealth event_stealth(data::DatasetView clean, data::DatasetView triggered,
                                            std::span<const std::size_t> indices) {
  if (clean.sensor() != triggered.sensor())
    reject("sensor of the triggered set", to_string(clean.sensor()) + ", as the clean one has",
           to_string(triggered.sensor()));
  if (indices.empty()) reject("recordings to compare", "at least one", "none");
  const std::size_t size = std::min(clean.size(), triggered.size());
  for (const std::size_t index : indices)
    if (index >= size) reject("recording to compare", "one of " + std::to_string(size), index);

  // Each recording by itself, then summed in their order: the same bits for any number of threads.
  std::vector<EventStealth> of_recordings(indices.size());
  parallel_for(static_cast<Index>(indices.size()), [&](Index at) {
    const std::size_t index = indices[static_cast<std::size_t>(at)];
    of_recordings[static_cast<std::size_t>(at)] =
        event_stealth(clean.events(index), triggered.events(index), clean.sensor());
  });

  MeanEventStealth mean;
  const auto count = static_cast<double>(indices.size());
  const auto add = [count](double& sum, auto value) { sum += static_cast<double>(value) / count; };
  const auto raise = [](double& most, auto value) {
    most = std::max(most, static_cast<double>(value));
  };
  for (const EventStealth& one : of_recordings) {
    add(mean.clean, one.clean);
    add(mean.triggered, one.triggered);
    add(mean.kept, one.kept);
    add(mean.added, one.added);
    add(mean.removed, one.removed);
    add(mean.moved, one.moved);
    add(mean.total_shift, one.total_shift);
    raise(mean.largest_shift, one.largest_shift);
    add(mean.changed_pixels, one.changed_pixels);
    add(mean.mean_count_change, one.mean_count_change);
    raise(mean.largest_count_change, one.largest_count_change);
    add(mean.mean_rate_change, one.mean_rate_change);
    raise(mean.largest_rate_change, one.largest_rate_change);
  }
  return mean;
}

SNNBD_INLINE MeanEventStealth event_stealth(data::DatasetView clean, data::DatasetView triggered) {
  std::vector<std::size_t> all(clean.size());
  std::iota(all.begin(), all.end(), std::size_t{0});
  return event_stealth(clean, triggered, all);
}

}  // namespace snnbd::inline SNNBD_ISA::metric
