#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/event/binning.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::event {

/// The largest count of events of one pixel, polarity and frame. More are cut and told.
inline constexpr std::uint32_t largest_count = 65'535;

/// What a count of events becomes in a frame: a policy with `value(count)`, which keeps 0 at 0 and
/// never falls as the count grows, and `high()`, the largest value that it may give.
template <class Type>
concept Values = requires(const Type& values, std::uint32_t count) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { values.value(count) } -> std::same_as<float>;
  { values.high() } -> std::same_as<float>;
};

/// The count itself.
struct Counts {
  static constexpr std::string_view name = "counts";
  [[nodiscard]] float value(std::uint32_t count) const { return static_cast<float>(count); }
  [[nodiscard]] constexpr float high() const { return static_cast<float>(largest_count); }
};

/// 1 where there was an event: for `encode::BinaryFrames`.
struct Binary {
  static constexpr std::string_view name = "binary";
  [[nodiscard]] float value(std::uint32_t count) const { return count > 0 ? 1.0F : 0.0F; }
  [[nodiscard]] constexpr float high() const { return 1.0F; }
};

/// The count, or `largest` where it is more.
struct Clipped {
  static constexpr std::string_view name = "clipped";
  int largest = 10;

  /// @throws Error if the largest count is not from 1 to `largest_count`
  void check() const {
    if (largest < 1 || largest > static_cast<int>(largest_count))
      reject("largest of clipped counts", "a number from 1 to " + std::to_string(largest_count),
             largest);
  }
  [[nodiscard]] float value(std::uint32_t count) const {
    const auto most = static_cast<std::uint32_t>(largest);
    return static_cast<float>(count < most ? count : most);
  }
  [[nodiscard]] constexpr float high() const { return static_cast<float>(largest); }
};

/// log(1 + count).
struct Log {
  static constexpr std::string_view name = "log";
  [[nodiscard]] float value(std::uint32_t count) const {
    return static_cast<float>(std::log1p(static_cast<double>(count)));
  }
  /// log(65536), rounded up.
  [[nodiscard]] constexpr float high() const { return 11.0903549F; }
};

/// Which pixels of the sensor become which of a frame: a policy with `size(sensor)`, the size of
/// frames, and `column(x, sensor)`, `row(y, sensor)`, the place of a pixel, or -1 for one left out.
template <class Type>
concept Geometry = requires(const Type& geometry, Sensor sensor, int place) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { geometry.size(sensor) } -> std::same_as<Sensor>;
  { geometry.column(place, sensor) } -> std::same_as<int>;
  { geometry.row(place, sensor) } -> std::same_as<int>;
};

/// All pixels as they are.
struct Whole {
  static constexpr std::string_view name = "whole";
  [[nodiscard]] constexpr Sensor size(Sensor sensor) const { return sensor; }
  [[nodiscard]] constexpr int column(int x, Sensor /*sensor*/) const { return x; }
  [[nodiscard]] constexpr int row(int y, Sensor /*sensor*/) const { return y; }
};

/// A rectangle of the sensor, and nothing of what lies outside of it.
struct Crop {
  static constexpr std::string_view name = "crop";
  int left = 0;    ///< columns left out on the left
  int top = 0;     ///< rows left out above
  int width = 1;   ///< of the rectangle
  int height = 1;  ///< of the rectangle

  [[nodiscard]] constexpr bool fits(Sensor sensor) const {
    return left >= 0 && top >= 0 && width >= 1 && height >= 1 && width <= sensor.width - left &&
           height <= sensor.height - top;
  }
  [[nodiscard]] constexpr Sensor size(Sensor /*sensor*/) const { return {width, height}; }
  [[nodiscard]] constexpr int column(int x, Sensor /*sensor*/) const {
    return x >= left && x - left < width ? x - left : -1;
  }
  [[nodiscard]] constexpr int row(int y, Sensor /*sensor*/) const {
    return y >= top && y - top < height ? y - top : -1;
  }
};

/// Larger frames, with pixels around the sensor that see nothing.
struct Pad {
  static constexpr std::string_view name = "pad";
  int left = 0;
  int top = 0;
  int right = 0;
  int bottom = 0;

  [[nodiscard]] constexpr bool fits(Sensor /*sensor*/) const {
    return left >= 0 && top >= 0 && right >= 0 && bottom >= 0;
  }
  [[nodiscard]] constexpr Sensor size(Sensor sensor) const {
    return {left + sensor.width + right, top + sensor.height + bottom};
  }
  [[nodiscard]] constexpr int column(int x, Sensor /*sensor*/) const { return x + left; }
  [[nodiscard]] constexpr int row(int y, Sensor /*sensor*/) const { return y + top; }
};

/// Smaller frames whose pixels are sums over those of the sensor: column x comes to
/// floor(x * width / sensor's width), a row likewise. From 128 to 64, each pixel is the sum of
/// four; from 128 to 48, of 2 x 2, 2 x 3, 3 x 2 or 3 x 3.
struct Downsample {
  static constexpr std::string_view name = "downsample";
  int width = 1;   ///< of frames
  int height = 1;  ///< of frames

  [[nodiscard]] constexpr bool fits(Sensor sensor) const {
    return width >= 1 && height >= 1 && width <= sensor.width && height <= sensor.height;
  }
  [[nodiscard]] constexpr Sensor size(Sensor /*sensor*/) const { return {width, height}; }
  [[nodiscard]] constexpr int column(int x, Sensor sensor) const {
    return x * width / sensor.width;
  }
  [[nodiscard]] constexpr int row(int y, Sensor sensor) const { return y * height / sensor.height; }
};

/// Whether a geometry can be had of a sensor; one that does not say always can.
template <Geometry Kind>
constexpr bool fits(const Kind& geometry, Sensor sensor) {
  if constexpr (requires { geometry.fits(sensor); })
    return geometry.fits(sensor);
  else
    return true;
}

/// The shape of one frame: channel 0 for OFF, 1 for ON.
template <Geometry Kind>
constexpr Shape frame_shape(const Kind& geometry, Sensor sensor) {
  const Sensor size = geometry.size(sensor);
  return {size.height, size.width, 2};
}

/// What became of the events of a recording.
struct Integration {
  std::uint64_t counted = 0;   ///< in a frame
  std::uint64_t outside = 0;   ///< left out, as no pixel of the frames is theirs
  std::uint64_t after = 0;     ///< left out, as they came after the last frame
  std::uint64_t cut = 0;       ///< left out, as a pixel had more than `largest_count`
  std::uint64_t unsorted = 0;  ///< earlier than the event before; the events were sorted first

  friend bool operator==(const Integration&, const Integration&) = default;
};

/// Where pixels of a sensor stand in a frame.
struct PixelMap {
  Shape shape;               ///< of a frame
  std::vector<int> columns;  ///< for each column of the sensor; -1 for one left out
  std::vector<int> rows;

  /// @throws Error that names the geometry if a place lies outside of the frame
  void check(std::string_view geometry) const;
};

/// @throws Error if the geometry does not fit the sensor
template <Geometry Kind>
PixelMap pixel_map(const Kind& geometry, Sensor sensor) {
  if (!sensor.is_known() || !fits(geometry, sensor))
    reject("geometry of frames", "one that fits a sensor of " + to_string(sensor), Kind::name);
  PixelMap map{frame_shape(geometry, sensor), {}, {}};
  for (int x = 0; x < sensor.width; ++x) map.columns.push_back(geometry.column(x, sensor));
  for (int y = 0; y < sensor.height; ++y) map.rows.push_back(geometry.row(y, sensor));
  map.check(Kind::name);
  return map;
}

/// The events in the order of time; events of one time keep their order.
///
/// @param sorted room for them, used if they are not in that order
/// @param unsorted counts those that are earlier than the one before
/// @returns `events` or `sorted`
/// @throws Error if a time is beyond 2^61 microseconds, before or after 0
std::span<const Event> in_order(std::span<const Event> events, std::vector<Event>& sorted,
                                std::uint64_t& unsorted);

/// Counts events in frames.
///
/// @param events in the order of time
/// @param bins one for each frame
/// @param counts [frame, height, width, 2]; all are written
/// @throws Error if there is not room for exactly the frames
Integration count_events(std::span<const Event> events, std::span<const Bin> bins,
                         const PixelMap& map, std::span<std::uint16_t> counts);

/// Refuses bins that do not follow each other, or have events that are not there.
///
/// @throws Error that names the binning
void check_bins(std::span<const Bin> bins, std::size_t events, std::string_view binning);

/// The bins of a recording.
///
/// @param events in the order of time; without any, all bins are empty and last no time, but for
///   those of a given duration
template <Binning Kind>
void fill_bins(const Kind& binning, std::span<const Event> events, std::span<Bin> bins) {
  check_policy(binning);
  if (bins.empty()) return;
  if (events.empty()) {
    // One event at no time tells what the bins of none are.
    const Event nothing{};
    binning.bins({&nothing, 1}, bins);
    for (Bin& bin : bins) bin.first = bin.end = 0;
  } else {
    binning.bins(events, bins);
  }
  check_bins(bins, events.size(), Kind::name);
}

/// Makes frames of the events of a recording.
///
/// ```cpp
/// std::vector<float> frames(10 * 34 * 34 * 2);
/// event::integrate(recording.events, {34, 34}, 10, event::ByTime{}, event::Counts{},
///                  event::Whole{}, frames);
/// ```
///
/// @param events in any order; sorted by time first if need be
/// @param out [frame, height, width, 2]; all values are written
/// @returns what became of the events; with `event::Counts`, `counted` is the sum over `out`
/// @throws Error if a policy has settings out of range, does not fit the sensor, or there is not
///   room for exactly the frames
template <Binning Bins, Values Kind, Geometry Place>
Integration integrate(std::span<const Event> events, Sensor sensor, int frames, const Bins& binning,
                      const Kind& values, const Place& geometry, std::span<float> out) {
  check_policy(values);
  if (frames < 1) reject("frames of a recording", "at least 1", frames);
  std::vector<Event> room;
  std::uint64_t unsorted = 0;
  const std::span<const Event> sorted = in_order(events, room, unsorted);
  std::vector<Bin> bins(static_cast<std::size_t>(frames));
  fill_bins(binning, sorted, bins);
  std::vector<std::uint16_t> counts(out.size());
  Integration result = count_events(sorted, bins, pixel_map(geometry, sensor), counts);
  result.unsorted = unsorted;
  for (std::size_t i = 0; i < counts.size(); ++i)
    out[i] = counts[i] == 0 ? 0.0F : values.value(counts[i]);
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/frames.ipp>
#endif
