#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include <snnbd/data/dataset.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// A data set whose frames were made of events, and that can make them of others:
///
/// - `sensor`: of its recordings, known at compile time,
/// - `events(index)`: a sample's events in the order of time,
/// - `integrate(events, values)`: makes the frames of any events as it makes those of its own:
///   `read(index, values)` is `integrate(events(index), values)`.
///
/// Whoever changes events before they become frames needs no more. It may tell when the frames of
/// events are by `frame_times(events)`, in milliseconds since the first event; and, if its frames
/// last a fixed time, that time by `window_duration()`, in microseconds: triggers on events then
/// follow these windows.
template <class Type>
concept EventDataset = Dataset<Type> &&
    requires(const Type& set, std::size_t index, std::span<const event::Event> events,
             std::span<float> values) {
  requires std::same_as<std::remove_cvref_t<decltype(Type::sensor)>, event::Sensor>;
  { set.events(index) } -> std::convertible_to<std::vector<event::Event>>;
  set.integrate(events, values);
};

/// The fixed duration of a frame in microseconds; 0 for a set whose frames are shares of a
/// recording.
template <Dataset Set>
std::int64_t window_duration([[maybe_unused]] const Set& set) {
  if constexpr (requires { set.window_duration(); })
    return set.window_duration();
  else
    return 0;
}

/// A base that has the sensor of a set, if the set has one.
template <class Set>
struct SensorOf {};
template <class Set>
requires requires {
  Set::sensor;
}
struct SensorOf<Set> {
  static constexpr event::Sensor sensor = Set::sensor;
};

}  // namespace snnbd::inline SNNBD_ISA::data
