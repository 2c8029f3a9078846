#include <cstddef>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/event_dataset.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/poison/triggered.hpp>

#include "event_set.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using event::Event;
using poison::Composed;
using poison::OnEvents;
using poison::OnFrames;
using poison::Polarity;
using poison::Window;
using snnbd_tests::read_sample;

namespace {

using ByTime = snnbd_tests::EventSet<true>;
using ByNumber = snnbd_tests::EventSet<false>;
static_assert(data::EventDataset<ByTime> && data::EventDataset<data::Subset<ByTime>>);

using EventBlock = poison::StaticBlock<Corner::top_left, OnEvents>;
using FrameBlock = poison::StaticBlock<>;
using Dirty = poison::Poisoned<data::Subset<ByTime>, EventBlock>;
static_assert(data::EventDataset<Dirty>);
static_assert(data::EventDataset<poison::Triggered<Dirty, EventBlock>>);
// Frames that carry a trigger have no events of their own.
static_assert(!data::EventDataset<poison::Poisoned<ByTime, FrameBlock>>);

/// Whether both forms of a trigger give the same frames of each sample.
template <class Set, class OfFrames, class OfEvents>
bool agree(const OfFrames& on_frames, const OfEvents& on_events) {
  const poison::Triggered<Set, OfFrames> frames{Set{}, on_frames};
  const poison::Triggered<Set, OfEvents> events{Set{}, on_events};
  bool equal = true;
  for (std::size_t index = 0; index < frames.size(); ++index)
    equal = equal && read_sample(frames, index) == read_sample(events, index) &&
            read_sample(frames, index) != read_sample(frames.clean(), index);
  return equal;
}

template <class Cover, class When, class Change, class Set = ByTime>
bool agree(const Cover& mask, const When& schedule, const Change& change, Polarity polarity) {
  return agree<Set>(Composed<Cover, When, Change, OnFrames>{mask, schedule, change, polarity},
                    Composed<Cover, When, Change, OnEvents>{mask, schedule, change, polarity});
}

}  // namespace

TEST_CASE("On events and on frames a trigger is the same after integration by time", "[poison]") {
  const poison::Block<> block{.size = 3};
  for (const Polarity polarity : {Polarity::none, Polarity::on, Polarity::off, Polarity::both})
    CHECK(agree(block, poison::Always{}, poison::SetTo{2.0F}, polarity));
  // The first and the last event are among those that it erases.
  CHECK(agree(poison::Block<Corner::bottom_right>{.size = 4}, poison::Always{}, poison::SetTo{},
              Polarity::none));
  CHECK(agree(block, poison::Moving<poison::Edge::wrap>{{2, 1}}, poison::SetTo{}, Polarity::on));
  CHECK(agree(poison::RandomBlock<poison::Draw::each_sample>{.size = 2},
              poison::Strobe{.start = 1, .gap = 1, .on = 1}, poison::SetTo{3.0F}, Polarity::off));
  CHECK(agree(poison::Border{}, poison::Always{}, poison::SetTo{}, Polarity::both));
  CHECK(agree(poison::WholeFrame{}, poison::Burst{.start = 1}, poison::SetTo{}, Polarity::on));
  CHECK(agree(block, poison::FixedFrames{{0, 3}}, poison::Add{2.0F}, Polarity::on));
  CHECK(agree(block, poison::Always{}, poison::Erase{}, Polarity::off));
  CHECK(agree(block, poison::Always{}, poison::Scale{3.0F}, Polarity::both));
  CHECK(agree(block, poison::Always{}, poison::Scale{0.0F}, Polarity::on));
}

TEST_CASE("After integration by number a trigger on events moves later frames", "[poison]") {
  const EventBlock on_events{.mask = {.size = 3}, .operation = {4.0F}};
  CHECK_FALSE(agree<ByNumber>(FrameBlock{.mask = {.size = 3}, .operation = {4.0F}}, on_events));
  // It is not the block alone that differs.
  const poison::Triggered<ByNumber, EventBlock> set{ByNumber{}, on_events};
  const auto stamped = read_sample(set, 1);
  const auto clean = read_sample(set.clean(), 1);
  bool elsewhere = false;
  for (std::size_t value = 0; value < clean.size(); ++value) {
    const std::size_t pixel = value / 2 % 56;
    elsewhere = elsewhere || ((pixel % 8 > 2 || pixel / 8 > 2) && stamped[value] != clean[value]);
  }
  CHECK(elsewhere);
}

TEST_CASE("A block on events erases and inserts one event a pixel and window", "[poison]") {
  // Four windows of 100 microseconds.
  std::vector<Event> events{
      {0, 5, 5, 1}, {50, 0, 0, 0}, {150, 0, 0, 1}, {160, 3, 3, 1}, {400, 5, 5, 0}};
  const auto context = poison::event_context(events, {8, 7}, 0, 4);
  EventBlock{.mask = {.size = 1}}.stamp(events, context);
  CHECK(events == std::vector<Event>{{0, 5, 5, 1},
                                     {50, 0, 0, 1},
                                     {150, 0, 0, 1},
                                     {160, 3, 3, 1},
                                     {250, 0, 0, 1},
                                     {350, 0, 0, 1},
                                     {400, 5, 5, 0}});
  Composed<poison::Block<>, poison::Always, poison::Add, OnEvents>{
      .mask = {.size = 1}, .operation = {2.0F}, .polarity = Polarity::off}
      .stamp(events, context);
  CHECK(events.size() == 15);
  CHECK(events[1] == Event{25, 0, 0, 0});
  CHECK(events[2] == Event{50, 0, 0, 1});
  CHECK(events[3] == Event{75, 0, 0, 0});
}

TEST_CASE("A recording that loses its ends lasts as long through new events", "[poison]") {
  std::vector<Event> events{{10, 0, 0, 0}, {100, 4, 4, 1}, {210, 0, 0, 1}};
  const auto context = poison::event_context(events, {8, 7}, 0, 2);
  EventBlock{.mask = {.size = 1}}.stamp(events, context);
  CHECK(events == std::vector<Event>{{10, 0, 0, 1}, {100, 4, 4, 1}, {210, 0, 0, 1}});
  // Without new events, others of the first and the last window hold the ends.
  std::vector<Event> erased{{10, 0, 0, 0}, {30, 4, 4, 1}, {190, 4, 4, 1}, {210, 0, 0, 1}};
  EventBlock{.mask = {.size = 1}, .polarity = Polarity::none}.stamp(erased, context);
  CHECK(erased == std::vector<Event>{{10, 4, 4, 1}, {210, 4, 4, 1}});
  // What lies in another window stays.
  std::vector<Event> few{{10, 0, 0, 0}, {150, 4, 4, 1}, {210, 4, 4, 1}};
  EventBlock{.mask = {.size = 1}, .polarity = Polarity::none}.stamp(few, context);
  CHECK(few == std::vector<Event>{{150, 4, 4, 1}, {210, 4, 4, 1}});
  // An empty one gets a millisecond a frame.
  std::vector<Event> none;
  EventBlock{.mask = {.size = 1}}.stamp(none, poison::event_context(none, {8, 7}, 0, 3));
  CHECK(none == std::vector<Event>{{0, 0, 0, 1}, {1500, 0, 0, 1}, {3000, 0, 0, 1}});
}

TEST_CASE("Windows are equal shares with the rest in the last, or of fixed duration", "[poison]") {
  const std::vector<Event> events{{20, 1, 1, 0}, {10, 1, 1, 0}, {33, 0, 0, 1}};
  const auto context = poison::event_context(events, {4, 4}, 5, 4);
  CHECK(context.first == 10);
  CHECK(context.last == 33);
  CHECK(context.window(0) == Window{10, 15});
  CHECK(context.window(3) == Window{25, 34});
  CHECK(context.frame_of(14) == 0);
  CHECK(context.frame_of(15) == 1);
  CHECK(context.frame_of(33) == 3);
  const auto fixed = poison::event_context(events, {4, 4}, 5, 2, 8);
  CHECK(fixed.window(1) == Window{18, 26});
  CHECK(fixed.frame_of(25) == 1);
  CHECK(fixed.frame_of(33) == 2);
  // Events after the last frame are left alone.
  auto late = events;
  Composed<poison::WholeFrame, poison::Always, poison::SetTo, OnEvents>{.polarity = Polarity::none}
      .stamp(late, fixed);
  CHECK(late == std::vector<Event>{{33, 0, 0, 1}});
}

TEST_CASE("Events outside of the sensor are left alone", "[poison]") {
  std::vector<Event> events{{0, 9, 1, 1}, {10, 2, 2, 1}, {20, 1, 8, 0}};
  Composed<poison::WholeFrame, poison::Always, poison::SetTo, OnEvents>{.polarity = Polarity::none}
      .stamp(events, poison::event_context(events, {4, 4}, 0, 2));
  CHECK(events == std::vector<Event>{{0, 9, 1, 1}, {20, 1, 8, 0}});
}

TEST_CASE("Contexts refuse what cannot be a recording", "[poison]") {
  const std::vector<Event> events{{20, 4, 1, 0}};
  CHECK_THROWS_WITH(poison::event_context(events, {}, 5, 4),
                    "sensor of events: expected its width and height, found 0x0");
  CHECK_THROWS_AS(poison::event_context(events, {5, 5}, 5, 0), Error);
  CHECK_THROWS_AS(poison::event_context(events, {5, 5}, 5, 1, -1), Error);
  auto changed = events;
  CHECK_THROWS_WITH((EventBlock{.mask = {.size = 1}, .operation = {70000.0F}}.stamp(
                        changed, poison::event_context(events, {5, 5}, 0, 1))),
                    Contains("expected a number of at most 65535"));
}

TEST_CASE("Poisoned sets stamp events before frames are made of them, also within each other",
          "[poison]") {
  const data::Subset<ByTime> some{ByTime{}, {1, 3, 5}};
  const EventBlock mark{.mask = {.size = 2}};
  const Dirty dirty{some, {.rate = 0.34, .seed = 3}, mark};
  REQUIRE(dirty.ledger().entries.size() == 1);
  CHECK(dirty.ledger().trigger == "ON, 2x2, top left, set to 1, on events");
  for (std::size_t index = 0; index < 3; ++index) {
    auto events = ByTime::events(2 * index + 1);
    if (dirty.is_poisoned(index))
      mark.stamp(events, poison::event_context(events, ByTime::sensor, index, 4));
    CHECK(dirty.events(index) == events);
    std::vector<float> values(ByTime::shape.size() * 4);
    dirty.integrate(events, values);
    CHECK(read_sample(dirty, index) == values);
  }
  using Corner = poison::StaticBlock<Corner::top_right, OnEvents>;
  const poison::Triggered<Dirty, Corner> twice{dirty, {.mask = {.size = 1}}};
  const std::size_t poisoned = dirty.ledger().entries[0].index;
  const auto values = read_sample(twice, poisoned);
  CHECK(values[1] == 1.0F);      // the block of the set below
  CHECK(values[7 * 2] == 0.0F);  // and this one
  CHECK(values[7 * 2 + 1] == 1.0F);
  CHECK_THROWS_AS((poison::Triggered<ByTime, EventBlock>{ByTime{}, {.mask = {.size = 8}}}), Error);
}
