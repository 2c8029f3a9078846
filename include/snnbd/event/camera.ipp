#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/event/camera.hpp>

namespace snnbd::inline SNNBD_ISA::event {

SNNBD_INLINE void Camera::check() const {
  constexpr int most = 1'000'000;
  const auto in_range = [&](const char* setting, int value, int low) {
    if (value < low || value > most)
      reject(std::string{"event camera: "} + setting,
             "a number from " + std::to_string(low) + " to " + std::to_string(most), value);
  };
  in_range("threshold in percent", threshold_percent, 1);
  in_range("refractory time in microseconds", refractory, 0);
  in_range("noise in millihertz", noise_millihertz, 0);
}

SNNBD_INLINE Renderer::Renderer(const Camera& camera, Sensor sensor, const random::Stream& stream)
    : camera_{camera}, sensor_{sensor}, stream_{stream} {
  camera.check();
  if (!sensor.is_known() || sensor.width > 65'535 || sensor.height > 65'535)
    reject("sensor of an event camera", "1 to 65535 columns and rows", to_string(sensor));
  threshold_ = static_cast<std::int32_t>(
      std::max<std::int64_t>(std::int64_t{camera.threshold_percent} * log_unit / 100, 1));
}

SNNBD_INLINE void Renderer::begin(std::int64_t time, std::span<const std::int32_t> logs) {
  const auto pixels =
      static_cast<std::size_t>(sensor_.width) * static_cast<std::size_t>(sensor_.height);
  if (logs.size() != pixels)
    reject("image for an event camera", std::to_string(pixels) + " values", logs.size());
  logs_.assign(logs.begin(), logs.end());
  remembered_ = logs_;
  fired_.assign(pixels, std::numeric_limits<std::int64_t>::min() / 2);
  time_ = next_noise_ = time;
  draw_noise();
}

/// Draws when the next event of noise is: a Poisson process of all pixels.
SNNBD_INLINE void Renderer::draw_noise() {
  if (camera_.noise_millihertz == 0) {
    next_noise_ = std::numeric_limits<std::int64_t>::max();
    return;
  }
  const double rate = static_cast<double>(camera_.noise_millihertz) * 1e-9 * sensor_.width *
                      sensor_.height;  // in events a microsecond
  const double uniform = 1.0 - static_cast<double>(stream_.uniform());
  next_noise_ += static_cast<std::int64_t>(std::llround(-std::log(uniform) / rate));
}

/// The crossings of one pixel whose light moves to `now`.
SNNBD_INLINE void Renderer::cross(std::size_t pixel, std::int32_t now, std::int64_t duration) {
  const std::int32_t before = logs_[pixel];
  std::int32_t& level = remembered_[pixel];
  const bool more = now > level;
  const std::int32_t step = more ? threshold_ : -threshold_;
  const std::int64_t change = std::int64_t{now} - before;
  const auto width = static_cast<std::size_t>(sensor_.width);
  while (more ? now - level >= threshold_ : level - now >= threshold_) {
    level += step;
    // The level was not reached before this step, so the light moves towards it within it.
    const std::int64_t when = change == 0 ? duration : duration * (level - before) / change;
    candidates_.push_back({time_ + std::clamp<std::int64_t>(when, 0, duration - 1),
                           static_cast<std::uint16_t>(pixel % width),
                           static_cast<std::uint16_t>(pixel / width),
                           static_cast<std::uint8_t>(more ? 1 : 0)});
  }
}

SNNBD_INLINE void Renderer::add_noise(std::int64_t until) {
  while (next_noise_ < until) {
    const auto x = stream_.below(static_cast<std::uint32_t>(sensor_.width));
    const auto y = stream_.below(static_cast<std::uint32_t>(sensor_.height));
    candidates_.push_back({next_noise_, static_cast<std::uint16_t>(x),
                           static_cast<std::uint16_t>(y),
                           static_cast<std::uint8_t>(stream_.below(2))});
    draw_noise();
  }
}

SNNBD_INLINE void Renderer::move_to(std::int64_t time, std::span<const std::int32_t> logs,
                                    std::vector<Event>& events) {
  if (logs.size() != logs_.size())
    reject("image for an event camera", std::to_string(logs_.size()) + " values", logs.size());
  if (time <= time_)
    reject("time of an image for an event camera", "one after " + std::to_string(time_), time);
  candidates_.clear();
  const auto width = static_cast<std::size_t>(sensor_.width);
  for (std::size_t row = 0; row < logs.size(); row += width) {
    // Most rows have no pixel that fires: they are passed in one sweep.
    std::int32_t farthest = 0;
    for (std::size_t pixel = row; pixel < row + width; ++pixel)
      farthest = std::max(farthest, std::abs(logs[pixel] - remembered_[pixel]));
    if (farthest < threshold_) continue;
    for (std::size_t pixel = row; pixel < row + width; ++pixel)
      if (std::abs(logs[pixel] - remembered_[pixel]) >= threshold_)
        cross(pixel, logs[pixel], time - time_);
  }
  add_noise(time);
  std::ranges::sort(candidates_, {}, [](const Event& event) {
    return std::pair{event.time, std::uint64_t{event.y} << 32U | std::uint64_t{event.x} << 16U |
                                     std::uint64_t{event.on}};
  });
  for (const Event& event : candidates_) {
    std::int64_t& fired =
        fired_[static_cast<std::size_t>(event.y) * static_cast<std::size_t>(sensor_.width) +
               event.x];
    if (event.time - fired < camera_.refractory) continue;
    fired = event.time;
    events.push_back(event);
  }
  std::ranges::copy(logs, logs_.begin());
  time_ = time;
}

}  // namespace snnbd::inline SNNBD_ISA::event
