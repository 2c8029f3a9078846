#pragma once

#include <algorithm>
#include <cstdlib>

#include <snnbd/core/error.hpp>
#include <snnbd/data/shuffle.hpp>
#include <snnbd/poison/draw.hpp>
#include <snnbd/poison/retimed.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

SNNBD_INLINE void Budget::check() const {
  const auto require = [](std::string_view setting, std::int64_t value) {
    if (value < 0) reject(setting, "a number of at least 0, 0 for no bound", value);
  };
  require("largest shift of events", largest);
  require("total shift of events", total);
  require("number of moved events", moved);
}

SNNBD_INLINE std::string Budget::describe() const {
  std::string text;
  const auto add = [&](std::string_view what, std::int64_t bound, std::string_view unit) {
    if (bound > 0) text.append(what).append(std::to_string(bound)).append(unit);
  };
  add(", each at most ", largest, " us");
  add(", together at most ", total, " us");
  add(", at most ", moved, " events");
  return text;
}

namespace detail {

SNNBD_INLINE void require_microseconds(std::string_view setting, std::int64_t value) {
  constexpr std::int64_t most = 1'000'000'000;
  if (value < 1 || value > most)
    reject(setting, "a number of microseconds from 1 to 1000000000", value);
}

SNNBD_INLINE random::Stream retiming_stream(std::uint64_t seed, std::size_t sample) {
  return draws_of(seed, Purpose::retime, sample);
}

SNNBD_INLINE void retime_events(std::vector<event::Event>& events, const EventContext& context,
                                const Places& places, Polarity polarity, const Budget& budget,
                                random::Stream& stream, const Shift& shift) {
  sort_events(events);
  std::vector<std::size_t> order = covered_events(events, context, places, polarity);
  data::shuffle(order, stream);
  std::int64_t spent = 0;
  std::int64_t moved = 0;
  for (const std::size_t number : order) {
    if ((budget.total > 0 && spent >= budget.total) || (budget.moved > 0 && moved >= budget.moved))
      break;
    std::int64_t& time = events[number].time;
    std::int64_t distance = std::clamp(shift(), context.first - time, context.last - time);
    if (budget.largest > 0) distance = std::clamp(distance, -budget.largest, budget.largest);
    if (budget.total > 0) {
      const std::int64_t rest = budget.total - spent;
      distance = std::clamp(distance, -rest, rest);
    }
    time += distance;
    spent += std::abs(distance);
    moved += distance != 0 ? 1 : 0;
  }
  sort_events(events);
}

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::poison
