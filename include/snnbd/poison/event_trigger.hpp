#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// The time from `begin` to before `end`, in microseconds.
struct Window {
  std::int64_t begin = 0;
  std::int64_t end = 0;

  friend bool operator==(const Window&, const Window&) = default;
};

/// What a trigger is told of the recording that it changes.
struct EventContext {
  event::Sensor sensor{};
  std::size_t index = 0;      ///< the sample's place in the clean set
  std::int64_t first = 0;     ///< time of the earliest event, in microseconds
  std::int64_t last = 0;      ///< time of the latest event
  int frames = 1;             ///< that the recording is integrated to
  std::int64_t duration = 0;  ///< of a frame, in microseconds; 0 for equal shares of the recording

  /// The time that a frame integrates: equal shares, of which the last one has the rest, as when
  /// frames are made by time; or a fixed duration each.
  [[nodiscard]] Window window(int frame) const;

  /// The frame that integrates a time; their number for what comes after the last one's duration.
  [[nodiscard]] int frame_of(std::int64_t time) const;

  /// Two channels on the sensor.
  [[nodiscard]] Shape shape() const { return {sensor.height, sensor.width, 2}; }
};

/// A trigger that changes the events of a recording, in place. Events may come in any order and
/// leave in the order of their times; those outside of the sensor are left alone. The same
/// arguments give the same events, from any thread.
template <class Type>
concept EventTrigger = requires(const Type& trigger, std::vector<event::Event>& events,
                                const EventContext& context) {
  trigger.stamp(events, context);
};

/// The context of some events. A recording that lasts less than a microsecond a frame, such as an
/// empty one, is taken for one that goes on: a millisecond a frame.
///
/// @param duration of a frame, in microseconds; 0 for equal shares of the recording
/// @throws Error if the sensor is unknown or there are no frames
EventContext event_context(std::span<const event::Event> events, event::Sensor sensor,
                           std::size_t index, int frames, std::int64_t duration = 0);

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/event_trigger.ipp>
#endif
