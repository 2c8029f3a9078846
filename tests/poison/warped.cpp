#include <cmath>
#include <cstddef>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/trigger.hpp>
#include <snnbd/poison/warped.hpp>

using namespace snnbd;
using poison::Warped;

static_assert(poison::SampleTrigger<Warped>);

namespace {

/// A value for each pixel, linear in row and column.
std::vector<float> ramp(Shape shape, float right, float down) {
  std::vector<float> values;
  for (int row = 0; row < shape.height; ++row)
    for (int column = 0; column < shape.width; ++column)
      for (int channel = 0; channel < shape.channels; ++channel)
        values.push_back(right * static_cast<float>(column) + down * static_cast<float>(row) +
                         static_cast<float>(channel));
  return values;
}

constexpr data::Range wide{0.0F, 1000.0F};

}  // namespace

TEST_CASE("Bicubic upsampling is PyTorch's with aligned corners", "[poison]") {
  // On the control points themselves it gives their values.
  const std::vector<float> grid{1, 2, 0, 3, 1, -1, 2, 0, 0, 1, 4, 2, -2, 1, 0, 1};
  const auto values = poison::detail::upsample_bicubic(grid, 4, 4, 4);
  for (std::size_t place = 0; place < grid.size(); ++place)
    CHECK(values[place] == Approx(grid[place]).margin(1e-6));
  // Half way between two of four points: Keys' weights with a = -0.75.
  const auto middle = poison::detail::upsample_bicubic(grid, 4, 4, 7);
  const double outer = -0.09375;
  const double inner = 0.59375;
  CHECK(middle[3] == Approx(outer * 1 + inner * 2 + inner * 0 + outer * 3));
  CHECK(middle[1] == Approx(outer * 1 + inner * 1 + inner * 2 + outer * 0));
  CHECK(middle[5] == Approx(outer * 2 + inner * 0 + inner * 3 + outer * 3));
  CHECK(middle[0] == Approx(1.0));
  CHECK(middle[6] == Approx(3.0));
}

TEST_CASE("A warp moves pixels by half its strength in the mean of its control points",
          "[poison]") {
  // With as many pixels as control points each pixel has its own: the mean is exact.
  const Shape shape{64, 64, 1};
  const Warped warp{.grid = 64, .strength = 0.5F};
  double mean = 0.0;
  std::size_t place = 0;
  std::size_t held = 0;
  for (const auto& [x, y] : warp.points(shape, 0)) {
    const double column = static_cast<double>(place % 64);
    const double row = std::floor(static_cast<double>(place) / 64.0);
    const bool edge = x == 0.0F || y == 0.0F || x == 63.0F || y == 63.0F;
    held += edge ? 1 : 0;
    if (!edge) mean += std::abs(x - column) + std::abs(y - row);
    ++place;
  }
  CHECK(held > 0);
  CHECK(mean / static_cast<double>(2 * (place - held)) == Approx(0.5 * 63.0 / 128.0).epsilon(0.02));
}

TEST_CASE("Warped values are interpolated between four pixels", "[poison]") {
  // Of a ramp, which bilinear interpolation keeps, the value tells where it was read.
  const Shape shape{6, 9, 2};
  const Warped warp{.strength = 2.0F, .seed = 5};
  auto values = ramp(shape, 10.0F, 100.0F);
  auto twice = values;
  twice.insert(twice.end(), values.begin(), values.end());
  poison::stamp(warp, {twice, shape, 2, {}, 7, wide});
  const auto points = warp.points(shape, 7);
  for (std::size_t place = 0; place < values.size(); ++place) {
    const auto& [x, y] = points[place / 2];
    CHECK(twice[place] == Approx(10.0F * x + 100.0F * y + static_cast<float>(place % 2)));
    CHECK(twice[place] == twice[place + values.size()]);
  }
  CHECK(std::vector<float>(twice.begin(), twice.begin() + 108) != values);
}

TEST_CASE("A warp without strength changes nothing, one of an even image neither", "[poison]") {
  const Shape shape{5, 5, 1};
  auto values = ramp(shape, 1.0F, 7.0F);
  const auto before = values;
  poison::stamp(Warped{.strength = 0.0F}, {values, shape, 1, {}, 0, wide});
  CHECK(values == before);
  std::vector<float> even(25, 0.7F);
  poison::stamp(Warped{.strength = 30.0F}, {even, shape});
  CHECK(even == std::vector<float>(25, 0.7F));
  std::vector<float> pixel{0.25F};
  poison::stamp(Warped{}, {pixel, {1, 1, 1}});
  CHECK(pixel[0] == 0.25F);
}

TEST_CASE("A warp follows its seed, and its noise the sample as well", "[poison]") {
  const Shape shape{8, 8, 1};
  const auto x_of = [&](const Warped& warp, std::size_t sample) {
    std::vector<float> x;
    for (const auto& point : warp.points(shape, sample)) x.push_back(point.x);
    return x;
  };
  CHECK(x_of({}, 1) == x_of({}, 2));
  CHECK(x_of({}, 1) != x_of({.seed = 2}, 1));
  const Warped noisy{.noise = 1.0F};
  CHECK(x_of(noisy, 1) == x_of(noisy, 1));
  CHECK(x_of(noisy, 1) != x_of(noisy, 2));
  const auto plain = x_of({}, 1);
  const auto shifted = x_of(noisy, 1);
  for (std::size_t place = 0; place < plain.size(); ++place)
    CHECK(std::abs(shifted[place] - plain[place]) <= 0.5F);
}

TEST_CASE("A warp refuses settings out of range and tells of the others", "[poison]") {
  const auto refused = [](const Warped& warp, const std::string& sentence) {
    CHECK_THROWS_WITH(warp.points({4, 4, 1}, 0), sentence);
  };
  refused({.grid = 1},
          "grid of a warping trigger: expected 2 to 256 control points a side, found "
          "1");
  refused({.strength = -1.0F},
          "strength of a warping trigger: expected a number of at least 0, found -1");
  refused({.noise = -1.0F},
          "noise of a warping trigger: expected a number of at least 0, found -1");
  CHECK(Warped{}.describe({4, 4, 1}) == "warped by a 4x4 grid of strength 0.5, by seed 1");
  CHECK(Warped{.grid = 8, .noise = 2.0F, .seed = 3}.describe({4, 4, 1}) ==
        "warped by a 8x8 grid of strength 0.5, noise of 2, by seed 3");
}
