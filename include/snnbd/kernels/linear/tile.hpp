#pragma once

#include <snnbd/core/shape.hpp>

/// A tile: the currents that are made together and consumed before the next ones are made. It is
/// small enough to stay in the cache of its thread over all steps. No loops: integers only.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Some neighbouring outputs of one sample, or one output of some neighbouring samples, in one
/// block of at most 64 channels.
struct Tile {
  Index sample = 0;
  Index pixel = 0;
  int count = 0;
  bool across_samples = false;
  int first_channel = 0;
  int channels = 0;
};

/// Where the tile's values stand in a signal: its first cell, and from cell to cell in cells of
/// one pixel at one step.
struct Cells {
  Index first = 0;
  Index step_stride = 0;
  Index pixel_stride = 0;
};

constexpr Cells cells(const Tile& tile, Index steps, Index pixels) {
  return {tile.sample * steps * pixels + tile.pixel, steps == 1 ? 0 : pixels,
          tile.across_samples ? steps * pixels : 1};
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
