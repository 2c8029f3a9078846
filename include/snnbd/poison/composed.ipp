#pragma once

#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/draw.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

SNNBD_INLINE void check_places(const Places& places, Shape shape, const std::string& description) {
  bool any = false;
  for (const auto& area : places) {
    if (!area) continue;
    any = true;
    if (area->top < 0 || area->left < 0 || area->height < 1 || area->width < 1 || area->rim < 0 ||
        area->height > shape.height - area->top || area->width > shape.width - area->left)
      reject("trigger", "an area inside a frame of " + to_string(shape), description);
  }
  if (!any)
    reject("trigger",
           "a schedule that shows it in one of " + std::to_string(places.size()) + " frames",
           description);
}

inline bool is_earlier(const event::Event& left, const event::Event& right) {
  return left.time < right.time;
}

SNNBD_INLINE void sort_events(std::vector<event::Event>& events) {
  // Most recordings are in order.
  if (!std::is_sorted(events.begin(), events.end(), is_earlier))
    std::stable_sort(events.begin(), events.end(), is_earlier);
}

SNNBD_INLINE void insert_events(std::vector<event::Event>& events,
                                std::vector<event::Event>& added) {
  sort_events(added);
  const auto middle = static_cast<std::ptrdiff_t>(events.size());
  events.insert(events.end(), added.begin(), added.end());
  std::inplace_merge(events.begin(), events.begin() + middle, events.end(), is_earlier);
}

/// The number of events that a count asks for.
inline std::size_t whole_events(float count) {
  constexpr float most = 65535.0F;
  if (!(count <= most))
    reject("events of a trigger at a pixel in a window", "a number of at most 65535", count);
  return count > 0.0F ? static_cast<std::size_t>(std::lround(count)) : 0;
}

/// Moves new events to the ends of a recording that lost its own, so that it lasts as long.
///
/// @param kept in the order of their times
inline void hold_ends(const std::vector<event::Event>& kept, std::vector<event::Event>& added,
                      const EventContext& context) {
  if (added.empty()) return;
  const auto [earliest, latest] = std::minmax_element(added.begin(), added.end(), is_earlier);
  if ((kept.empty() || kept.front().time > context.first) && context.frame_of(earliest->time) == 0)
    earliest->time = context.first;
  if ((kept.empty() || kept.back().time < context.last) && context.duration == 0 &&
      earliest != latest && context.frame_of(latest->time) == context.frames - 1)
    latest->time = context.last;
}

/// The same by the events that are left, where one of them lies in the first or the last window: no
/// frame changes by it.
///
/// @param events in the order of their times
inline void hold_ends(std::vector<event::Event>& events, const EventContext& context) {
  if (events.empty()) return;
  if (context.frame_of(events.front().time) == 0) events.front().time = context.first;
  if (context.duration == 0 && events.size() > 1 &&
      context.frame_of(events.back().time) == context.frames - 1)
    events.back().time = context.last;
}

SNNBD_INLINE void change_events(std::vector<event::Event>& events, const EventContext& context,
                                const Places& places, Polarity polarity, const Count& count,
                                bool anew) {
  sort_events(events);
  std::vector<event::Event> changed;
  changed.reserve(events.size());
  std::vector<event::Event> added;
  std::vector<std::uint32_t> found;  // for each covered row, column and kind
  std::vector<std::uint32_t> left;   // of them, those that may stay
  auto next = events.begin();
  for (int frame = 0; frame < context.frames; ++frame) {
    const Window window = context.window(frame);
    const auto end = std::partition_point(
        next, events.end(), [&](const event::Event& one) { return one.time < window.end; });
    const auto& place = places[static_cast<std::size_t>(frame)];
    if (!place) {
      changed.insert(changed.end(), next, end);
      next = end;
      continue;
    }
    const Area area = *place;
    const auto cell = [&](int row, int column, int on) {
      const Index pixel = static_cast<Index>(row - area.top) * area.width + column - area.left;
      return static_cast<std::size_t>(pixel * 2 + on);
    };
    found.assign(static_cast<std::size_t>(area.height) * static_cast<std::size_t>(area.width) * 2,
                 0);
    for (auto one = next; one != end; ++one)
      if (area.covers(one->y, one->x)) ++found[cell(one->y, one->x, one->on != 0 ? 1 : 0)];
    left.assign(found.size(), 0);
    const std::int64_t length = window.end - window.begin;
    for_each_run(area, [&](int row, int from, int width) {
      for (int column = from; column < from + width; ++column)
        for (const int on : {0, 1}) {
          const std::size_t number = cell(row, column, on);
          const bool shown = shows(polarity, on);
          const std::size_t wanted = whole_events(count(static_cast<float>(found[number]), shown));
          const std::size_t kept = anew ? 0 : std::min<std::size_t>(found[number], wanted);
          left[number] = static_cast<std::uint32_t>(kept);
          const auto more = static_cast<std::int64_t>(wanted - kept);
          for (std::int64_t one = 0; one < more; ++one)
            added.push_back({window.begin + (2 * one + 1) * length / (2 * more),
                             static_cast<std::uint16_t>(column), static_cast<std::uint16_t>(row),
                             static_cast<std::uint8_t>(on)});
        }
    });
    for (; next != end; ++next) {
      if (!area.covers(next->y, next->x)) {
        changed.push_back(*next);
      } else if (auto& rest = left[cell(next->y, next->x, next->on != 0 ? 1 : 0)]; rest > 0) {
        --rest;
        changed.push_back(*next);
      }
    }
  }
  changed.insert(changed.end(), next, events.end());
  hold_ends(changed, added, context);
  insert_events(changed, added);
  hold_ends(changed, context);
  events = std::move(changed);
}

SNNBD_INLINE std::vector<std::size_t> covered_events(const std::vector<event::Event>& events,
                                                     const EventContext& context,
                                                     const Places& places, Polarity polarity) {
  std::vector<std::size_t> covered;
  for (std::size_t number = 1; number + 1 < events.size(); ++number) {
    const event::Event& one = events[number];
    const int frame = context.frame_of(one.time);
    if (frame >= context.frames || !shows(polarity, one.on != 0 ? 1 : 0)) continue;
    const auto& area = places[static_cast<std::size_t>(frame)];
    if (area && area->covers(one.y, one.x)) covered.push_back(number);
  }
  return covered;
}

SNNBD_INLINE void drop_events(std::vector<event::Event>& events, const EventContext& context,
                              const Places& places, Polarity polarity, std::uint64_t seed,
                              const std::function<bool(random::Stream&)>& drops) {
  sort_events(events);
  random::Stream stream = draws_of(seed, Purpose::drop, context.index);
  std::vector<char> gone(events.size());
  for (const std::size_t number : covered_events(events, context, places, polarity))
    gone[number] = drops(stream) ? 1 : 0;
  std::size_t kept = 0;
  for (std::size_t number = 0; number < events.size(); ++number)
    if (gone[number] == 0) events[kept++] = events[number];
  events.resize(kept);
}

}  // namespace snnbd::inline SNNBD_ISA::poison::detail
