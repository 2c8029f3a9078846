#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

/// How visible a trigger is on a recording: which of its events are new, gone, or moved in time.
///
/// At each pixel and polarity, the events of one recording are assigned to those of the other until
/// one of the two has none left. What is left over was added or removed. The budgets of attacks
/// that retime events, B0, B1 and B-infinity, are each the smallest that any assignment has: an
/// attacker needs at least that.
struct EventStealth {
  std::uint64_t clean = 0;          ///< events of the clean recording
  std::uint64_t triggered = 0;      ///< events of the triggered recording
  std::uint64_t kept = 0;           ///< events of both, to the microsecond
  std::uint64_t added = 0;          ///< events that are new
  std::uint64_t removed = 0;        ///< events that are gone
  std::uint64_t moved = 0;          ///< B0: events that are at another time
  std::uint64_t total_shift = 0;    ///< B1: by how much in all, in microseconds
  std::uint64_t largest_shift = 0;  ///< B-infinity: by how much one at most, in microseconds
  double changed_pixels = 0.0;      ///< share of the sensor's pixels that have other events
  /// By how many events a pixel and polarity has more or fewer, as the mean of all and as the
  /// largest.
  double mean_count_change = 0.0;
  std::uint64_t largest_count_change = 0;
  /// The same per second of the time from the first event of both recordings to the last; zero if
  /// there is no such time.
  double mean_rate_change = 0.0;
  double largest_rate_change = 0.0;
};

/// Compares a recording with the same one triggered; neither has to be sorted.
///
/// @throws Error if the sensor is not known, an event lies outside of it, or the times span more
///         than 2^58 microseconds, or as many events as there are could be moved by more than 2^62
EventStealth event_stealth(std::span<const event::Event> clean,
                           std::span<const event::Event> triggered, event::Sensor sensor);

}  // namespace snnbd::inline SNNBD_ISA::metric

#if !defined(SNNBD_COMPILED)
#include <snnbd/metric/event_stealth.ipp>
#endif
