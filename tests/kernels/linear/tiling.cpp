#include <algorithm>
#include <mutex>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/tiling.hpp>

using namespace snnbd;
using namespace snnbd::kernels;
using namespace snnbd::kernels::detail;

namespace {

/// Counts for each output [sample, step, pixel, channel] how often a tile gave it, and remembers
/// what it gave.
class Sheet {
 public:
  Sheet(const Extent& extent, Index pixels, int channels)
      : extent_{extent}, pixels_{pixels}, channels_{channels} {
    const auto size = static_cast<std::size_t>(extent.frames() * pixels * channels);
    visits_.resize(size);
    values_.resize(size);
  }

  /// The number of an output, which tells it from all others.
  [[nodiscard]] Index number(Index sample, Index step, Index pixel, Index channel) const {
    return ((sample * extent_.steps + step) * pixels_ + pixel) * channels_ + channel;
  }

  /// Calls `body(sample, step, pixel, channel, place)` for what a tile holds, by its own word.
  template <class Body>
  void each(const Tile& tile, Index step_stride, Index pixel_stride, const Body& body) const {
    for (int i = 0; i < tile.count; ++i)
      for (Index step = 0; step < extent_.steps; ++step)
        for (int c = 0; c < tile.channels; ++c)
          body(tile.sample + (tile.across_samples ? i : 0), step,
               tile.pixel + (tile.across_samples ? 0 : i), tile.first_channel + c,
               step * step_stride + i * pixel_stride + c);
  }

  void take(const Tile& tile, const double* values, Index step_stride, Index pixel_stride) {
    const std::lock_guard lock{mutex_};
    each(tile, step_stride, pixel_stride,
         [&](Index sample, Index step, Index pixel, Index channel, Index place) {
           const auto at = static_cast<std::size_t>(number(sample, step, pixel, channel));
           ++visits_[at];
           values_[at] = values[place];
         });
  }

  /// Each output of the samples from `first` on was given once and is its own number.
  void check(Index first, Index last) const {
    const Index size = extent_.steps * pixels_ * channels_;
    bool once = true;
    bool right = true;
    for (Index i = 0; i < extent_.samples * size; ++i) {
      const bool wanted = i >= first * size && i < last * size;
      once = once && visits_[static_cast<std::size_t>(i)] == (wanted ? 1 : 0);
      right = right && (!wanted || values_[static_cast<std::size_t>(i)] == static_cast<double>(i));
    }
    CHECK(once);
    CHECK(right);
  }

 private:
  Extent extent_;
  Index pixels_;
  Index channels_;
  std::vector<int> visits_;
  std::vector<double> values_;
  std::mutex mutex_;
};

ConvGeometry geometry(const Shape& out) {
  return {.in = {out.height, out.width, 3},
          .out = out,
          .kernel_height = 3,
          .kernel_width = 3,
          .padding = 1};
}

}  // namespace

TEST_CASE("Tiles of a convolution are all of its outputs, each once", "[kernels]") {
  // One step, few steps, so many that a row is cut; channels of less and more than a word.
  const Shape out = GENERATE(Shape{3, 7, 5}, Shape{2, 33, 70}, Shape{1, 1, 130});
  const Index steps = GENERATE(1, 3, 100);
  const Extent extent{3, steps};
  Sheet sheet{extent, out.pixels(), out.channels};
  for_each_conv_tile<double>(
      geometry(out), steps, 1, 3,
      [&](const Tile& tile, Index y, Index x, double* values) {
        CHECK(tile.pixel == y * out.width + x);
        CHECK(x + tile.count <= out.width);
        sheet.each(tile, Index{tile.count} * word_bits, word_bits,
                   [&](Index sample, Index step, Index pixel, Index channel, Index place) {
                     values[place] =
                         static_cast<double>(sheet.number(sample, step, pixel, channel));
                   });
      },
      [&](const Tile& tile, const double* values, Index step_stride, Index pixel_stride) {
        CHECK((step_stride == 0) == (steps == 1));
        CHECK(steps * tile.count * word_bits <= std::max(tile_budget, 4 * steps * word_bits));
        sheet.take(tile, values, step_stride, pixel_stride);
      });
  sheet.check(1, 3);
}

TEST_CASE("Tiles of a dense layer are all of its outputs, each once", "[kernels]") {
  const int columns = GENERATE(5, 64, 150);
  const Extent extent = GENERATE(Extent{1, 1}, Extent{300, 1}, Extent{37, 8}, Extent{3, 300});
  Sheet sheet{extent, 1, columns};
  for_each_dense_tile<double>(
      columns, extent, [](int first, int channels) { return first + 1000 * channels; },
      [&](const Tile& tile, int prepared, double* values) {
        CHECK(prepared == tile.first_channel + 1000 * tile.channels);
        CHECK(tile.across_samples);
        sheet.each(tile, word_bits, extent.steps * word_bits,
                   [&](Index sample, Index step, Index pixel, Index channel, Index place) {
                     values[place] =
                         static_cast<double>(sheet.number(sample, step, pixel, channel));
                   });
      },
      [&](const Tile& tile, const double* values, Index step_stride, Index pixel_stride) {
        sheet.take(tile, values, step_stride, pixel_stride);
      });
  sheet.check(0, extent.samples);
}

TEST_CASE("Blocks of a convolution, drained, are all of its outputs, each once", "[kernels]") {
  // Blocks of many samples, of one sample, of some rows, of a part of a row.
  const Shape out = GENERATE(Shape{1, 1, 5}, Shape{4, 6, 70}, Shape{30, 40, 3});
  const Index steps = GENERATE(1, 7, 200);
  const Extent extent{4, steps};
  Sheet sheet{extent, out.pixels(), out.channels};
  for_each_block(
      geometry(out), steps, 1, 4,
      [&](Index sample, Index samples, const OutputBlock& block, int channel, int channels) {
        CHECK(block.frames == samples * steps);
        CHECK(block.first_frame == (sample - 1) * steps);
        CHECK((block.cells() <= block_cells || block.rows * block.width == 1));
        std::vector<double> values(static_cast<std::size_t>(block.cells() * word_bits));
        auto place = values.begin();
        for (Index frame = 0; frame < block.frames; ++frame)
          for (int y = block.first_y; y < block.first_y + block.rows; ++y)
            for (int x = block.first_x; x < block.first_x + block.width; ++x, place += word_bits)
              for (int c = 0; c < channels; ++c)
                place[c] = static_cast<double>(sheet.number(sample + frame / steps, frame % steps,
                                                            y * out.width + x, channel + c));
        drain_block(
            sample, samples, block, steps, out.width, channel, channels, values.data(),
            [&](const Tile& tile, const double* tile_values, Index step_stride,
                Index pixel_stride) { sheet.take(tile, tile_values, step_stride, pixel_stride); });
      });
  sheet.check(1, 4);
}

TEST_CASE("A tile stands in a signal where its cells say", "[kernels]") {
  const Cells across = cells({.sample = 2, .pixel = 5, .count = 3}, 4, 10);
  CHECK(across.first == 2 * 4 * 10 + 5);
  CHECK(across.step_stride == 10);
  CHECK(across.pixel_stride == 1);
  const Cells down = cells({.sample = 2, .count = 3, .across_samples = true}, 4, 1);
  CHECK(down.first == 8);
  CHECK(down.step_stride == 1);
  CHECK(down.pixel_stride == 4);
  CHECK(cells({}, 1, 10).step_stride == 0);
}

TEST_CASE("Panels are the channels in turn, and groups have at least one sample", "[kernels]") {
  std::vector<int> covered;
  const int wide = static_cast<int>(panel_width<float>);
  for_each_panel<float>(10, 2 * wide + 3, [&](int first, int columns) {
    CHECK(columns <= wide);
    for (int c = 0; c < columns; ++c) covered.push_back(first + c);
  });
  REQUIRE(covered.size() == static_cast<std::size_t>(2 * wide + 3));
  for (std::size_t i = 0; i < covered.size(); ++i) CHECK(covered[i] == 10 + static_cast<int>(i));
  CHECK(group_size(list_budget * 2, 9) == 1);
  CHECK(group_size(list_budget / 4, 9) == 4);
  CHECK(group_size(0, 9) == 9);
}
