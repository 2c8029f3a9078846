#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <snnbd/data/dataset_view.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

/// How visible a trigger is on recordings: which of their events are new, gone, or moved in time.
///
/// At each pixel and polarity, the events of one recording are assigned to those of the other until
/// one of the two has none left. What is left over was added or removed. The budgets of attacks
/// that retime events, B0, B1 and B-infinity, are each the smallest that any assignment has: an
/// attacker needs at least that.
///
/// @tparam Count `std::uint64_t` for one recording; `double` for the mean of several, in which what
///   is named "largest" is that of all recordings
template <class Count>
struct EventStealthOf {
  Count clean{};                ///< events of the clean recording
  Count triggered{};            ///< events of the triggered recording
  Count kept{};                 ///< events of both, to the microsecond
  Count added{};                ///< events that are new
  Count removed{};              ///< events that are gone
  Count moved{};                ///< B0: events that are at another time
  Count total_shift{};          ///< B1: by how much in all, in microseconds
  Count largest_shift{};        ///< B-infinity: by how much one at most, in microseconds
  double changed_pixels = 0.0;  ///< share of the sensor's pixels that have other events
  /// By how many events a pixel and polarity has more or fewer, as the mean of all and as the
  /// largest.
  double mean_count_change = 0.0;
  Count largest_count_change{};
  /// The same per second of the time from the first event of both recordings to the last; zero if
  /// there is no such time.
  double mean_rate_change = 0.0;
  double largest_rate_change = 0.0;
};

/// Of one recording.
using EventStealth = EventStealthOf<std::uint64_t>;
/// The mean of several recordings.
using MeanEventStealth = EventStealthOf<double>;

/// Compares a recording with the same one triggered; neither has to be sorted.
///
/// @throws Error if the sensor is not known, an event lies outside of it, or the times span more
///         than 2^58 microseconds, or as many events as there are could be moved by more than 2^62
EventStealth event_stealth(std::span<const event::Event> clean,
                           std::span<const event::Event> triggered, event::Sensor sensor);

/// Compares the recordings of a set with the same ones triggered, before they become frames.
///
/// @param clean, triggered sets whose samples have events, see `data::DatasetView::has_events`
/// @param indices of the samples, in both sets
/// @throws Error if one of the sets has no events, they differ in their sensor, lack a sample, or
///         none is named; and as above
MeanEventStealth event_stealth(data::DatasetView clean, data::DatasetView triggered,
                               std::span<const std::size_t> indices);

/// The same of all samples.
MeanEventStealth event_stealth(data::DatasetView clean, data::DatasetView triggered);

}  // namespace snnbd::inline SNNBD_ISA::metric

#if !defined(SNNBD_COMPILED)
#include <snnbd/metric/event_stealth.ipp>
#endif
