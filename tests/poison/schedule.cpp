#include <limits>
#include <optional>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/poison/schedule.hpp>

using namespace snnbd;
using poison::Area;
using poison::Edge;

static_assert(poison::Schedule<poison::Always> && poison::Schedule<poison::Moving<>> &&
              poison::Schedule<poison::ToolkitMoving> && poison::Schedule<poison::Strobe> &&
              poison::Schedule<poison::Burst> && poison::Schedule<poison::FixedFrames>);
static_assert(!poison::Schedule<Area>);

namespace {

constexpr Shape shape{6, 10, 2};

/// The columns in which an area of 2 x 3 lies, frame by frame; -1 where it does not show.
template <class When>
std::vector<int> columns(const When& schedule, int frames, int left = 1) {
  std::vector<int> result;
  for (int frame = 0; frame < frames; ++frame) {
    const auto area = schedule.at(Area{1, left, 2, 3, 0}, shape, frame, frames);
    result.push_back(area ? area->left : -1);
  }
  return result;
}

}  // namespace

TEST_CASE("What moves wraps or bounces, covers every frame and stays whole", "[poison]") {
  CHECK(columns(poison::Moving<>{{3, 0}}, 6) == std::vector<int>{1, 4, 7, 2, 5, 0});
  CHECK(columns(poison::Moving<>{{-2, 0}}, 4) == std::vector<int>{1, 7, 5, 3});
  CHECK(columns(poison::Moving<Edge::bounce>{{3, 0}}, 7) == std::vector<int>{1, 4, 7, 4, 1, 2, 5});
  for (const int distance :
       {1, -1, 5, std::numeric_limits<int>::max(), std::numeric_limits<int>::min()})
    for (int frame = 0; frame < 50; ++frame) {
      const auto area =
          poison::Moving<Edge::bounce>{{distance, distance}}.at({4, 7, 2, 3, 0}, shape, frame, 50);
      REQUIRE((area && area->left >= 0 && area->left <= 7 && area->top >= 0 && area->top <= 4));
    }
  CHECK_THROWS_WITH((poison::Moving<>{{1, 0}}.at({0, 0, 2, 10, 0}, shape, 0, 3)),
                    "moving trigger: expected room to move by 1,0 in a frame of 6x10x2, found 2 "
                    "rows and 10 columns that it covers");
  CHECK_NOTHROW((poison::Moving<>{{0, 1}}.at({0, 0, 2, 10, 0}, shape, 0, 3)));
}

TEST_CASE("The toolkit's moving trigger has three places and never the last frame", "[poison]") {
  const Area block{0, 0, 2, 2, 0};
  const auto left_of = [&](const Area& start, int frame) {
    const auto area = poison::ToolkitMoving::at(start, shape, frame, 6);
    return area ? area->left : -1;
  };
  // Of side s: start, s + 2 and 2 s + 2 further.
  for (const auto& [frame, left] : {std::pair{0, 0}, {1, 4}, {2, 6}, {3, 0}, {4, 4}, {5, -1}})
    CHECK(left_of(block, frame) == left);
  for (const auto& [frame, left] : {std::pair{0, 8}, {1, 4}, {2, 2}, {5, -1}})
    CHECK(left_of({0, 8, 2, 2, 0}, frame) == left);
  CHECK_THROWS_WITH(left_of({0, 0, 3, 3, 0}, 0),
                    "moving trigger: expected three places inside a frame of 6x10x2, found one at "
                    "column 8");
}

TEST_CASE("Strobes, bursts and fixed frames show when they say", "[poison]") {
  CHECK(columns(poison::Strobe{.start = 1, .gap = 2, .on = 1}, 6) ==
        std::vector<int>{-1, 1, -1, -1, 1, -1});
  CHECK(columns(poison::Strobe{.gap = 1, .on = 2}, 5) == std::vector<int>{1, 1, -1, 1, 1});
  CHECK(columns(poison::Burst{.start = 2, .length = 2}, 5) == std::vector<int>{-1, -1, 1, 1, -1});
  CHECK(columns(poison::FixedFrames{{3, 0}}, 5) == std::vector<int>{1, -1, -1, 1, -1});
  CHECK(columns(poison::Always{}, 2) == std::vector<int>{1, 1});
}

TEST_CASE("Schedules refuse numbers that are no frames", "[poison]") {
  CHECK_THROWS_WITH(check_policy(poison::Strobe{.start = -1}),
                    "start of a strobe: expected a number of frames of at least 0, found -1");
  CHECK_THROWS_WITH(check_policy(poison::Strobe{.gap = -1}),
                    "gap of a strobe: expected a number of frames of at least 0, found -1");
  CHECK_THROWS_WITH(check_policy(poison::Strobe{.on = 0}),
                    "frames that a strobe is on: expected a number of frames of at least 1, found "
                    "0");
  CHECK_THROWS_WITH(check_policy(poison::Burst{.start = -2}),
                    "start of a burst: expected a number of frames of at least 0, found -2");
  CHECK_THROWS_WITH(check_policy(poison::Burst{.length = 0}),
                    "length of a burst: expected a number of frames of at least 1, found 0");
  CHECK_THROWS_AS(check_policy(poison::FixedFrames{{0, -1}}), Error);
  CHECK_THROWS_AS(check_policy(poison::Burst{.length = std::numeric_limits<int>::max()}), Error);
}

TEST_CASE("Schedules tell when they show", "[poison]") {
  CHECK(poison::Always::describe().empty());
  CHECK(poison::Moving<Edge::bounce>{{0, -1}}.describe() == ", moving by 0,-1 a frame, bouncing");
  CHECK(poison::ToolkitMoving::describe() == ", three places in turns");
  CHECK(poison::Strobe{}.describe() == ", strobing from frame 0, 1 on, 1 off");
  CHECK(poison::Burst{3, 2}.describe() == ", 2 frames from frame 3");
  CHECK(poison::FixedFrames{{0, 3}}.describe() == ", in frames 0 3");
}
