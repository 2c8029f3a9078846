#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <snnbd/core/config.hpp>

/// What event cameras see: events, recordings, the files that hold them, and frames made of them.
namespace snnbd::inline SNNBD_ISA::event {

/// At one pixel of an event camera the light changed.
struct Event {
  std::int64_t time = 0;  ///< in microseconds, unwrapped: it may pass 2^32
  std::uint16_t x = 0;    ///< column, 0 at the left
  std::uint16_t y = 0;    ///< row, 0 at the top
  std::uint8_t on = 0;    ///< 1 where it became brighter (ON), 0 where it became darker (OFF)

  friend bool operator==(const Event&, const Event&) = default;
};

/// The pixels of an event camera.
struct Sensor {
  int width = 0;   ///< columns; 0 if a file does not tell
  int height = 0;  ///< rows; 0 if a file does not tell

  [[nodiscard]] bool is_known() const { return width > 0 && height > 0; }
  [[nodiscard]] bool holds(const Event& event) const { return event.x < width && event.y < height; }
  friend constexpr bool operator==(const Sensor&, const Sensor&) = default;
};

/// `34x34`, width first, as reports and errors print it.
inline std::string to_string(const Sensor& sensor) {
  return std::to_string(sensor.width) + 'x' + std::to_string(sensor.height);
}

/// What a reader met in a file. Nothing of this is an error: real recordings have all of it.
struct Findings {
  std::uint64_t events = 0;     ///< that the reader gave
  std::uint64_t outside = 0;    ///< left out, as they lie outside of the sensor
  std::uint64_t invalid = 0;    ///< left out, as the file marks them as invalid
  std::uint64_t backwards = 0;  ///< given, though earlier than the event before
  std::uint64_t repeated = 0;   ///< given, though equal to the event before
  std::uint64_t overflows = 0;  ///< of the time stamps, which were unwrapped
  std::uint64_t others = 0;     ///< records of other kinds, skipped: frames, inertia, triggers

  friend bool operator==(const Findings&, const Findings&) = default;
};

/// Events of one file or one piece of it, in the order of the file.
struct Recording {
  Sensor sensor;
  std::vector<Event> events;
  Findings findings;
};

}  // namespace snnbd::inline SNNBD_ISA::event
