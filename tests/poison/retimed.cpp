#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/raw_block.hpp>
#include <snnbd/poison/retimed.hpp>
#include <snnbd/poison/triggered.hpp>

#include "event_set.hpp"

using namespace snnbd;
using event::Event;
using poison::Polarity;

using Set = snnbd_tests::EventSet<true>;
using Jittered = poison::Retimed<>;
static_assert(poison::EventTrigger<Jittered> && poison::Trigger<poison::RawBlock<>>);
using Late = poison::Retimed<poison::Delay, poison::Block<>, poison::Burst>;

namespace {

template <class Mark>
std::vector<Event> stamped(const Mark& mark, std::size_t index = 0) {
  auto events = Set::events(index);
  mark.stamp(events, poison::event_context(events, Set::sensor, index, Set::frames));
  return events;
}

/// How the times of each pixel's events moved, if those of one pixel and kind kept their order.
struct Moves {
  std::int64_t largest = 0;
  std::int64_t total = 0;
  std::int64_t moved = 0;
};

Moves moves_of(std::vector<Event> before, std::vector<Event> after) {
  const auto order = [](const Event& left, const Event& right) {
    return std::tuple{left.x, left.y, left.on, left.time} <
           std::tuple{right.x, right.y, right.on, right.time};
  };
  std::ranges::sort(before, order);
  std::ranges::sort(after, order);
  REQUIRE(before.size() == after.size());
  Moves moves;
  for (std::size_t number = 0; number < before.size(); ++number) {
    REQUIRE(before[number].x == after[number].x);
    REQUIRE(before[number].y == after[number].y);
    REQUIRE(before[number].on == after[number].on);
    const std::int64_t distance = std::abs(after[number].time - before[number].time);
    moves.largest = std::max(moves.largest, distance);
    moves.total += distance;
    moves.moved += distance != 0 ? 1 : 0;
  }
  return moves;
}

bool in_order(const std::vector<Event>& events) {
  return std::ranges::is_sorted(events, {}, &Event::time);
}

}  // namespace

TEST_CASE("Retiming moves events in time alone and holds both ends", "[poison]") {
  const auto before = Set::events(1);
  const auto after = stamped(Jittered{.shift = {.spread = 500}}, 1);
  const Moves moves = moves_of(before, after);
  CHECK(moves.largest <= 500);
  CHECK(moves.moved > 300);
  CHECK(in_order(after));
  CHECK(after.front() == before.front());
  CHECK(after.back() == before.back());
  CHECK(after == stamped(Jittered{.shift = {.spread = 500}}, 1));
  CHECK(after != stamped(Jittered{.shift = {.spread = 500}, .seed = 2}, 1));
}

TEST_CASE("Budgets bound the largest shift, all shifts and the number of moves", "[poison]") {
  const auto before = Set::events(0);
  const auto moves = [&](const poison::Budget& budget) {
    return moves_of(before, stamped(Jittered{.shift = {.spread = 300}, .budget = budget}));
  };
  CHECK(moves({.largest = 20}).largest <= 20);
  CHECK(moves({.largest = 20}).moved > 200);
  const Moves total = moves({.total = 5000});
  CHECK(total.total <= 5000);
  CHECK(total.moved > 5);
  CHECK(total.moved < 100);
  const Moves few = moves({.moved = 7});
  CHECK(few.moved <= 7);
  CHECK(few.moved > 0);
}

TEST_CASE("A delay moves the events of a block, a polarity and some windows", "[poison]") {
  // Four windows of 100 microseconds.
  std::vector<Event> events{{0, 5, 5, 1},   {10, 0, 0, 1},  {20, 1, 0, 0},  {30, 4, 0, 1},
                            {120, 0, 0, 1}, {130, 1, 1, 1}, {210, 0, 0, 1}, {400, 5, 5, 1}};
  const Late late{.mask = {.size = 2},
                  .schedule = {.start = 0, .length = 2},
                  .shift = {.time = 300},
                  .polarity = Polarity::on};
  late.stamp(events, poison::event_context(events, {8, 8}, 0, 4));
  CHECK(events == std::vector<Event>{{0, 5, 5, 1},
                                     {20, 1, 0, 0},
                                     {30, 4, 0, 1},
                                     {210, 0, 0, 1},
                                     {310, 0, 0, 1},
                                     {400, 0, 0, 1},
                                     {400, 1, 1, 1},
                                     {400, 5, 5, 1}});
}

TEST_CASE("Dropping loses a share of the covered events and no others", "[poison]") {
  using Lossy = poison::Composed<poison::Block<Corner::center>, poison::Always, poison::Drop,
                                 poison::OnEvents>;
  const Lossy lossy{.mask = {.size = 4}, .operation = {.share = 0.5F}, .polarity = Polarity::on};
  const auto covered = [](const std::vector<Event>& events) {
    return std::ranges::count_if(events, [](const Event& one) {
      return one.on == 1 && one.x >= 2 && one.x < 6 && one.y >= 1 && one.y < 5;
    });
  };
  const auto before = Set::events(5);
  const auto after = stamped(lossy, 5);
  const auto lost = static_cast<std::ptrdiff_t>(before.size() - after.size());
  CHECK(lost == covered(before) - covered(after));
  CHECK(lost > covered(before) / 4);
  CHECK(lost < covered(before) * 3 / 4);
  CHECK(stamped(Lossy{.mask = {.size = 4}, .operation = {.share = 0.0F}}, 5) == before);
  CHECK(covered(stamped(
            Lossy{.mask = {.size = 4}, .operation = {.share = 1.0F}, .polarity = Polarity::both},
            5)) == 0);
  CHECK_THROWS_WITH(stamped(Lossy{.operation = {.share = 1.5F}}),
                    "share of dropped events: expected a number from 0 to 1, found 1.5");
  CHECK(lossy.describe({7, 8, 2}) == "ON, 4x4, center, 0.5 dropped, by seed 1, on events");
}

TEST_CASE("A raw block is a hundred ON events early in the recording", "[poison]") {
  std::vector<Event> events{{1000, 3, 3, 0}, {11000, 4, 4, 1}};
  poison::RawBlock<>{}.stamp(events, poison::event_context(events, {34, 34}, 0, 4));
  REQUIRE(events.size() == 102);
  CHECK(events[0] == Event{1000, 3, 3, 0});
  CHECK(events[1] == Event{1100, 0, 0, 1});
  CHECK(events[100] == Event{1100, 9, 9, 1});
  const auto corner = stamped(poison::RawBlock<Corner::bottom_right>{
      .size = 2, .time = 1.0, .number = 3, .polarity = Polarity::both});
  CHECK(corner.size() == Set::events(0).size() + 2 * 2 * 3 * 2);
  CHECK(corner.back() == Event{Set::events(0).back().time, 7, 6, 1});
  CHECK(poison::RawBlock<>{}.describe({34, 34, 2}) ==
        "raw block of ON events, 10x10, top left, 1 a pixel at 0.01 of the recording");
}

TEST_CASE("Triggers on single events refuse settings out of range", "[poison]") {
  const auto refused = [](const auto& mark, const std::string& sentence) {
    CHECK_THROWS_WITH(stamped(mark), sentence);
  };
  refused(poison::RawBlock<>{.size = 2, .time = -0.1},
          "time of a raw block: expected a number from 0 to 1, found -0.1");
  refused(poison::RawBlock<>{.size = 2, .number = 0},
          "events of a raw block at a pixel: expected a number from 1 to 65535, found 0");
  refused(poison::RawBlock<>{.size = 2, .polarity = Polarity::none},
          "polarity of a raw block: expected ON, OFF or both (1, 2 or 3), found 0, which inserts "
          "nothing");
  refused(Jittered{.shift = {.spread = 0}},
          "spread of a jitter: expected a number of microseconds from 1 to 1000000000, found 0");
  refused(Late{.shift = {.time = -5}},
          "time of a delay: expected a number of microseconds from 1 to 1000000000, found -5");
  refused(Jittered{.budget = {.largest = -1}},
          "largest shift of events: expected a number of at least 0, 0 for no bound, found -1");
  refused(Jittered{.budget = {.total = -1}},
          "total shift of events: expected a number of at least 0, 0 for no bound, found -1");
  refused(Jittered{.budget = {.moved = -1}},
          "number of moved events: expected a number of at least 0, 0 for no bound, found -1");
  CHECK_THROWS_AS(stamped(poison::RawBlock<>{}), Error);  // 10 pixels on a sensor of 8 x 7
}

TEST_CASE("Reports tell how events are retimed", "[poison]") {
  CHECK(Jittered{}.describe({7, 8, 2}) ==
        "ON and OFF, whole frame, jittered by at most 1000 us, by seed 1");
  CHECK(
      Late{.mask = {.size = 2}, .budget = {5, 6, 7}, .polarity = Polarity::on, .seed = 3}.describe(
          {7, 8, 2}) ==
      "ON, 2x2, top left, 1 frame from frame 0, delayed by 1000 us, each at most 5 us, together "
      "at most 6 us, at most 7 events, by seed 3");
}
