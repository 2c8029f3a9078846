#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <span>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/poison/draw.hpp>
#include <snnbd/poison/smart_block.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

/// Where a cell begins on a line of so many pixels.
inline int cell_begin(int cell, int grid, int pixels) {
  return static_cast<int>(std::int64_t{cell} * pixels / (grid + 1));
}

inline void check_grid(int grid, Shape shape) {
  const int most = std::min(shape.height, shape.width) - 1;
  if (grid < 0 || grid > most)
    reject("grid of a smart trigger", "a number of lines from 0 to " + std::to_string(most), grid);
}

/// Adds the pixels of one frame to the counts.
inline void count_frame(std::span<const float> frame, Shape shape, int grid, Counting counting,
                        std::vector<std::int64_t>& counts) {
  const bool toolkit = counting == Counting::toolkit;
  const auto has = [toolkit](float count) { return toolkit ? count == 1.0F : count > 0.0F; };
  std::size_t cell = 0;
  for (int cell_row = 0; cell_row <= grid; ++cell_row)
    for (int cell_column = 0; cell_column <= grid; ++cell_column, ++cell)
      for (int row = cell_begin(cell_row, grid, shape.height);
           row < cell_begin(cell_row + 1, grid, shape.height); ++row)
        for (int column = cell_begin(cell_column, grid, shape.width);
             column < cell_begin(cell_column + 1, grid, shape.width); ++column) {
          const Index pixel = static_cast<Index>(row) * shape.width + column;
          const auto place = static_cast<std::size_t>(pixel * 2);
          const float off = frame[place];
          const float on = frame[place + 1];
          std::int64_t* const kinds = &counts[cell * 4];
          if (has(off) && has(on))
            kinds[3] += toolkit ? 2 : 1;
          else if (has(on) && off == 0.0F)
            ++kinds[1];
          else if (has(off) && on == 0.0F)
            ++kinds[2];
          else if (on == 0.0F && off == 0.0F)
            kinds[0] += toolkit ? 2 : 1;
        }
}

SNNBD_INLINE std::vector<std::int64_t> count_activity(data::DatasetView training, int grid,
                                                      Counting counting) {
  const Shape shape = training.shape();
  if (shape.channels != 2)
    reject("frames for a smart trigger", "two channels, OFF and ON", shape.channels);
  if (training.size() == 0) reject("training set of a smart trigger", "at least one sample", 0);
  if (counting != Counting::active && counting != Counting::toolkit)
    reject("counting of a smart trigger", "active (0) or toolkit (1)", static_cast<int>(counting));
  check_grid(grid, shape);
  const auto side = static_cast<std::size_t>(grid) + 1;
  std::vector<std::int64_t> counts(side * side * 4);
  std::mutex adding;
  constexpr Index samples_at_once = 16;
  parallel_ranges(static_cast<Index>(training.size()), samples_at_once, [&](Index from, Index end) {
    std::vector<float> values(training.sample_size());
    std::vector<std::int64_t> own(counts.size());
    const auto size = static_cast<std::size_t>(shape.size());
    for (Index sample = from; sample < end; ++sample) {
      training.read(static_cast<std::size_t>(sample), values);
      for (std::size_t place = 0; place < values.size(); place += size)
        count_frame(std::span{values}.subspan(place, size), shape, grid, counting, own);
    }
    const std::lock_guard lock{adding};
    for (std::size_t place = 0; place < counts.size(); ++place) counts[place] += own[place];
  });
  return counts;
}

/// The first of the largest or smallest numbers.
inline std::size_t choose(std::span<const std::int64_t> numbers, Activity activity) {
  if (activity != Activity::most && activity != Activity::least)
    reject("choice of a smart trigger", "most (0) or least (1)", static_cast<int>(activity));
  const auto best = activity == Activity::most ? std::ranges::max_element(numbers)
                                               : std::ranges::min_element(numbers);
  return static_cast<std::size_t>(best - numbers.begin());
}

SNNBD_INLINE SmartChoice choose_by_activity(const std::vector<std::int64_t>& counts, int grid,
                                            Activity cell, Activity shown) {
  std::vector<std::int64_t> active;
  for (std::size_t place = 0; place < counts.size(); place += 4)
    active.push_back(counts[place + 1] + counts[place + 2] + counts[place + 3]);
  const std::size_t chosen = choose(active, cell);
  const std::size_t polarity = choose(std::span{counts}.subspan(chosen * 4, 4), shown);
  const std::size_t side = static_cast<std::size_t>(grid) + 1;
  return {static_cast<int>(chosen / side), static_cast<int>(chosen % side),
          static_cast<Polarity>(polarity)};
}

/// One coordinate of a walk: it begins in the middle of a cell.
struct Track {
  int place;
  int lowest;
  int highest;

  Track(int cell, int grid, int pixels, int side, int margin) {
    const int begin = cell_begin(cell, grid, pixels);
    const int end = cell_begin(cell + 1, grid, pixels);
    place = std::clamp(begin + (end - begin - side) / 2, 0, pixels - side);
    // A cell smaller than the block has room for where the block begins at least.
    lowest = std::min(std::max(begin - margin, 0), place);
    highest = std::max(std::min(end + margin, pixels) - side, place);
  }

  void go(int distance) { place = std::clamp(place + distance, lowest, highest); }
};

SNNBD_INLINE Places walk_in_cell(const SmartWalk& walk, const std::optional<SmartChoice>& chosen,
                                 Shape shape, int frames) {
  const int side = place_patch(shape, Corner::top_left, walk.size, {}).height;
  const int longest = std::max(shape.height, shape.width);
  const int margin = walk.margin.value_or(side);
  check_grid(walk.grid, shape);
  if (walk.walk < 0 || walk.walk > longest)
    reject("walk of a smart trigger", "a step of 0 to " + std::to_string(longest) + " pixels",
           walk.walk);
  if (margin < 0 || margin > longest)
    reject("margin of a smart trigger", "0 to " + std::to_string(longest) + " pixels", margin);
  if (!chosen)
    reject("smart trigger",
           "a choice by fit() or choose_smart() on the clean training set, as experiments make it",
           "none");
  if (chosen->row < 0 || chosen->row > walk.grid || chosen->column < 0 ||
      chosen->column > walk.grid)
    reject("choice of a smart trigger",
           "a cell of a grid of " + std::to_string(walk.grid + 1) + " rows and columns",
           std::to_string(chosen->row) + ',' + std::to_string(chosen->column));
  Track down{chosen->row, walk.grid, shape.height, side, margin};
  Track right{chosen->column, walk.grid, shape.width, side, margin};
  random::Stream stream = draws_of(walk.seed, Purpose::walk);
  const auto step = [&] {
    return static_cast<int>(stream.below(2 * static_cast<std::uint32_t>(walk.walk) + 1)) -
           walk.walk;
  };
  Places places;
  for (int frame = 0; frame < frames; ++frame) {
    if (frame > 0) {
      down.go(step());
      right.go(step());
    }
    places.push_back(Area{down.place, right.place, side, side, 0});
  }
  return places;
}

SNNBD_INLINE std::string describe_smart(const SmartWalk& walk,
                                        const std::optional<SmartChoice>& chosen,
                                        std::string_view how, Shape shape) {
  const std::string lines = std::to_string(walk.grid + 1);
  std::string text = "smart, " + side_text(shape, walk.size) + ", ";
  if (chosen)
    text.append(to_string(chosen->polarity))
        .append(" in cell ")
        .append(std::to_string(chosen->row) + ',' + std::to_string(chosen->column))
        .append(" of ");
  else
    text += "not chosen yet of ";
  text.append(lines + 'x' + lines).append(" (").append(how).append("), walking by ");
  text += std::to_string(walk.walk);
  if (walk.margin) text.append(" within ").append(std::to_string(*walk.margin));
  return text + ", by seed " + std::to_string(walk.seed);
}

}  // namespace snnbd::inline SNNBD_ISA::poison::detail
