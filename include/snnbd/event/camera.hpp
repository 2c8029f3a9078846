#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/core/random.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::event {

/// How an event camera sees. A pixel remembers the logarithm of the light at its last event; each
/// time that the present one has moved away by the threshold, it fires, ON for more light and OFF
/// for less (Lichtsteiner et al. 2008; as ESIM renders it, Rebecq et al. 2018). Between two images
/// the logarithm moves in a straight line. A pixel that has just fired is blind for the refractory
/// time: what it would have fired is lost. Noise fires at random pixels and times, each polarity as
/// often as the other.
///
/// All settings are whole numbers, so that a camera can be a template argument.
struct Camera {
  int threshold_percent = 35;  ///< of natural logarithms: 35 is 0.35
  int refractory = 1'000;      ///< in microseconds
  int noise_millihertz = 500;  ///< events of noise of each pixel in 1,000 seconds

  /// @throws Error if a setting is out of range
  void check() const;

  friend constexpr bool operator==(const Camera&, const Camera&) = default;
};

/// Logarithms of light in units of 1/4096.
inline constexpr int log_unit = 4096;

/// Renders a moving scene to events: given one image of logarithms after another, it gives the
/// events between. Whole numbers throughout: the same scene gives the same events on any machine.
///
/// ```cpp
/// event::Renderer renderer{camera, {34, 34}, random::Stream{seed, random::Purpose::synthetic}};
/// renderer.begin(0, first_image);
/// renderer.move_to(3'000, next_image, events);
/// ```
class Renderer {
 public:
  /// @param stream of the noise
  /// @throws Error if a setting of the camera is out of range
  Renderer(const Camera& camera, Sensor sensor, const random::Stream& stream);

  /// The first image: pixels remember it.
  ///
  /// @param time in microseconds
  /// @param logs [row, column], in units of 1 / `log_unit`
  void begin(std::int64_t time, std::span<const std::int32_t> logs);

  /// The next image; appends the events since the last one, in the order of time.
  ///
  /// @param time in microseconds, later than the last
  void move_to(std::int64_t time, std::span<const std::int32_t> logs, std::vector<Event>& events);

 private:
  void cross(std::size_t pixel, std::int32_t now, std::int64_t duration);
  void add_noise(std::int64_t until);
  void draw_noise();

  Camera camera_;
  Sensor sensor_;
  random::Stream stream_;
  std::int32_t threshold_;
  std::vector<std::int32_t> logs_;  ///< of the last image
  std::vector<std::int32_t> remembered_;
  std::vector<std::int64_t> fired_;  ///< when each pixel fired last
  std::vector<Event> candidates_;    ///< of one step
  std::int64_t time_ = 0;
  std::int64_t next_noise_ = 0;
};

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/camera.ipp>
#endif
