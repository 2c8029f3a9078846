#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/event/camera.hpp>

using namespace snnbd;
using event::Event;

namespace {

const random::Stream noise{1, random::Purpose::synthetic};
constexpr event::Camera quiet{.threshold_percent = 25, .refractory = 0, .noise_millihertz = 0};
constexpr std::int32_t threshold = event::log_unit / 4;

}  // namespace

TEST_CASE("A pixel fires each time that the light moves by the threshold", "[event]") {
  event::Renderer renderer{quiet, {2, 1}, noise};
  const std::vector<std::int32_t> dark{0, 0};
  const std::vector<std::int32_t> bright{3 * threshold + 10, -threshold};
  renderer.begin(1'000, dark);
  std::vector<Event> events;
  renderer.move_to(2'000, bright, events);
  // The first pixel passes its levels at 1024, 2048 and 3072 of 3082; the other ends at its level.
  CHECK(events ==
        std::vector<Event>{{1'332, 0, 0, 1}, {1'664, 0, 0, 1}, {1'996, 0, 0, 1}, {1'999, 1, 0, 0}});
  // It remembers the level, not the light.
  events.clear();
  renderer.move_to(3'000, std::vector<std::int32_t>{4 * threshold - 1, -threshold}, events);
  CHECK(events.empty());
  renderer.move_to(4'000, std::vector<std::int32_t>{4 * threshold, -threshold}, events);
  CHECK(events.size() == 1);
}

TEST_CASE("A pixel that has fired is blind for the refractory time", "[event]") {
  event::Camera camera = quiet;
  camera.refractory = 400;
  event::Renderer renderer{camera, {1, 1}, noise};
  renderer.begin(0, std::vector<std::int32_t>{0});
  std::vector<Event> events;
  renderer.move_to(1'000, std::vector<std::int32_t>{4 * threshold}, events);
  CHECK(events == std::vector<Event>{{250, 0, 0, 1}, {750, 0, 0, 1}});
}

TEST_CASE("Noise comes at its rate, in both polarities", "[event]") {
  event::Camera camera = quiet;
  camera.noise_millihertz = 20'000;
  event::Renderer renderer{camera, {16, 8}, noise};
  const std::vector<std::int32_t> still(128);
  renderer.begin(0, still);
  std::vector<Event> events;
  for (int second = 1; second <= 4; ++second) renderer.move_to(second * 1'000'000, still, events);
  const double expected = 20.0 * 128 * 4;  // its deviation is 101
  CHECK(static_cast<double>(events.size()) == Approx(expected).margin(400));
  std::size_t on = 0;
  for (const Event& event : events) on += event.on;
  CHECK(static_cast<double>(on) == Approx(expected / 2).margin(300));
  for (std::size_t i = 1; i < events.size(); ++i) REQUIRE(events[i - 1].time <= events[i].time);
}

TEST_CASE("A camera refuses images and times that do not fit", "[event]") {
  event::Renderer renderer{quiet, {2, 1}, noise};
  const std::vector<std::int32_t> one(1);
  CHECK_THROWS_WITH(renderer.begin(0, one),
                    "image for an event camera: expected 2 values, found 1");
  const std::vector<std::int32_t> two(2);
  renderer.begin(5, two);
  std::vector<Event> events;
  CHECK_THROWS_WITH(renderer.move_to(5, two, events),
                    "time of an image for an event camera: expected one after 5, found 5");
  CHECK_THROWS_WITH((event::Renderer{quiet, {0, 0}, noise}),
                    "sensor of an event camera: expected 1 to 65535 columns and rows, found 0x0");
}
