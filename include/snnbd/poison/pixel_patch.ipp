#pragma once

#include <snnbd/core/error.hpp>
#include <snnbd/poison/pixel_patch.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

SNNBD_INLINE Area place_patch(Shape shape, Corner corner, int size, Offset offset) {
  if (size < 0) reject("trigger size", "a number of pixels, or 0 for the default", size);
  // Wide enough that no setting overflows before it is refused.
  const std::int64_t side = size == 0 ? default_patch_size(shape) : size;
  const std::int64_t right = shape.width - side;
  const std::int64_t bottom = shape.height - side;
  const bool centered = corner == Corner::center;
  const bool at_right = corner == Corner::top_right || corner == Corner::bottom_right;
  const bool at_bottom = corner == Corner::bottom_left || corner == Corner::bottom_right;
  const auto coordinate = [centered](std::int64_t last, bool far, int distance) {
    if (centered) return last / 2 + distance;
    return far ? last - distance : std::int64_t{distance};
  };
  const std::int64_t left = coordinate(right, at_right, offset.dx);
  const std::int64_t top = coordinate(bottom, at_bottom, offset.dy);
  if (right < 0 || bottom < 0 || left < 0 || top < 0 || left > right || top > bottom)
    reject("trigger", "a patch inside an image of " + to_string(shape),
           describe_patch("a patch", shape, corner, size, offset));
  return {static_cast<int>(top), static_cast<int>(left), static_cast<int>(side),
          static_cast<int>(side), 0};
}

SNNBD_INLINE std::string side_text(Shape shape, int size) {
  const std::string side = std::to_string(size == 0 ? default_patch_size(shape) : size);
  return side + 'x' + side;
}

SNNBD_INLINE std::string describe_place(Shape shape, Corner corner, int size, Offset offset) {
  std::string text = side_text(shape, size);
  text.append(", ").append(to_string(corner));
  if (offset.dx != 0 || offset.dy != 0) text.append(", offset ").append(offset.text());
  return text;
}

SNNBD_INLINE std::string describe_patch(std::string_view ink, Shape shape, Corner corner, int size,
                                        Offset offset) {
  return std::string{ink} + ' ' + describe_place(shape, corner, size, offset);
}

}  // namespace snnbd::inline SNNBD_ISA::poison::detail
