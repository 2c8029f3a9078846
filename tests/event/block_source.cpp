#include <cstdint>
#include <random>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/event/block_source.hpp>

#include "event_bytes.hpp"

using namespace snnbd_tests;
namespace parts = snnbd::event::detail;
using snnbd::event::Findings;

namespace {

/// Gives events that it was given, some a time, and now and then none.
class Given final : public parts::BlockSource {
 public:
  Given(Events events, std::size_t most)
      : BlockSource{{}}, events_{std::move(events)}, most_{most} {}

 protected:
  std::size_t fill(std::span<Event> block) override {
    if (turn_++ % 3 == 0) return 0;
    std::size_t count = 0;
    for (; count < most_ && next_ < events_.size(); ++count) block[count] = events_[next_++];
    if (count == 0) finish();
    return count;
  }

 private:
  Events events_;
  std::size_t most_;
  std::size_t next_ = 0;
  int turn_ = 0;
};

}  // namespace

TEST_CASE("An event is two words", "[event]") {
  Event event;
  parts::put(&event, -7, parts::place_word(1, 2, 1));
  CHECK(event == Event{-7, 1, 2, 1});
  parts::put(&event, 9, parts::place_word(65'535, 65'534, 0));
  CHECK(event == Event{9, 65'535, 65'534, 0});
}

TEST_CASE("Events that go back or repeat are counted, also from block to block", "[event]") {
  std::minstd_rand engine{3};
  Events events;
  for (int i = 0; i < 300; ++i)
    events.push_back(
        {static_cast<std::int64_t>(engine() % 3), static_cast<std::uint16_t>(engine() % 2),
         static_cast<std::uint16_t>(engine() % 2), static_cast<std::uint8_t>(engine() % 2)});
  Findings expected{.events = 300};
  for (std::size_t i = 1; i < events.size(); ++i) {
    expected.backwards += events[i].time < events[i - 1].time ? 1U : 0U;
    expected.repeated += events[i] == events[i - 1] ? 1U : 0U;
  }
  REQUIRE(expected.backwards > 50);
  REQUIRE(expected.repeated > 5);
  for (const std::size_t most : {1U, 2U, 7U, 299U, 300U, 4096U}) {
    Given source{events, most};
    Events found;
    for (auto block = source.next(); !block.empty(); block = source.next())
      found.insert(found.end(), block.begin(), block.end());
    CHECK(found == events);
    CHECK(source.findings() == expected);
    CHECK(source.next().empty());
  }
}

TEST_CASE("Equal events are equal whatever lies between their members", "[event]") {
  Events events(2, Event{5, 6, 7, 1});
  reinterpret_cast<unsigned char*>(&events[1])[15] = 0xFF;
  Findings findings;
  parts::examine(std::span{events}.subspan(1), events.front(), findings);
  CHECK(findings.repeated == 1);
}

TEST_CASE("Time stamps are unwrapped at each overflow and back over it", "[event]") {
  parts::Unwrapped unwrapped;
  constexpr std::int64_t turn = std::int64_t{1} << 32U;
  CHECK(unwrapped(4'294'967'295U) == turn - 1);
  CHECK(unwrapped.overflows() == 0);
  CHECK(unwrapped(0) == turn);
  CHECK(unwrapped(4'294'967'295U) == turn - 1);
  CHECK(unwrapped(0) == turn);
  CHECK(unwrapped.overflows() == 1);
  CHECK(unwrapped(1U << 31U) == turn + (std::int64_t{1} << 31U));
  CHECK(unwrapped(0) == turn);
  CHECK(unwrapped((1U << 31U) + 1) == (std::int64_t{1} << 31U) + 1);
  CHECK(unwrapped(0) == turn);
  CHECK(unwrapped.overflows() == 1);
}

TEST_CASE("A sensor that is not known bounds nothing", "[event]") {
  const parts::Bounds open{snnbd::event::Sensor{}};
  CHECK(open.width == 65'536);
  CHECK(open.height == 65'536);
  const parts::Bounds small{snnbd::event::Sensor{34, 20}};
  CHECK(small.width == 34);
  CHECK(small.height == 20);
  CHECK(parts::chosen_sensor({}, {1, 2}) == snnbd::event::Sensor{1, 2});
  CHECK(parts::chosen_sensor({3, 4}, {1, 2}) == snnbd::event::Sensor{3, 4});
}
