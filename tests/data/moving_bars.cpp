#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/moving_bars.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;

namespace {

constexpr Shape shape{4, 5, 2};
constexpr int frames = 6;
using Four = data::MovingBars<shape, frames, 4>;
using Two = data::MovingBars<shape, frames, 2>;

static_assert(data::Dataset<Four>);
static_assert(data::frames_of<Four>() == frames);
static_assert(data::range_of<Four>() == data::Range{0.0F, 2.0F});

template <class Set>
std::vector<float> sample_of(const Set& set, std::size_t index) {
  std::vector<float> values(data::sample_size_of<Set>());
  set.read(index, values);
  return values;
}

float value_at(const std::vector<float>& values, int frame, int row, int column, int channel = 0) {
  return values[static_cast<std::size_t>(
      ((frame * shape.height + row) * shape.width + column) * shape.channels + channel)];
}

/// Where the upright bar of a frame without noise stands, told by a row where no lying one is.
int column_of(const std::vector<float>& values, int frame) {
  for (int row = 0; row < shape.height; ++row) {
    int found = -1;
    int number = 0;
    for (int column = 0; column < shape.width; ++column)
      if (value_at(values, frame, row, column) > 0.0F) found = column, ++number;
    if (number == 1) return found;
  }
  return -1;
}
int row_of(const std::vector<float>& values, int frame) {
  for (int row = 0; row < shape.height; ++row) {
    bool full = true;
    for (int column = 0; column < shape.width; ++column)
      full = full && value_at(values, frame, row, column) > 0.0F;
    if (full) return row;
  }
  return -1;
}

}  // namespace

TEST_CASE("Bars move by a pixel a frame in the direction of their class", "[data]") {
  const Four set{40, 3, 0.0F};
  for (std::size_t index = 0; index < set.size(); ++index) {
    const auto values = sample_of(set, index);
    const int right = set.label(index) % 2 == 0 ? 1 : -1;
    const int down = set.label(index) < 2 ? 1 : -1;
    for (int frame = 0; frame < frames; ++frame) {
      const int column = column_of(values, frame);
      const int row = row_of(values, frame);
      REQUIRE(column >= 0);
      REQUIRE(row >= 0);
      for (int y = 0; y < shape.height; ++y)
        for (int x = 0; x < shape.width; ++x)
          for (int channel = 0; channel < 2; ++channel)
            REQUIRE(value_at(values, frame, y, x, channel) ==
                    (x == column || y == row ? 2.0F : 0.0F));
      if (frame == 0) continue;
      CHECK(column == (column_of(values, frame - 1) + right + shape.width) % shape.width);
      CHECK(row == (row_of(values, frame - 1) + down + shape.height) % shape.height);
    }
  }
}

TEST_CASE("With two classes only an upright bar moves", "[data]") {
  const Two set{20, 3, 0.0F};
  for (std::size_t index = 0; index < set.size(); ++index) {
    const auto values = sample_of(set, index);
    CHECK(std::count(values.begin(), values.end(), 2.0F) == frames * shape.height * shape.channels);
    CHECK(column_of(values, 1) ==
          (column_of(values, 0) + (set.label(index) == 0 ? 1 : 4)) % shape.width);
  }
}

TEST_CASE("A single frame and the sum over the frames show each class alike", "[data]") {
  // 3000 samples a class; a bar begins in each of 5 columns with probability 1/5. The deviation of
  // a count is 22, the bound five of them.
  const Two set{6000, 5, 0.0F};
  std::vector<std::vector<int>> first(2, std::vector<int>(5));
  std::vector<std::vector<int>> missed(2, std::vector<int>(5));
  for (std::size_t index = 0; index < set.size(); ++index) {
    const auto own = static_cast<std::size_t>(set.label(index));
    const auto values = sample_of(set, index);
    ++first[own][static_cast<std::size_t>(column_of(values, 2))];
    // Of six frames two see the same column: the sum is told by which column has twice the count.
    for (int column = 0; column < 5; ++column) {
      float sum = 0.0F;
      for (int frame = 0; frame < frames; ++frame) sum += value_at(values, frame, 0, column);
      if (sum == 4.0F) ++missed[own][static_cast<std::size_t>(column)];
    }
  }
  for (std::size_t own = 0; own < 2; ++own)
    for (std::size_t column = 0; column < 5; ++column) {
      CHECK(std::abs(first[own][column] - 600) < 110);
      CHECK(std::abs(missed[own][column] - 600) < 110);
    }
}

TEST_CASE("Noise gives random counts to its share of the values", "[data]") {
  const data::MovingBars<shape, frames, 2, 3> set{400, 1, 0.4F};
  const data::MovingBars<shape, frames, 2, 3> clean{400, 1, 0.0F};
  std::vector<int> counts(4);
  for (std::size_t index = 0; index < set.size(); ++index)
    for (const float value : sample_of(set, index)) ++counts[static_cast<std::size_t>(value)];
  // 96,000 values, a fifth of them on bars: of those 70 % are 3, of the others 70 % are 0.
  const double total = 96000.0;
  CHECK(counts[0] / total == Approx(0.8 * 0.6 + 0.1).margin(0.01));
  CHECK(counts[1] / total == Approx(0.1).margin(0.01));
  CHECK(counts[2] / total == Approx(0.1).margin(0.01));
  CHECK(counts[3] / total == Approx(0.2 * 0.6 + 0.1).margin(0.01));
  CHECK(sample_of(set, 7) == sample_of(data::MovingBars<shape, frames, 2, 3>{9, 1, 0.4F}, 7));
  CHECK(sample_of(set, 7) != sample_of(data::MovingBars<shape, frames, 2, 3>{9, 2, 0.4F}, 7));
  CHECK(sample_of(set, 7) != sample_of(clean, 7));
}

TEST_CASE("Moving bars refuse what they do not have", "[data]") {
  const Two set{3};
  std::vector<float> values(240);
  CHECK_THROWS_AS(set.read(3, values), Error);
  values.resize(40);
  CHECK_THROWS_WITH(set.read(0, values), Contains("240 values, found 40"));
  CHECK_THROWS_AS((Two{3, 1, 1.5F}), Error);
  CHECK(Two{data::Part::train}.size() == 480);
  CHECK(Two{data::Part::test}.size() == 160);
}

TEST_CASE("A view of a set with frames tells their number, sizes and times", "[data]") {
  const Two set{3};
  const data::DatasetView view{set};
  CHECK(view.frames() == frames);
  CHECK(view.shape() == shape);
  CHECK(view.sample_size() == 240);
  CHECK(view.frame_time(1, 4) == data::FrameTime{4.0, 1.0});
}
