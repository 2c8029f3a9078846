#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include <snnbd/poison/moving_patch.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

SNNBD_INLINE Offset moved(Offset offset, Offset step, int frame) {
  // Wide enough that no setting overflows before it is refused.
  const auto along = [frame](int start, int distance) {
    using Limits = std::numeric_limits<int>;
    const std::int64_t place = start + std::int64_t{distance} * frame;
    return static_cast<int>(std::clamp<std::int64_t>(place, Limits::min(), Limits::max()));
  };
  return {along(offset.dx, step.dx), along(offset.dy, step.dy)};
}

SNNBD_INLINE std::string describe_moving_patch(std::string_view ink, Shape shape, Corner corner,
                                               int size, Offset offset, Offset step) {
  return describe_patch(ink, shape, corner, size, offset) + ", moving by " + step.text() +
         " a frame";
}

}  // namespace snnbd::inline SNNBD_ISA::poison::detail
