#pragma once

#include <string_view>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA {

/// Where on an image a trigger lies.
enum class Corner { top_left, top_right, bottom_left, bottom_right, center };

/// The name as reports print it, `bottom right`.
constexpr std::string_view to_string(Corner corner) {
  switch (corner) {
    case Corner::top_left:
      return "top left";
    case Corner::top_right:
      return "top right";
    case Corner::bottom_left:
      return "bottom left";
    case Corner::bottom_right:
      return "bottom right";
    case Corner::center:
      return "center";
  }
  return "unknown corner";
}

}  // namespace snnbd::inline SNNBD_ISA
