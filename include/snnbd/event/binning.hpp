#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>

#include <snnbd/core/error.hpp>
#include <snnbd/core/members.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::event {

/// One frame of a recording: which of its events, in the order of time, and when. Times are in
/// microseconds since the first event.
struct Bin {
  std::size_t first = 0;    ///< the number of its first event
  std::size_t end = 0;      ///< one beyond its last event
  std::int64_t start = 0;   ///< when it begins
  std::int64_t finish = 0;  ///< when it ends

  friend bool operator==(const Bin&, const Bin&) = default;
};

/// Which events come into which frame: a policy whose `bins(events, bins)` fills one `Bin` for each
/// frame, given at least one event and the events in the order of time. Bins follow each other;
/// events after the last bin are left out.
template <class Type>
concept Binning = requires(const Type& binning, std::span<const Event> events,
                           std::span<Bin> bins) {
  { Type::name } -> std::convertible_to<std::string_view>;
  binning.bins(events, bins);
};

/// The same number of events in each frame: N / T of N events, rounded down; the last frame takes
/// the rest. As `integrate_events_by_fixed_frames_number(split_by='number')` of SpikingJelly does.
/// A frame lasts from its first event to that of the next frame, the last one to the last event.
struct ByNumber {
  static constexpr std::string_view name = "by number";
  void bins(std::span<const Event> events, std::span<Bin> bins) const;
};

/// The same time in each frame: dt = (t_last - t_first) / T, in whole microseconds, rounded down;
/// frame k covers [t_first + k dt, t_first + (k + 1) dt), and the last one takes the rest. As
/// `split_by='time'` of SpikingJelly, but a frame without events is zeros instead of an error.
struct ByTime {
  static constexpr std::string_view name = "by time";
  void bins(std::span<const Event> events, std::span<Bin> bins) const;
};

/// A time that is given for each frame: frame k covers [t_first + k d, t_first + (k + 1) d). What
/// lies after the last frame is left out and counted; frames after the last event are zeros.
struct ByDuration {
  static constexpr std::string_view name = "by duration";
  std::int64_t microseconds = 30'000;  ///< of a frame

  /// @throws Error if a frame lasts no time, or more than a year
  void check() const;
  void bins(std::span<const Event> events, std::span<Bin> bins) const;
};

/// A policy with values of its own where a type is asked for:
/// `event::With<event::ByDuration{.microseconds = 5'000}>`.
template <auto Policy>
struct With : std::remove_const_t<decltype(Policy)> {
  using Base = std::remove_const_t<decltype(Policy)>;
  constexpr With() : Base{Policy} {}

  template <class Self, class Visit>
  static constexpr void members(Self& self, const Visit& visit) {
    snnbd::members::of_base<Base>(self, visit);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/binning.ipp>
#endif
