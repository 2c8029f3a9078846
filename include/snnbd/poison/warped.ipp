#pragma once

#include <algorithm>
#include <array>
#include <cmath>

#include <snnbd/core/error.hpp>
#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/poison/draw.hpp>
#include <snnbd/poison/warped.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

namespace detail {

/// The four control points around each pixel of a line, and their weights.
struct CubicLine {
  std::vector<std::array<std::size_t, 4>> points;
  std::vector<std::array<double, 4>> weights;

  CubicLine(int pixels, int side) {
    constexpr double a = -0.75;
    const auto near = [](double x) { return ((a + 2.0) * x - (a + 3.0)) * x * x + 1.0; };
    const auto far = [](double x) { return ((a * x - 5.0 * a) * x + 8.0 * a) * x - 4.0 * a; };
    for (int pixel = 0; pixel < pixels; ++pixel) {
      const double place =
          pixels == 1 ? 0.0 : static_cast<double>(pixel) * (side - 1) / (pixels - 1);
      const int first = static_cast<int>(std::floor(place));
      const double t = place - first;
      weights.push_back({far(t + 1.0), near(t), near(1.0 - t), far(2.0 - t)});
      auto& four = points.emplace_back();
      for (int number = 0; number < 4; ++number)
        four[static_cast<std::size_t>(number)] =
            static_cast<std::size_t>(std::clamp(first - 1 + number, 0, side - 1));
    }
  }
};

SNNBD_INLINE std::vector<float> upsample_bicubic(const std::vector<float>& grid, int side,
                                                 int height, int width) {
  const CubicLine rows{height, side};
  const CubicLine columns{width, side};
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(height) * static_cast<std::size_t>(width));
  for (std::size_t row = 0; row < rows.points.size(); ++row)
    for (std::size_t column = 0; column < columns.points.size(); ++column) {
      double sum = 0.0;
      for (std::size_t down = 0; down < 4; ++down)
        for (std::size_t right = 0; right < 4; ++right)
          sum += rows.weights[row][down] * columns.weights[column][right] *
                 static_cast<double>(grid[rows.points[row][down] * static_cast<std::size_t>(side) +
                                          columns.points[column][right]]);
      values.push_back(static_cast<float>(sum));
    }
  return values;
}

}  // namespace detail

SNNBD_INLINE std::vector<detail::WarpPoint> Warped::points(Shape shape, std::size_t sample) const {
  constexpr int most = 256;
  if (grid < 2 || grid > most)
    reject("grid of a warping trigger", "2 to 256 control points a side", grid);
  require_not_negative("strength of a warping trigger", strength);
  require_not_negative("noise of a warping trigger", noise);
  const auto number = static_cast<std::size_t>(grid) * static_cast<std::size_t>(grid);
  std::array<std::vector<float>, 2> controls{};  // along x, along y
  random::Stream stream = detail::draws_of(seed.value_or(1), detail::Purpose::warp);
  double mean = 0.0;
  for (auto& values : controls)
    for (std::size_t point = 0; point < number; ++point) {
      values.push_back(2.0F * stream.uniform() - 1.0F);
      mean += static_cast<double>(std::abs(values.back())) / static_cast<double>(2 * number);
    }
  random::Stream random = detail::draws_of(seed.value_or(1), detail::Purpose::warp_noise, sample);
  std::vector<detail::WarpPoint> points(static_cast<std::size_t>(shape.pixels()));
  std::array<std::vector<float>, 2> shifts{};
  for (std::size_t axis = 0; axis < 2; ++axis)
    shifts[axis] = detail::upsample_bicubic(controls[axis], grid, shape.height, shape.width);
  // From coordinates between -1 and 1, which are (pixels - 1) / 2 long, to pixels.
  const auto along = [&](float shift, int pixel, int pixels) {
    const float unit = static_cast<float>(pixels - 1) / (2.0F * static_cast<float>(pixels));
    float place = strength * shift / static_cast<float>(mean);
    if (noise > 0.0F) place += noise * (2.0F * random.uniform() - 1.0F);
    return std::clamp(static_cast<float>(pixel) + place * unit, 0.0F,
                      static_cast<float>(pixels - 1));
  };
  std::size_t place = 0;
  for (int row = 0; row < shape.height; ++row)
    for (int column = 0; column < shape.width; ++column, ++place) {
      points[place].x = along(shifts[0][place], column, shape.width);
      points[place].y = along(shifts[1][place], row, shape.height);
    }
  return points;
}

SNNBD_INLINE void Warped::stamp(const data::SampleView& sample) const {
  const Shape shape = sample.shape;
  const auto sources = points(shape, sample.index);
  const auto channels = static_cast<std::size_t>(shape.channels);
  const auto width = static_cast<std::size_t>(shape.width);
  std::vector<float> before;
  for (int frame = 0; frame < sample.frames; ++frame) {
    const auto image = sample.frame(frame);
    before.assign(image.begin(), image.end());
    for (std::size_t place = 0; place < sources.size(); ++place) {
      const auto left = static_cast<std::size_t>(sources[place].x);
      const auto top = static_cast<std::size_t>(sources[place].y);
      const std::size_t right = std::min(left + 1, width - 1);
      const std::size_t bottom = std::min(top + 1, static_cast<std::size_t>(shape.height) - 1);
      const float across = sources[place].x - static_cast<float>(left);
      const float down = sources[place].y - static_cast<float>(top);
      for (std::size_t channel = 0; channel < channels; ++channel) {
        const auto at = [&](std::size_t row, std::size_t column) {
          return before[(row * width + column) * channels + channel];
        };
        const float above = at(top, left) + across * (at(top, right) - at(top, left));
        const float below = at(bottom, left) + across * (at(bottom, right) - at(bottom, left));
        // Rounding must not leave the range.
        image[place * channels + channel] =
            std::clamp(above + down * (below - above), sample.range.low, sample.range.high);
      }
    }
  }
}

SNNBD_COLD std::string Warped::describe(Shape /*shape*/) const {
  const std::string side = std::to_string(grid);
  std::string text = "warped by a " + side + 'x' + side + " grid of strength ";
  text += number_text(strength);
  if (noise > 0.0F) text += ", noise of " + number_text(noise);
  return text + ", by seed " + std::to_string(seed.value_or(1));
}

}  // namespace snnbd::inline SNNBD_ISA::poison
