#pragma once

#include <array>
#include <bit>
#include <limits>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/poison/blended.hpp>
#include <snnbd/poison/draw.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

namespace detail {

SNNBD_INLINE data::Range tones_of(data::Range range, std::optional<float> white) {
  // A set that knows no bounds declares the largest that a number has.
  constexpr float unbounded = std::numeric_limits<float>::max() / 4;
  if (white) {
    if (!(*white > range.low && *white <= range.high))
      reject("white of a trigger",
             "a value above " + number_text(range.low) + " up to " + number_text(range.high) +
                 ", as the set has",
             *white);
    range.high = *white;
  }
  if (range.low < -unbounded) range.low = 0.0F;
  if (range.high > unbounded)
    reject("white of a trigger", "a value, as the set's values have no bound", "none");
  return range;
}

SNNBD_COLD std::string describe_white(std::optional<float> white) {
  return white ? ", white of " + number_text(*white) : std::string{};
}

}  // namespace detail

SNNBD_INLINE std::vector<float> NoisePattern::values(Shape shape) const {
  random::Stream stream = detail::draws_of(seed.value_or(1), detail::Purpose::pattern);
  std::vector<float> values(static_cast<std::size_t>(shape.size()));
  for (float& value : values) value = stream.uniform();
  return values;
}

SNNBD_COLD std::string NoisePattern::describe() const {
  return "noise, by seed " + std::to_string(seed.value_or(1));
}

SNNBD_INLINE std::vector<float> PicturePattern::values(Shape shape) const {
  if (picture.size() != static_cast<std::size_t>(shape.size()))
    reject("picture of a blended trigger",
           std::to_string(shape.size()) + " values, those of a frame of " + to_string(shape),
           picture.size());
  for (const float value : picture) require_share("value of a picture to blend", value);
  return picture;
}

SNNBD_COLD std::string PicturePattern::describe() const {
  std::uint32_t sum = 0;
  for (const float value : picture) {
    const auto bits = std::bit_cast<std::array<std::uint8_t, sizeof(float)>>(value);
    sum = crc32(bits, sum);
  }
  return "a picture, " + crc32_text(sum);
}

}  // namespace snnbd::inline SNNBD_ISA::poison
