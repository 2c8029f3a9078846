#pragma once

#include <algorithm>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// The pixels of a frame that a trigger covers: a rectangle, or its rim.
struct Area {
  int top = 0;   ///< its first row
  int left = 0;  ///< its first column
  int height = 0;
  int width = 0;
  int rim = 0;  ///< pixels that the rim is wide; 0 for the whole rectangle

  [[nodiscard]] bool covers(int row, int column) const {
    const int down = row - top;
    const int right = column - left;
    if (down < 0 || right < 0 || down >= height || right >= width) return false;
    return rim == 0 || down < rim || right < rim || down >= height - rim || right >= width - rim;
  }

  friend bool operator==(const Area&, const Area&) = default;
};

/// Calls `visit(row, left, width)` for each run of covered pixels, row by row.
template <class Visit>
void for_each_run(const Area& area, const Visit& visit) {
  for (int down = 0; down < area.height; ++down) {
    const int row = area.top + down;
    const bool whole = area.rim == 0 || down < area.rim || down >= area.height - area.rim ||
                       2 * area.rim >= area.width;
    if (whole) {
      visit(row, area.left, area.width);
    } else {
      visit(row, area.left, area.rim);
      visit(row, area.left + area.width - area.rim, area.rim);
    }
  }
}

}  // namespace snnbd::inline SNNBD_ISA::poison
