#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/kind.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/event_dataset.hpp>
#include <snnbd/data/frame_store.hpp>
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
/// Frames are made when they are first asked for, and kept in memory as counts; see `CacheOptions`.
/// Copies of the set share them, and so does a set that is opened again. With `SNNBD_CACHE=FOLDER`
/// in the environment they are kept on disk as well. Whatever is kept where, what `read` gives is
/// the same.
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

  /// @param cache where the frames are kept; the environment variable `SNNBD_CACHE` names a folder
  ///   if nothing is given
  /// @throws Error as the recordings do, or if frames cannot be kept where they should be
  explicit EventFrames(Part part, const std::string& directory = {},
                       const CacheOptions& cache = CacheOptions::from_environment()) requires
      std::constructible_from<Set, Part, std::string> : EventFrames{Set{part, directory}, cache} {}

  explicit EventFrames(Set recordings, const CacheOptions& cache = CacheOptions::from_environment())
      : recordings_{std::move(recordings)} {
    check_policy(Bins{});
    check_policy(Kind{});
    const auto values = static_cast<std::size_t>(shape.size()) * Frames;
    CacheOptions kept = cache;
    Key key;
    if constexpr (requires { std::string{recordings_.identity()}; }) {
      key.add("format", 1)
          .add("set", kind_of<Set>())
          .add("recordings", std::string{recordings_.identity()})
          .add("width", sensor.width)
          .add("height", sensor.height)
          .add("frames", Frames)
          .add("binning", Bins{})
          .add("geometry", Place{});
    } else {
      kept.folder.clear();
    }
    store_ = detail::FrameStore::open(
        recordings_.size(), detail::RecordLayout{std::size_t{Frames}, values}, kept,
        std::string{name}, key,
        [set = recordings_](std::size_t index) { return pack(set, index); });
  }

  [[nodiscard]] std::size_t size() const { return recordings_.size(); }

  /// @throws Error if there is no such sample
  [[nodiscard]] int label(std::size_t index) const { return recordings_.label(index); }

  /// @param values room for one sample, [frame, height, width, 2]
  /// @throws Error if there is no such sample, `values` has another size, or the recording cannot
  ///   be read
  void read(std::size_t index, std::span<float> values) const {
    check_index(name, index, size());
    check_image_size(name, values.size(), static_cast<std::size_t>(shape.size()) * Frames);
    const auto record = store_->get(index);
    const detail::RecordView view{record.bytes, store_->layout()};
    const std::array<float, 256>& table = values_of_small_counts();
    view.write(
        [&](auto count) {
          if constexpr (sizeof(count) == 1)
            return table[count];
          else
            return Kind{}.value(count);
        },
        values);
  }

  /// The events of a sample, in the order of time; from the recording itself.
  [[nodiscard]] std::vector<event::Event> events(std::size_t index) const {
    check_index(name, index, size());
    std::vector<event::Event> all = recordings_.events(index);
    std::vector<event::Event> sorted;
    std::uint64_t unsorted = 0;
    static_cast<void>(event::in_order(all, sorted, unsorted));
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
    check_index(name, index, size());
    const auto record = store_->get(index);
    const detail::RecordView view{record.bytes, store_->layout()};
    FrameTimes times;
    for (std::size_t frame = 0; frame < times.size(); ++frame)
      times[frame] = in_milliseconds(view.bin(frame));
    return times;
  }

  /// When a frame of a sample begins, in milliseconds since its first event, and how long it lasts.
  ///
  /// @throws Error if there is no such sample or frame
  [[nodiscard]] FrameTime frame_time(std::size_t index, int frame) const {
    if (frame < 0 || frame >= Frames)
      reject(std::string{name} + ": number of a frame", "0 to " + std::to_string(Frames - 1),
             frame);
    return frame_times(index)[static_cast<std::size_t>(frame)];
  }

  /// The fixed duration of a frame in microseconds; 0 where frames are shares of a recording.
  [[nodiscard]] std::int64_t window_duration() const {
    if constexpr (std::derived_from<Bins, event::ByDuration>)
      return Bins{}.microseconds;
    else
      return 0;
  }

  [[nodiscard]] const Set& recordings() const { return recordings_; }

  /// CRC-32 of the counts and times of all frames and of what was met in the recordings. Reads each
  /// of them once, unless it is kept.
  [[nodiscard]] std::uint32_t checksum() const { return summary().checksum; }

  /// Where the recordings came from.
  [[nodiscard]] std::string source() const requires requires(const Set& set) {
    std::string{set.source()};
  }
  { return recordings_.source(); }

  /// What there is to know of the recordings for those who doubt a result: events read and left
  /// out, and what the set of recordings tells of itself. Reads each of them once, unless it is
  /// kept.
  [[nodiscard]] Key facts() const {
    Key facts;
    if constexpr (requires { facts.append(recordings_.facts()); })
      facts.append(recordings_.facts());
    detail::add_facts(summary().facts, facts);
    detail::add_facts(*store_, facts);
    return facts;
  }

 private:
  static FrameTime in_milliseconds(const event::Bin& bin) {
    constexpr double microseconds = 1000.0;
    return {static_cast<double>(bin.start) / microseconds,
            static_cast<double>(bin.finish - bin.start) / microseconds};
  }

  /// The record of one sample.
  static detail::FrameStore::Bytes pack(const Set& set, std::size_t index) {
    event::Recording recording;
    if constexpr (requires { recording = set.recording(index); }) {
      recording = set.recording(index);
    } else {
      recording.events = set.events(index);
      recording.findings.events = recording.events.size();
    }
    std::vector<event::Event> room;
    std::uint64_t unsorted = 0;
    const auto sorted = event::in_order(recording.events, room, unsorted);
    std::array<event::Bin, std::size_t{Frames}> bins{};
    event::fill_bins(Bins{}, sorted, bins);
    std::vector<std::uint16_t> counts(static_cast<std::size_t>(shape.size()) * Frames);
    static const event::PixelMap map = event::pixel_map(Place{}, sensor);
    detail::RecordingFacts facts{recording.findings,
                                 event::count_events(sorted, bins, map, counts)};
    facts.integration.unsorted = unsorted;
    return detail::pack_record(facts, bins, counts);
  }

  /// What nearly all counts become.
  static const std::array<float, 256>& values_of_small_counts() {
    static const std::array<float, 256> table = [] {
      std::array<float, 256> values{};
      for (std::uint32_t count = 1; count < values.size(); ++count)
        values[count] = Kind{}.value(count);
      return values;
    }();
    return table;
  }

  [[nodiscard]] const detail::FrameStore::Summary& summary() const { return store_->summary(); }

  Set recordings_;
  std::shared_ptr<const detail::FrameStore> store_;
};

}  // namespace snnbd::inline SNNBD_ISA::data
