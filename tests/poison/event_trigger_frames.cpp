#include <cstddef>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/event_frames.hpp>
#include <snnbd/data/moving_digits.hpp>
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/poison/triggered.hpp>

#include "event_set.hpp"

using namespace snnbd;
using poison::OnEvents;
using snnbd_tests::read_sample;

namespace {

using ByTime = data::EventFrames<data::MovingDigits, 5, event::ByTime>;
using ByNumber = data::EventFrames<data::MovingDigits, 5>;
using EventBlock = poison::StaticBlock<Corner::bottom_right, OnEvents>;
static_assert(data::EventDataset<poison::Poisoned<ByTime, EventBlock>>);

template <class Set, class When = poison::Always>
bool agree() {
  using Block = poison::Block<Corner::bottom_right>;
  using OfFrames = poison::Composed<Block, When, poison::SetTo>;
  using OfEvents = poison::Composed<Block, When, poison::SetTo, OnEvents>;
  const poison::Triggered<Set, OfFrames> frames{Set{data::Part::test}, {.operation = {9.0F}}};
  const poison::Triggered<Set, OfEvents> events{Set{data::Part::test}, {.operation = {9.0F}}};
  bool equal = true;
  for (const std::size_t index : {0U, 7U, 30U})
    equal = equal && read_sample(frames, index) == read_sample(events, index);
  return equal;
}

}  // namespace

TEST_CASE("Both forms of a block agree on moving digits by time, not by number", "[poison]") {
  CHECK(agree<ByTime>());
  CHECK(agree<ByTime, poison::Burst>());
  // What is inserted in one window moves the edges of all frames by number; as much in each window
  // hardly does.
  CHECK_FALSE(agree<ByNumber, poison::Burst>());
}

TEST_CASE("Frames of changed events have times of their own", "[poison]") {
  const ByNumber set{data::Part::test};
  const poison::Triggered<ByNumber, EventBlock> triggered{set, {.operation = {9.0F}}};
  bool moved = false;
  for (int frame = 0; frame < 5; ++frame) {
    const auto expected = set.frame_times(triggered.events(3))[static_cast<std::size_t>(frame)];
    CHECK(triggered.frame_time(3, frame) == expected);
    moved = moved || expected != set.frame_time(3, frame);
  }
  CHECK(moved);
}
