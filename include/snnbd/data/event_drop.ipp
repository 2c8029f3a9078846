#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/event_drop.hpp>

namespace snnbd::inline SNNBD_ISA::data {

namespace detail::event_drop {

/// One of `steps` shares, equally spaced, up to `largest`.
inline double draw_share(double largest, std::uint32_t steps, random::Stream& stream) {
  return largest * (stream.below(steps) + 1) / steps;
}

/// That share of a number of things, rounded down; a tenth of ten is one, whatever its last bits.
inline Index part_of(Index things, double share) {
  constexpr double slack = 1e-9;
  return static_cast<Index>(std::floor(static_cast<double>(things) * share + slack));
}

/// Where a row of `part` things begins among `things`.
inline Index draw_place(Index things, Index part, random::Stream& stream) {
  return static_cast<Index>(stream.below(static_cast<std::uint32_t>(things - part + 1)));
}

/// What is left of `value` events of which each is dropped with a probability.
inline float thinned(float value, float chance, random::Stream& stream) {
  constexpr float largest_count = 4096.0F;
  if (value == 0.0F) return value;
  if (!(value > 0.0F && value <= largest_count && value == std::floor(value)))
    return stream.uniform() < chance ? 0.0F : value;
  int left = 0;
  for (int events = static_cast<int>(value); events > 0; --events)
    left += stream.uniform() < chance ? 0 : 1;
  return static_cast<float>(left);
}

inline void clear(std::span<float> values, Index first, Index count) {
  const auto part =
      values.subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  std::fill(part.begin(), part.end(), 0.0F);
}

}  // namespace detail::event_drop

SNNBD_INLINE void EventDrop::check(Shape /*shape*/) const {
  require_part("largest share of frames to drop", time);
  require_part("largest side of an area to drop", area);
  require_part("largest probability of a dropped event", chance);
}

SNNBD_INLINE void EventDrop::apply(std::span<float> sample, int frames, Shape shape,
                                   random::Stream& stream) const {
  namespace drop = detail::event_drop;
  check(shape);
  const auto frame_size = static_cast<Index>(shape.size());
  check_image_size(name, sample.size(), static_cast<std::size_t>(frames * frame_size));
  constexpr std::uint32_t ways = 4;
  constexpr std::uint32_t shares = 9;
  constexpr std::uint32_t area_shares = 5;
  switch (stream.below(ways)) {
    case 1: {
      const Index dropped = drop::part_of(frames, drop::draw_share(time, shares, stream));
      const Index first = drop::draw_place(frames, dropped, stream);
      drop::clear(sample, first * frame_size, dropped * frame_size);
      break;
    }
    case 2: {
      const double share = drop::draw_share(area, area_shares, stream);
      const Index height = drop::part_of(shape.height, share);
      const Index width = drop::part_of(shape.width, share);
      const Index top = drop::draw_place(shape.height, height, stream);
      const Index left = drop::draw_place(shape.width, width, stream);
      for (Index frame = 0; frame < frames; ++frame)
        for (Index row = top; row < top + height; ++row)
          drop::clear(sample, frame * frame_size + (row * shape.width + left) * shape.channels,
                      width * shape.channels);
      break;
    }
    case 3: {
      const auto probability = static_cast<float>(drop::draw_share(chance, shares, stream));
      for (float& value : sample) value = drop::thinned(value, probability, stream);
      break;
    }
    default:
      break;
  }
}

SNNBD_INLINE std::string EventDrop::describe() const {
  return "drop time " + rounded_text(time, 6) + ", area " + rounded_text(area, 6) + ", chance " +
         rounded_text(chance, 6);
}

}  // namespace snnbd::inline SNNBD_ISA::data
