#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// A labelled set of recordings of an event camera. `sensor`, `classes` and `name` are known at
/// compile time; `events(index)` gives one recording in canonical orientation, none of its events
/// outside of the sensor. The same index gives the same events, from any thread.
///
/// A set for an experiment is made from (data::Part, directory). It may tell where it came from by
/// `source()`, `checksum()` and `facts()`, a `Key`; and by `identity()`, a text, which bytes it was
/// made of, without which its frames are not kept in a cache on disk.
template <class Type>
concept Recordings = requires(const Type& set, std::size_t index) {
  requires std::same_as<std::remove_cvref_t<decltype(Type::sensor)>, event::Sensor>;
  requires std::convertible_to<decltype(Type::classes), int>;
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { set.size() } -> std::convertible_to<std::size_t>;
  { set.label(index) } -> std::convertible_to<int>;
  { set.events(index) } -> std::same_as<std::vector<event::Event>>;
};

/// A data set whose frames were made of events, and that can make them of others:
///
/// - `sensor`: of its recordings,
/// - `events(index)`: a sample's events in the order of time, as a `std::vector<event::Event>`,
/// - `integrate(events, values)`: makes the frames of any events as it makes those of its own,
/// - `frame_times(events)`: when these frames are, in milliseconds since the first event.
///
/// Whoever changes events before they become frames needs no more.
template <class Type>
concept EventDataset = Dataset<Type> &&
    requires(const Type& set, std::size_t index, std::span<const event::Event> events,
             std::span<float> values) {
  requires std::same_as<std::remove_cvref_t<decltype(Type::sensor)>, event::Sensor>;
  { set.events(index) } -> std::same_as<std::vector<event::Event>>;
  set.integrate(events, values);
  { set.frame_times(events)[std::size_t{0}] } -> std::convertible_to<FrameTime>;
};

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
