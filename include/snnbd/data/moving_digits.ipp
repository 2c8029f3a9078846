#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <snnbd/core/random.hpp>
#include <snnbd/data/moving_digits.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

/// A digit's light, as logarithms with dark ground around: [row, column] of 29 x 29, so that each
/// place has a neighbour to the right and below.
class DigitLogs {
 public:
  static constexpr int size = 28;

  explicit DigitLogs(std::span<const float> pixels) {
    // Ink is 11 times as bright as the ground.
    const auto log_of = [](double ink) {
      return static_cast<std::int32_t>(std::lround(std::log(0.1 + ink) * event::log_unit));
    };
    ground_ = log_of(0.0);
    logs_.fill(ground_);
    for (int row = 0; row < size; ++row)
      for (int column = 0; column < size; ++column) {
        const int number = row * size + column;
        const float ink = pixels[static_cast<std::size_t>(number)];
        if (ink > 0.0F) at(row, column) = log_of(static_cast<double>(ink));
      }
  }

  /// Draws the digit with its corner at a place in 1/256 of a pixel.
  void draw(int x, int y, event::Sensor sensor, std::span<std::int32_t> image) const {
    std::ranges::fill(image, ground_);
    const int left = x / unit;
    const int top = y / unit;
    const int right_part = x % unit;
    const int lower_part = y % unit;
    // A pixel of the image lies between four of the digit's, all but the first row and column of
    // which it may lack.
    const int weights[] = {(unit - right_part) * (unit - lower_part),
                           right_part * (unit - lower_part), (unit - right_part) * lower_part,
                           right_part * lower_part};
    for (int row = 0; row <= size && top + row < sensor.height; ++row) {
      std::int32_t* const out =
          image.data() + static_cast<std::size_t>((top + row) * sensor.width + left);
      const std::int32_t* const here = &logs_[index(row, 0)];
      const std::int32_t* const above = &logs_[index(row - 1, 0)];
      const int columns = std::min(size + 1, sensor.width - left);
      for (int column = 0; column < columns; ++column) {
        const std::int32_t* const one = here + column;
        const std::int32_t* const up = above + column;
        // Logarithms are below 2^14 and the weights 2^16 together.
        out[column] = (one[0] * weights[0] + one[-1] * weights[1] + up[0] * weights[2] +
                       up[-1] * weights[3]) >>
                      16;
      }
    }
  }

  static constexpr int unit = 256;

 private:
  static constexpr int stride = size + 2;
  static constexpr std::size_t index(int row, int column) {
    const int number = (row + 1) * stride + column + 1;
    return static_cast<std::size_t>(number);
  }
  std::int32_t& at(int row, int column) { return logs_[index(row, column)]; }

  std::array<std::int32_t, static_cast<std::size_t>(stride) * stride> logs_{};
  std::int32_t ground_ = 0;
};

/// How far a saccade is, of 1024, after a part of its time, of 1024: it begins and ends softly.
constexpr int eased(int part) {
  const std::int64_t t = part;
  return static_cast<int>(t * t * (3 * 1024 - 2 * t) / (1024 * 1024));
}

SNNBD_INLINE std::vector<event::Event> render_digit(std::span<const float> pixels,
                                                    const event::Camera& camera, std::uint64_t seed,
                                                    std::uint64_t item) {
  constexpr event::Sensor sensor{34, 34};
  constexpr int steps = 35;  // of each saccade
  constexpr std::int64_t step_duration = 3'000;
  struct Place {
    int x;
    int y;
  };
  constexpr int unit = DigitLogs::unit;
  constexpr Place corners[] = {
      {1 * unit, 1 * unit}, {3 * unit, 5 * unit}, {5 * unit, 1 * unit}, {1 * unit, 1 * unit}};
  const DigitLogs digit{pixels};
  event::Renderer renderer{camera, sensor, random::Stream{seed, random::Purpose::synthetic, item}};
  std::array<std::int32_t, std::size_t{34} * 34> image{};
  digit.draw(corners[0].x, corners[0].y, sensor, image);
  renderer.begin(0, image);
  std::vector<event::Event> events;
  std::int64_t time = 0;
  for (std::size_t saccade = 0; saccade + 1 < std::size(corners); ++saccade) {
    const Place from = corners[saccade];
    const Place to = corners[saccade + 1];
    for (int step = 1; step <= steps; ++step) {
      const int way = eased(step * 1024 / steps);
      digit.draw(from.x + (to.x - from.x) * way / 1024, from.y + (to.y - from.y) * way / 1024,
                 sensor, image);
      time += step_duration;
      renderer.move_to(time, image, events);
    }
  }
  return events;
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail
