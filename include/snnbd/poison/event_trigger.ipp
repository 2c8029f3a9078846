#pragma once

#include <algorithm>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/event_trigger.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

SNNBD_INLINE Window EventContext::window(int frame) const {
  if (duration > 0) return {first + frame * duration, first + (frame + 1) * duration};
  const std::int64_t share = (last - first) / frames;
  return {first + frame * share, frame + 1 == frames ? last + 1 : first + (frame + 1) * share};
}

SNNBD_INLINE int EventContext::frame_of(std::int64_t time) const {
  const std::int64_t share =
      duration > 0 ? duration : std::max<std::int64_t>((last - first) / frames, 1);
  const int after = duration > 0 ? frames : frames - 1;
  return static_cast<int>(std::clamp<std::int64_t>((time - first) / share, 0, after));
}

SNNBD_INLINE EventContext event_context(std::span<const event::Event> events, event::Sensor sensor,
                                        std::size_t index, int frames, std::int64_t duration) {
  if (!sensor.is_known()) reject("sensor of events", "its width and height", to_string(sensor));
  if (frames < 1) reject("frames of a recording", "a number of at least 1", frames);
  if (duration < 0) reject("duration of a frame", "microseconds, or 0 for shares", duration);
  EventContext context{sensor, index, 0, 0, frames, duration};
  if (!events.empty()) context.first = context.last = events.front().time;
  for (const event::Event& one : events) {
    context.first = std::min(context.first, one.time);
    context.last = std::max(context.last, one.time);
  }
  constexpr std::int64_t longer = 1000;
  if (context.last - context.first < frames) context.last = context.first + longer * frames;
  return context;
}

}  // namespace snnbd::inline SNNBD_ISA::poison
