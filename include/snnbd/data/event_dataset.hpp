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

/// A set whose samples are made of events. `sensor` is known at compile time, `events(index)` gives
/// the events of a sample, and `integrate(events, values)` makes of events what `read` gives:
/// `read(index, values)` is `integrate(events(index), values)`.
///
/// If its frames last a fixed time, it may tell it by `window_duration()`, in microseconds;
/// triggers on events then follow these windows.
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

namespace detail {

/// The sensor of sets that are made of a set with events; nothing for others.
template <class Set>
struct WithSensor {};
template <class Set>
requires requires {
  Set::sensor;
}
struct WithSensor<Set> {
  static constexpr event::Sensor sensor = Set::sensor;
};

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::data
