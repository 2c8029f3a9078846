#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/event_dataset.hpp>
#include <snnbd/data/recordings.hpp>
#include <snnbd/event/frames.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Recordings of an event camera as frames: the events of each are counted in `Frames` frames of
/// [height, width, 2], channel 0 for OFF and 1 for ON. A data set like any other.
///
/// ```cpp
/// using Digits = data::EventFrames<data::NMnist, 10>;                    // counts, by number
/// using Objects = data::EventFrames<data::EventFolder<event::Sensor{128, 128}, 5>, 16,
///                                   event::ByTime, event::Binary,
///                                   event::With<event::Downsample{.width = 48, .height = 48}>>;
/// ```
///
/// The policies are types, so that they are in the kind of the set and in every key; one with
/// values of its own is written as `event::With<...>`.
///
/// @tparam Set recordings
/// @tparam Frames of each sample
/// @tparam Bins which events come into which frame
/// @tparam Kind what counts become
/// @tparam Place which pixels of the sensor become which of the frames
template <Recordings Set, int Frames, event::Binning Bins = event::ByNumber,
          event::Values Kind = event::Counts, event::Geometry Place = event::Whole>
class EventFrames {
  static_assert(Frames >= 1 && Frames <= 10'000,
                "snnbd: recordings become 1 to 10,000 frames of events");
  static_assert(event::fits(Place{}, Set::sensor),
                "snnbd: the geometry of frames of events fits the sensor: a crop lies within it, "
                "padding is not negative, downsampling makes no larger frames");

 public:
  using RecordingsType = Set;

  static constexpr event::Sensor sensor = Set::sensor;
  static constexpr Shape shape = event::frame_shape(Place{}, sensor);
  static constexpr int frames = Frames;
  static constexpr int classes = Set::classes;
  static constexpr std::string_view name = Set::name;
  static constexpr Range range{0.0F, Kind{}.high()};

  using FrameTimes = std::array<FrameTime, std::size_t{Frames}>;

  /// @throws Error as the recordings do
  explicit EventFrames(Part part, const std::string& directory = {}) requires
      std::constructible_from<Set, Part, std::string> : EventFrames{Set{part, directory}} {}

  explicit EventFrames(Set recordings) : recordings_{std::move(recordings)} {}

  [[nodiscard]] std::size_t size() const { return recordings_.size(); }

  /// @throws Error if there is no such sample
  [[nodiscard]] int label(std::size_t index) const { return recordings_.label(index); }

  /// @param values room for one sample, [frame, height, width, 2]
  /// @throws Error if there is no such sample, `values` has another size, or the recording cannot
  ///   be read
  void read(std::size_t index, std::span<float> values) const {
    integrate(recordings_.events(index), values);
  }

  /// The events of a sample, in the order of time.
  [[nodiscard]] std::vector<event::Event> events(std::size_t index) const {
    std::vector<event::Event> all = recordings_.events(index);
    std::vector<event::Event> sorted;
    std::uint64_t unsorted = 0;
    event::in_order(all, sorted, unsorted);
    return unsorted == 0 ? all : sorted;
  }

  /// Makes frames of any events as of the set's own.
  ///
  /// @param values room for one sample, [frame, height, width, 2]
  /// @returns what became of the events
  event::Integration integrate(std::span<const event::Event> events,
                               std::span<float> values) const {
    check_image_size(name, values.size(), static_cast<std::size_t>(shape.size()) * Frames);
    return event::integrate(events, sensor, Frames, Bins{}, Kind{}, Place{}, values);
  }

  /// When the frames of any events are: milliseconds since the first of them.
  [[nodiscard]] FrameTimes frame_times(std::span<const event::Event> events) const {
    std::vector<event::Event> sorted;
    std::uint64_t unsorted = 0;
    std::array<event::Bin, std::size_t{Frames}> bins{};
    event::fill_bins(Bins{}, event::in_order(events, sorted, unsorted), bins);
    FrameTimes times;
    for (std::size_t frame = 0; frame < times.size(); ++frame)
      times[frame] = in_milliseconds(bins[frame]);
    return times;
  }

  /// When the frames of a sample are.
  [[nodiscard]] FrameTimes frame_times(std::size_t index) const {
    return frame_times(std::span<const event::Event>{recordings_.events(index)});
  }

  /// When a frame of a sample begins, in milliseconds since its first event, and how long it lasts.
  [[nodiscard]] FrameTime frame_time(std::size_t index, int frame) const {
    return frame_times(index).at(static_cast<std::size_t>(frame));
  }

  /// The time of a frame in microseconds, if all are given the same; otherwise 0.
  [[nodiscard]] std::int64_t window_duration() const {
    if constexpr (requires { Bins{}.microseconds; })
      return Bins{}.microseconds;
    else
      return 0;
  }

  [[nodiscard]] const Set& recordings() const { return recordings_; }

  /// Of the recordings' bytes.
  [[nodiscard]] std::uint32_t checksum() const requires requires(const Set& set) { set.checksum(); }
  { return recordings_.checksum(); }

  /// Where the recordings came from.
  [[nodiscard]] std::string source() const requires requires(const Set& set) { set.source(); }
  { return recordings_.source(); }

 private:
  static FrameTime in_milliseconds(const event::Bin& bin) {
    constexpr double microseconds = 1000.0;
    return {static_cast<double>(bin.start) / microseconds,
            static_cast<double>(bin.finish - bin.start) / microseconds};
  }

  Set recordings_;
};

}  // namespace snnbd::inline SNNBD_ISA::data
