#include <cstddef>
#include <limits>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/moving_bars.hpp>
#include <snnbd/poison/poison.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;
using poison::MovingPatch;

static_assert(poison::Trigger<MovingPatch<>>);
static_assert(poison::SampleTrigger<MovingPatch<>> && !poison::ImageTrigger<MovingPatch<>>);

namespace {

constexpr Shape shape{6, 7, 2};
constexpr int frames = 4;

template <class Mark>
std::vector<float> stamped(const Mark& mark, int number = frames) {
  std::vector<float> values(static_cast<std::size_t>(number * shape.size()), 0.5F);
  poison::stamp(mark, {values, shape, number});
  return values;
}

/// Whether a patch of this value, and nothing else, was put on each frame.
template <class At>
void check_patch(const std::vector<float>& values, int size, float value, const At& at) {
  for (int frame = 0; frame < frames; ++frame) {
    const auto [top, left] = at(frame);
    for (int row = 0; row < shape.height; ++row)
      for (int column = 0; column < shape.width; ++column)
        for (int channel = 0; channel < shape.channels; ++channel) {
          const bool within =
              row >= top && row < top + size && column >= left && column < left + size;
          REQUIRE(values[static_cast<std::size_t>(
                      ((frame * shape.height + row) * shape.width + column) * shape.channels +
                      channel)] == (within ? value : 0.5F));
        }
  }
}

}  // namespace

TEST_CASE("A patch moves by its step from frame to frame", "[poison]") {
  check_patch(stamped(MovingPatch<>{.size = 2}), 2, 1.0F, [](int frame) {
    return std::pair{0, frame};
  });
  check_patch(stamped(MovingPatch<>{.size = 3, .offset = {1, 0}, .step = {1, 1}, .value = 4.0F}), 3,
              4.0F, [](int frame) {
                return std::pair{frame, 1 + frame};
              });
}

TEST_CASE("Steps lead away from the edges that the corner touches", "[poison]") {
  check_patch(stamped(MovingPatch<poison::White, Corner::bottom_right>{.size = 2, .step = {1, 1}}),
              2, 1.0F, [](int frame) {
                return std::pair{4 - frame, 5 - frame};
              });
  check_patch(stamped(MovingPatch<poison::White, Corner::center>{.size = 2, .step = {1, 0}}), 2,
              1.0F, [](int frame) {
                return std::pair{2, 2 + frame};
              });
}

TEST_CASE("On an image a moving patch is a patch", "[poison]") {
  std::vector<float> still(static_cast<std::size_t>(shape.size()), 0.5F);
  poison::PixelPatch<poison::Random, Corner::top_left>{.size = 2, .seed = 9}.stamp(still, shape, 0);
  CHECK(stamped(MovingPatch<poison::Random>{.size = 2, .seed = 9}, 1) == still);
}

TEST_CASE("Random ink is the same in each frame", "[poison]") {
  const auto values = stamped(MovingPatch<poison::Random>{.size = 1, .seed = 3});
  for (std::size_t frame = 1; frame < frames; ++frame)
    CHECK(values[frame * 84 + frame * 2] == values[0]);
}

TEST_CASE("A patch that leaves the frame is refused before anything is read", "[poison]") {
  CHECK_NOTHROW(stamped(MovingPatch<>{.size = 2, .step = {1, 1}}));
  CHECK_THROWS_WITH(stamped(MovingPatch<>{.size = 2, .step = {2, 0}}),
                    Contains("a patch inside an image of 6x7x2") && Contains("offset 6,0"));
  CHECK_THROWS_AS(stamped(MovingPatch<>{.step = {std::numeric_limits<int>::max(), 0}}), Error);
  CHECK_THROWS_AS(stamped(MovingPatch<>{.size = -1}), Error);
  using Bars = data::MovingBars<Shape{6, 7, 1}, 8, 2>;
  using Dirty = poison::Poisoned<Bars, MovingPatch<>>;
  CHECK_NOTHROW((Dirty{Bars{20}, {}, {.size = 1, .step = {0, 0}}}));
  CHECK_THROWS_AS((Dirty{Bars{20}, {}, {.size = 1}}), Error);
  CHECK_THROWS_AS((poison::Triggered<Bars, MovingPatch<>>{Bars{20}, {.size = 1}}), Error);
}

TEST_CASE("Reports tell how a patch moves", "[poison]") {
  CHECK(MovingPatch<>{}.describe({28, 28, 1}) == "white 2x2, top left, moving by 1,0 a frame");
  const MovingPatch<poison::Random, Corner::bottom_right> mark{
      .size = 3, .offset = {1, 2}, .step = {0, -1}};
  CHECK(mark.describe({8, 8, 1}) == "random 3x3, bottom right, offset 1,2, moving by 0,-1 a frame");
}
