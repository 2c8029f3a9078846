#include <cstddef>
#include <set>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/mask.hpp>

using namespace snnbd;
using poison::Area;
using poison::Draw;

static_assert(poison::Mask<poison::Block<>> && poison::Mask<poison::RandomBlock<>> &&
              poison::Mask<poison::Border> && poison::Mask<poison::WholeFrame>);
static_assert(!poison::Mask<int>);

TEST_CASE("A block lies at its corner and offset", "[poison]") {
  const Shape shape{10, 12, 2};
  CHECK(poison::Block<>{.size = 3}.area(shape, 0) == Area{0, 0, 3, 3, 0});
  CHECK(poison::Block<Corner::bottom_right>{.size = 3, .offset = {1, 2}}.area(shape, 0) ==
        Area{5, 8, 3, 3, 0});
  CHECK(poison::Block<Corner::center>{.size = 4}.area(shape, 0) == Area{3, 4, 4, 4, 0});
  CHECK(poison::Block<>{}.area({128, 128, 2}, 0) == Area{0, 0, 12, 12, 0});
  CHECK(poison::Block<>{}.area({34, 34, 2}, 0) == Area{0, 0, 2, 2, 0});
  CHECK(poison::Block<>{.size = 10}.area({10, 10, 2}, 0) == Area{0, 0, 10, 10, 0});
  CHECK_THROWS_AS(poison::Block<>{.size = 11}.area(shape, 0), Error);
  CHECK_THROWS_AS(poison::Block<>{.size = -1}.area(shape, 0), Error);
}

TEST_CASE("A random block lies anywhere, once for all samples or anew for each", "[poison]") {
  const Shape shape{5, 6, 2};
  const poison::RandomBlock<> once{.size = 3, .seed = 4};
  const poison::RandomBlock<Draw::each_sample> each{.size = 3, .seed = 4};
  std::set<std::pair<int, int>> places;
  for (std::size_t sample = 0; sample < 400; ++sample) {
    CHECK(once.area(shape, sample) == once.area(shape, 0));
    const Area area = each.area(shape, sample);
    CHECK(area == each.area(shape, sample));
    CHECK((area.height == 3 && area.width == 3));
    places.insert({area.top, area.left});
  }
  // All places that there are, and no other.
  CHECK(places.size() == 12);
  CHECK(places.begin()->first == 0);
  CHECK(*places.rbegin() == std::pair{2, 3});
  bool moves = false;
  for (std::uint64_t seed = 1; seed < 9; ++seed)
    moves = moves ||
            poison::RandomBlock<>{.size = 3, .seed = seed}.area(shape, 0) != once.area(shape, 0);
  CHECK(moves);
  CHECK(poison::RandomBlock<>{.size = 5}.area({5, 5, 2}, 0) == Area{0, 0, 5, 5, 0});
  CHECK_THROWS_AS(poison::RandomBlock<>{.size = 6}.area(shape, 0), Error);
}

TEST_CASE("A border covers the rim alone", "[poison]") {
  const Shape shape{5, 7, 2};
  for (int width = 1; width <= 3; ++width) {
    const Area border = poison::Border{width}.area(shape, 0);
    std::vector<int> covered(35);
    poison::for_each_run(border, [&](int row, int left, int run) {
      for (int column = left; column < left + run; ++column)
        ++covered[static_cast<std::size_t>(row * 7 + column)];
    });
    for (int row = 0; row < 5; ++row)
      for (int column = 0; column < 7; ++column) {
        const bool rim = row < width || column < width || row >= 5 - width || column >= 7 - width;
        CHECK(covered[static_cast<std::size_t>(row * 7 + column)] == (rim ? 1 : 0));
        CHECK(border.covers(row, column) == rim);
      }
    CHECK_FALSE((border.covers(-1, 0) || border.covers(5, 0) || border.covers(0, 7)));
  }
  CHECK_THROWS_WITH(poison::Border{4}.area(shape, 0),
                    "width of a border: expected a number of pixels from 1 to 3, found 4");
  CHECK_THROWS_AS(poison::Border{0}.area(shape, 0), Error);
}

TEST_CASE("Masks tell what they cover", "[poison]") {
  const Shape shape{10, 12, 2};
  CHECK(poison::Block<Corner::center>{.size = 3, .offset = {1, 2}}.describe(shape) ==
        "3x3, center, offset 1,2");
  CHECK(poison::RandomBlock<>{.size = 3}.describe(shape) == "3x3, anywhere, by seed 1");
  CHECK(poison::RandomBlock<Draw::each_sample>{.size = 3, .seed = 2}.describe(shape) ==
        "3x3, anywhere in each sample, by seed 2");
  CHECK(poison::Border{2}.describe(shape) == "border of 2");
  CHECK(poison::WholeFrame{}.describe(shape) == "whole frame");
}
