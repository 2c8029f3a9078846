#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/kind.hpp>
#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/event_frames.hpp>
#include <snnbd/data/moving_digits.hpp>
#include <snnbd/data/subset.hpp>

using namespace snnbd;
using event::Event;

namespace {

/// A few recordings from memory.
struct Handmade {
  static constexpr event::Sensor sensor{4, 3};
  static constexpr int classes = 2;
  static constexpr std::string_view name = "handmade";
  std::vector<std::vector<Event>> all;

  [[nodiscard]] std::size_t size() const { return all.size(); }
  [[nodiscard]] int label(std::size_t index) const { return static_cast<int>(index % 2); }
  [[nodiscard]] std::vector<Event> events(std::size_t index) const { return all.at(index); }
};
static_assert(data::Recordings<Handmade>);
static_assert(data::Recordings<data::MovingDigits>);

using ByTime = data::EventFrames<Handmade, 2, event::ByTime>;
static_assert(data::EventDataset<ByTime>);
static_assert(data::EventDataset<data::Subset<ByTime>>);
static_assert(!data::EventDataset<Handmade>);
static_assert(ByTime::shape == Shape{3, 4, 2});
static_assert(data::frames_of<ByTime>() == 2);

Handmade handmade() {
  return {{{{1000, 0, 0, 1}, {5000, 1, 0, 0}, {3000, 3, 2, 1}}, {}, {{7, 1, 1, 1}}}};
}

}  // namespace

TEST_CASE("Recordings become a data set of frames", "[data]") {
  const ByTime set{handmade()};
  std::vector<float> values(48, -1.0F);
  set.read(0, values);
  std::vector<float> expected(48);
  expected[1] = 1;                         // OFF, ON of (0, 0) in frame 0
  expected[24 + (2 * 4 + 3) * 2 + 1] = 1;  // (3, 2) at half the time is in frame 1
  expected[24 + 1 * 2] = 1;
  CHECK(values == expected);
  CHECK(set.frame_time(0, 0) == data::FrameTime{0.0, 2.0});
  CHECK(set.frame_time(0, 1) == data::FrameTime{2.0, 2.0});
  CHECK(data::frame_times(set, 0)[1] == data::FrameTime{2.0, 2.0});
  CHECK(set.events(0)[1] == Event{3000, 3, 2, 1});
  CHECK_THROWS_WITH(set.frame_time(0, 2), "handmade: number of a frame: expected 0 to 1, found 2");

  set.read(1, values);
  CHECK(values == std::vector<float>(48));
  const data::DatasetView view{set};
  CHECK(view.frames() == 2);
  CHECK(view.range() == data::Range{0.0F, 65535.0F});
  CHECK(view.frame_time(2, 1) == data::FrameTime{0.0, 0.0});
  std::vector<float> small(47);
  CHECK_THROWS_WITH(set.read(0, small), Catch::Contains("expected 48 values, found 47"));
}

TEST_CASE("Events that were changed become frames as those of the set", "[data]") {
  const ByTime set{handmade()};
  const data::Subset<ByTime> subset{set, {2, 0}};
  std::vector<float> own(48);
  std::vector<float> made(48);
  set.read(0, own);
  CHECK(subset.events(1) == set.events(0));
  subset.integrate(subset.events(1), made);
  CHECK(made == own);
  CHECK(subset.frame_times(subset.events(1)) == set.frame_times(0));
  CHECK(subset.frame_times(1) == set.frame_times(0));
  CHECK(subset.sensor == Handmade::sensor);

  std::vector<Event> events = set.events(0);
  events.push_back({3000, 0, 0, 0});
  set.integrate(events, made);
  CHECK(std::accumulate(made.begin(), made.end(), 0.0F) == 4.0F);
}

TEST_CASE("Policies with values of their own are in the type of a set", "[data]") {
  using Small =
      data::EventFrames<Handmade, 3, event::With<event::ByDuration{.microseconds = 1500}>,
                        event::Binary, event::With<event::Downsample{.width = 2, .height = 1}>>;
  static_assert(Small::shape == Shape{1, 2, 2});
  static_assert(Small::range == data::Range{0.0F, 1.0F});
  const Small set{handmade()};
  std::vector<float> values(12);
  set.read(0, values);
  CHECK(values == std::vector<float>{0, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0});
  CHECK(set.frame_time(0, 2) == data::FrameTime{3.0, 1.5});
  const std::string kind = kind_of<Small>();
  CHECK(kind.find("1500") != std::string::npos);
}
