#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/poison/trigger.hpp>

using namespace snnbd;
using poison::PixelPatch;
using poison::Random;
using poison::White;

namespace {

static_assert(poison::Trigger<PixelPatch<>>);
static_assert(poison::Trigger<PixelPatch<Random, Corner::center>>);
static_assert(!poison::Trigger<White>);

constexpr float untouched = -1.0F;

/// An image of a value that no ink has, stamped.
template <class Patch>
std::vector<float> stamped(const Patch& patch, Shape shape) {
  std::vector<float> image(static_cast<std::size_t>(shape.size()), untouched);
  patch.stamp(image, shape, 0);
  return image;
}

/// Whether exactly the pixels of one square, in all channels, are touched.
bool covers(const std::vector<float>& image, Shape shape, int top, int left, int size) {
  std::size_t value = 0;
  for (int row = 0; row < shape.height; ++row)
    for (int column = 0; column < shape.width; ++column)
      for (int channel = 0; channel < shape.channels; ++channel) {
        const bool inside =
            row >= top && row < top + size && column >= left && column < left + size;
        if (inside == (image[value++] == untouched)) return false;
      }
  return true;
}

template <Corner corner>
void check_place(Shape shape, int size, poison::Offset offset, int top, int left) {
  INFO(to_string(corner) << " of " << to_string(shape));
  CHECK(covers(stamped(PixelPatch<White, corner>{.size = size, .offset = offset}, shape), shape,
               top, left, size));
  CHECK(covers(stamped(PixelPatch<Random, corner>{.size = size, .offset = offset}, shape), shape,
               top, left, size));
}

struct Plain {
  static constexpr std::string_view name = "plain";
  void stamp(std::span<float>, Shape, std::size_t) const {}
};

}  // namespace

TEST_CASE("The patch has the paper's size by default", "[poison][trigger]") {
  CHECK(poison::default_patch_size({28, 28, 1}) == 2);
  CHECK(poison::default_patch_size({32, 32, 3}) == 3);
  CHECK(poison::default_patch_size({128, 128, 2}) == 12);
  CHECK(poison::default_patch_size({128, 32, 2}) == 3);
  CHECK(poison::default_patch_size({4, 4, 1}) == 1);
  const Shape digit{28, 28, 1};
  CHECK(covers(stamped(PixelPatch<>{}, digit), digit, 26, 26, 2));
}

TEST_CASE("A patch lies in its corner and moves inwards", "[poison][trigger]") {
  const Shape shape{9, 12, 3};
  check_place<Corner::top_left>(shape, 3, {}, 0, 0);
  check_place<Corner::top_right>(shape, 3, {}, 0, 9);
  check_place<Corner::bottom_left>(shape, 3, {}, 6, 0);
  check_place<Corner::bottom_right>(shape, 3, {}, 6, 9);
  check_place<Corner::center>(shape, 3, {}, 3, 4);
  check_place<Corner::top_left>(shape, 3, {.dx = 2, .dy = 1}, 1, 2);
  check_place<Corner::top_right>(shape, 3, {.dx = 2, .dy = 1}, 1, 7);
  check_place<Corner::bottom_left>(shape, 3, {.dx = 2, .dy = 1}, 5, 2);
  check_place<Corner::bottom_right>(shape, 3, {.dx = 2, .dy = 1}, 5, 7);
  check_place<Corner::center>(shape, 3, {.dx = -2, .dy = 1}, 4, 2);
  check_place<Corner::bottom_right>({3, 3, 2}, 3, {}, 0, 0);
}

TEST_CASE("A white patch is white in all channels", "[poison][trigger]") {
  const auto image = stamped(PixelPatch<>{.size = 2}, {5, 5, 3});
  CHECK(std::count(image.begin(), image.end(), 1.0F) == 12);
}

TEST_CASE("A random patch follows its seed, is below one and differs between its values",
          "[poison][trigger]") {
  const Shape shape{8, 8, 3};
  const auto values = [&](std::uint64_t seed) {
    auto image = stamped(PixelPatch<Random, Corner::top_left>{.size = 4, .seed = seed}, shape);
    std::erase(image, untouched);
    return image;
  };
  const auto pattern = values(5);
  REQUIRE(pattern.size() == 48);
  CHECK(pattern == values(5));
  CHECK(pattern != values(6));
  CHECK(std::set<float>(pattern.begin(), pattern.end()).size() == 48);
  CHECK(std::all_of(pattern.begin(), pattern.end(),
                    [](float value) { return value >= 0.0F && value < 1.0F; }));
}

TEST_CASE("A patch is the same on every image, whatever was there", "[poison][trigger]") {
  const Shape shape{6, 6, 2};
  const PixelPatch<Random> patch{.size = 3};
  std::vector<float> first(72, 0.25F);
  std::vector<float> second(72, 0.75F);
  patch.stamp(first, shape, 1);
  patch.stamp(second, shape, 2);
  for (std::size_t value = 0; value < 72; ++value)
    CHECK((first[value] == second[value] || (first[value] == 0.25F && second[value] == 0.75F)));
}

TEST_CASE("Stamping twice is stamping once", "[poison][trigger]") {
  const Shape shape{7, 7, 2};
  const auto check = [&](const auto& patch) {
    auto image = stamped(patch, shape);
    const auto once = image;
    patch.stamp(image, shape, 3);
    CHECK(image == once);
  };
  check(PixelPatch<White, Corner::bottom_left>{});
  check(PixelPatch<Random, Corner::bottom_left>{.size = 4});
  check(PixelPatch<Random, Corner::center>{.size = 7});
}

TEST_CASE("A patch that does not fit is refused", "[poison][trigger]") {
  const Shape shape{6, 4, 1};
  std::vector<float> image(24);
  const auto refused = [&](const auto& patch) {
    CHECK_THROWS_AS(patch.stamp(image, shape, 0), Error);
  };
  const int most = std::numeric_limits<int>::max();
  const int least = std::numeric_limits<int>::min();
  refused(PixelPatch<>{.size = 5});
  refused(PixelPatch<>{.size = most});
  refused(PixelPatch<>{.size = -1});
  refused(PixelPatch<>{.size = 2, .offset = {.dx = 3}});
  refused(PixelPatch<>{.size = 2, .offset = {.dx = -1}});
  refused(PixelPatch<>{.size = 2, .offset = {.dy = 5}});
  refused(PixelPatch<>{.size = 2, .offset = {.dx = least, .dy = most}});
  refused(PixelPatch<White, Corner::top_left>{.offset = {.dx = most}});
  refused(PixelPatch<White, Corner::center>{.size = 2, .offset = {.dy = most}});
  refused(PixelPatch<White, Corner::center>{.size = 2, .offset = {.dx = -2}});
  CHECK_THROWS_AS(PixelPatch<>{}.stamp(image, (Shape{5, 5, 1}), 0), Error);
}

TEST_CASE("A patch describes itself", "[poison][trigger]") {
  CHECK(poison::describe(PixelPatch<>{}, {28, 28, 1}) == "white 2x2, bottom right");
  CHECK(poison::describe(PixelPatch<Random, Corner::top_left>{.size = 3, .offset = {.dx = 1}},
                         {32, 32, 3}) == "random 3x3, top left, offset 1,0");
  CHECK(poison::describe(Plain{}, {1, 1, 1}) == "plain");
}
