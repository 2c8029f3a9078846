#pragma once

#include <algorithm>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/poison/draw.hpp>
#include <snnbd/poison/mask.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

SNNBD_INLINE Area place_anywhere(Shape shape, int size, std::uint64_t seed, std::size_t draw) {
  const Area corner = place_patch(shape, Corner::top_left, size, {});
  random::Stream stream = draws_of(seed, Purpose::place, draw);
  const auto along = [&](int side, int room) {
    return static_cast<int>(stream.below(static_cast<std::uint32_t>(room - side) + 1));
  };
  const int top = along(corner.height, shape.height);
  return {top, along(corner.width, shape.width), corner.height, corner.width, 0};
}

SNNBD_INLINE std::string describe_anywhere(Shape shape, int size, std::uint64_t seed,
                                           bool each_sample) {
  return side_text(shape, size) + ", anywhere" + (each_sample ? " in each sample" : "") +
         ", by seed " + std::to_string(seed);
}

SNNBD_INLINE Area place_border(Shape shape, int width) {
  const int most = (std::min(shape.height, shape.width) + 1) / 2;
  if (width < 1 || width > most)
    reject("width of a border", "a number of pixels from 1 to " + std::to_string(most), width);
  return {0, 0, shape.height, shape.width, width};
}

}  // namespace snnbd::inline SNNBD_ISA::poison::detail
