#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <vector>

#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// A labelled set of recordings of an event camera. `sensor`, `classes` and `name` are known at
/// compile time; `events(index)` gives one recording in canonical orientation, none of its events
/// outside of the sensor. The same index gives the same events, from any thread.
///
/// A set for an experiment is made from (data::Part, directory). It may tell
///
/// - where it came from by `source()`, and what else is worth knowing by `facts()`, a `Key`,
/// - what was met in a recording by `recording(index)`, an `event::Recording`,
/// - which bytes it is made of by `identity()`, a text; without it, frames are not kept on disk.
template <class Type>
concept Recordings = requires(const Type& set, std::size_t index) {
  requires std::same_as<std::remove_cvref_t<decltype(Type::sensor)>, event::Sensor>;
  requires std::convertible_to<decltype(Type::classes), int>;
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { set.size() } -> std::convertible_to<std::size_t>;
  { set.label(index) } -> std::convertible_to<int>;
  { set.events(index) } -> std::same_as<std::vector<event::Event>>;
};

}  // namespace snnbd::inline SNNBD_ISA::data
