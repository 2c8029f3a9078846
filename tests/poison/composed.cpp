#include <cstddef>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/moving_patch.hpp>
#include <snnbd/poison/trigger.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;
using poison::Composed;
using poison::Polarity;

static_assert(poison::Trigger<poison::StaticBlock<>> &&
              poison::SampleTrigger<poison::StaticBlock<>> &&
              !poison::EventTrigger<poison::StaticBlock<>>);
using EventBlock = poison::StaticBlock<Corner::top_left, poison::OnEvents>;
static_assert(poison::Trigger<EventBlock> && poison::EventTrigger<EventBlock> &&
              !poison::SampleTrigger<EventBlock>);

namespace {

constexpr Shape shape{5, 6, 2};
constexpr int frames = 4;
constexpr float before = 3.0F;

template <class Mark>
std::vector<float> stamped(const Mark& mark, Shape extent = shape, int number = frames) {
  std::vector<float> values(static_cast<std::size_t>(number * extent.size()), before);
  poison::stamp(mark, {values, extent, number, {}, 0, {0.0F, 9.0F}});
  return values;
}

float at(const std::vector<float>& values, int frame, int row, int column, int channel) {
  return values[static_cast<std::size_t>(((frame * shape.height + row) * shape.width + column) * 2 +
                                         channel)];
}

/// Whether the trigger put OFF and ON values on the pixels of an area in a frame, nothing else.
bool shows(const std::vector<float>& values, int frame, const poison::Area& area, float off,
           float on) {
  bool right = true;
  for (int row = 0; row < shape.height; ++row)
    for (int column = 0; column < shape.width; ++column) {
      const bool within = area.covers(row, column);
      right = right && at(values, frame, row, column, 0) == (within ? off : before) &&
              at(values, frame, row, column, 1) == (within ? on : before);
    }
  return right;
}

constexpr poison::Area nothing{};

}  // namespace

TEST_CASE("A block of each polarity overwrites OFF and ON counts", "[poison]") {
  struct Case {
    Polarity polarity;
    float off;
    float on;
  };
  for (const auto& [polarity, off, on] : {Case{Polarity::none, 0, 0}, Case{Polarity::on, 0, 1},
                                          Case{Polarity::off, 1, 0}, Case{Polarity::both, 1, 1}}) {
    const auto values = stamped(poison::StaticBlock<Corner::bottom_right>{
        .mask = {.size = 2, .offset = {1, 0}}, .polarity = polarity});
    for (int frame = 0; frame < frames; ++frame)
      CHECK(shows(values, frame, {3, 3, 2, 2, 0}, off, on));
  }
  CHECK_THROWS_WITH(stamped(poison::StaticBlock<>{.polarity = static_cast<Polarity>(4)}),
                    "polarity of a trigger: expected a number from 0 to 3, found 4");
}

TEST_CASE("Each operation gives its value by hand", "[poison]") {
  const auto check = [](const auto& operation, float off, float on) {
    using Change = std::remove_cvref_t<decltype(operation)>;
    const auto values = stamped(Composed<poison::Block<>, poison::Always, Change>{
        .mask = {.size = 1}, .operation = operation, .polarity = Polarity::on});
    CHECK(shows(values, 2, {0, 0, 1, 1, 0}, off, on));
  };
  check(poison::SetTo{5.0F}, 0.0F, 5.0F);
  check(poison::Add{2.0F}, 3.0F, 5.0F);
  check(poison::Add{7.0F}, 3.0F, 9.0F);  // the range ends at 9
  check(poison::Erase{}, 3.0F, 0.0F);
  check(poison::Scale{2.0F}, 3.0F, 6.0F);
  check(poison::Scale{4.0F}, 3.0F, 9.0F);
  check(poison::Blend{.ratio = 0.25F, .value = 8.0F}, 2.25F, 4.25F);
  // What replaces is left for the batches to refuse.
  check(poison::SetTo{11.0F}, 0.0F, 11.0F);
}

TEST_CASE("Whole frames of all channels are the pixel patch and the moving patch", "[poison]") {
  const Shape rgb{6, 6, 3};
  const poison::StaticBlock<Corner::bottom_right> block{.mask = {.size = 2, .offset = {1, 1}},
                                                        .polarity = Polarity::both};
  CHECK(stamped(block, rgb, 1) ==
        stamped(poison::PixelPatch<>{.size = 2, .offset = {1, 1}}, rgb, 1));
  const poison::MovingBlock<> moving{
      .mask = {.size = 2}, .schedule = {{1, 0}}, .operation = {4.0F}, .polarity = Polarity::both};
  CHECK(stamped(moving, rgb) == stamped(poison::MovingPatch<>{.size = 2, .value = 4.0F}, rgb));
  CHECK_THROWS_WITH(stamped(poison::StaticBlock<>{}, rgb),
                    "frames for a trigger of ON events: expected two channels, OFF and ON, "
                    "found 3");
}

TEST_CASE("Border, flash and strobe show where and when they say", "[poison]") {
  const auto framed = stamped(poison::Framed<>{});
  CHECK(at(framed, 3, 0, 2, 1) == 1.0F);
  CHECK(at(framed, 3, 4, 5, 0) == 0.0F);
  CHECK(at(framed, 3, 2, 0, 1) == 1.0F);
  CHECK(at(framed, 3, 1, 1, 1) == before);
  CHECK(at(framed, 3, 3, 4, 1) == before);

  const auto flash = stamped(poison::Flash<>{.schedule = {.start = 1, .length = 2}});
  const poison::Area whole{0, 0, 5, 6, 0};
  CHECK(shows(flash, 0, nothing, 0, 0));
  CHECK(shows(flash, 1, whole, 0, 1));
  CHECK(shows(flash, 2, whole, 0, 1));
  CHECK(shows(flash, 3, nothing, 0, 0));

  const auto strobe = stamped(
      poison::StrobingBlock<>{.mask = {.size = 2}, .schedule = {.start = 1, .gap = 1, .on = 1}});
  const poison::Area block{0, 0, 2, 2, 0};
  CHECK(shows(strobe, 0, nothing, 0, 0));
  CHECK(shows(strobe, 1, block, 0, 1));
  CHECK(shows(strobe, 2, nothing, 0, 0));
  CHECK(shows(strobe, 3, block, 0, 1));
}

TEST_CASE("Sizes go from a pixel to the whole frame", "[poison]") {
  const Shape square{4, 4, 2};
  for (int size = 1; size <= 4; ++size) {
    const auto values =
        stamped(poison::StaticBlock<Corner::bottom_left>{.mask = {.size = size}}, square, 1);
    int changed = 0;
    for (const float value : values) changed += value != before ? 1 : 0;
    CHECK(changed == 2 * size * size);
  }
  CHECK_THROWS_AS(stamped(poison::StaticBlock<>{.mask = {.size = 5}}, square), Error);
}

TEST_CASE("A trigger that shows in no frame is refused", "[poison]") {
  CHECK_THROWS_WITH(stamped(poison::Flash<>{.schedule = {.start = 4}}),
                    "trigger: expected a schedule that shows it in one of 4 frames, found whole "
                    "frame, 1 frame from frame 4");
  CHECK_THROWS_AS(stamped(poison::ToolkitMovingBlock<>{.mask = {.size = 1}}, shape, 1), Error);
}

TEST_CASE("Operations refuse what they cannot do", "[poison]") {
  CHECK_THROWS_WITH(stamped(poison::StaticBlock<>{.operation = {-1.0F}}),
                    Contains("value of a trigger: expected a number of at least 0"));
  using Blending = Composed<poison::Block<>, poison::Always, poison::Blend>;
  CHECK_THROWS_WITH(stamped(Blending{.operation = {.ratio = 1.5F}}),
                    "ratio of a trigger: expected a number from 0 to 1, found 1.5");
  using Scaling = Composed<poison::Block<>, poison::Always, poison::Scale>;
  CHECK_THROWS_AS(stamped(Scaling{.operation = {-2.0F}}), Error);
}

TEST_CASE("Reports tell of every part of a composed trigger", "[poison]") {
  CHECK(poison::StaticBlock<>{}.describe({128, 128, 2}) == "ON, 12x12, top left, set to 1");
  CHECK(poison::StaticBlock<Corner::top_left, poison::OnEvents>{.polarity = Polarity::off}.describe(
            {34, 34, 2}) == "OFF, 2x2, top left, set to 1, on events");
  CHECK(poison::MovingBlock<Corner::center>{.mask = {.size = 2}}.describe({8, 8, 2}) ==
        "ON, 2x2, center, moving by 2,0 a frame, wrapping, set to 1");
  CHECK(poison::Framed<>{.operation = {2.0F}, .polarity = Polarity::none}.describe({8, 8, 2}) ==
        "no events, border of 1, set to 2");
}
