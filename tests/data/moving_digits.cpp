#include <algorithm>
#include <array>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/event_frames.hpp>
#include <snnbd/data/moving_digits.hpp>

using namespace snnbd;

TEST_CASE("Digits that move are recordings like those of N-MNIST", "[data]") {
  const data::MovingDigits set{data::Part::train};
  REQUIRE(set.size() > 1000);
  std::size_t all = 0;
  std::size_t outside = 0;
  std::array<std::size_t, 2> polarity{};
  std::array<std::size_t, 3> saccade{};
  constexpr std::size_t samples = 20;
  for (std::size_t index = 0; index < samples; ++index) {
    const auto events = set.events(index);
    CHECK(events == set.events(index));
    all += events.size();
    CHECK(std::ranges::is_sorted(events, {}, &event::Event::time));
    CHECK(events.back().time < 315'000);
    for (const event::Event& event : events) {
      outside += set.sensor.holds(event) ? 0U : 1U;
      ++polarity[event.on];
      ++saccade[static_cast<std::size_t>(event.time / 105'000)];
    }
  }
  CHECK(outside == 0);
  CHECK(all / samples > 2'500);
  CHECK(all / samples < 5'500);
  for (const std::size_t count : polarity) CHECK(count > all / 3);
  for (const std::size_t count : saccade) CHECK(count > all / 5);
}

TEST_CASE("The noise of moving digits follows from the seed", "[data]") {
  const data::Mnist digits{data::Part::test};
  const data::MovingDigits one{digits, 1};
  const data::MovingDigits two{digits, 2};
  CHECK(one.events(3) != two.events(3));
  CHECK(one.events(3) == data::MovingDigits{digits, 1}.events(3));
  using Quiet = data::DigitsSeenBy<event::Camera{.noise_millihertz = 0}>;
  CHECK(Quiet{digits, 1}.events(3) == Quiet{digits, 2}.events(3));
  CHECK_THROWS_WITH((data::DigitsSeenBy<event::Camera{.threshold_percent = 0}>{digits, 1}),
                    "event camera: threshold in percent: expected a number from 1 to 1000000, "
                    "found 0");
}
