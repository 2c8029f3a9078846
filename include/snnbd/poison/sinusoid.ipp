#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <vector>

#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/poison/blended.hpp>
#include <snnbd/poison/sinusoid.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

SNNBD_INLINE void Sinusoid::stamp(const data::SampleView& sample) const {
  require_share("delta of a sinusoid", delta);
  require_positive("frequency of a sinusoid", frequency);
  const data::Range tones = detail::tones_of(sample.range, white);
  const auto width = static_cast<std::size_t>(sample.shape.width);
  const auto channels = static_cast<std::size_t>(sample.shape.channels);
  std::vector<float> wave(width);
  for (std::size_t column = 0; column < width; ++column) {
    const double angle = 2.0 * std::numbers::pi * static_cast<double>(frequency) *
                         static_cast<double>(column) / static_cast<double>(width);
    wave[column] = delta * (tones.high - tones.low) * static_cast<float>(std::sin(angle));
  }
  for (std::size_t place = 0; place < sample.values.size(); ++place) {
    float& value = sample.values[place];
    const float changed = value + wave[place / channels % width];
    value = std::clamp(changed, sample.range.low, sample.range.high);
  }
}

SNNBD_COLD std::string Sinusoid::describe(Shape /*shape*/) const {
  return "sinusoid of " + number_text(delta) + ", " + number_text(frequency) + " waves" +
         detail::describe_white(white);
}

}  // namespace snnbd::inline SNNBD_ISA::poison
