#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/event/frames.hpp>

using namespace snnbd;
using event::Event;

namespace {

constexpr event::Sensor small{4, 3};

std::vector<Event> some_events(std::size_t count, event::Sensor sensor, std::uint64_t seed) {
  random::Stream stream{seed, random::Purpose::synthetic};
  std::vector<Event> events;
  std::int64_t time = 5'000'000'000;  // beyond 32 bits
  for (std::size_t i = 0; i < count; ++i) {
    time += stream.below(50);
    events.push_back(
        {time, static_cast<std::uint16_t>(stream.below(static_cast<unsigned>(sensor.width))),
         static_cast<std::uint16_t>(stream.below(static_cast<unsigned>(sensor.height))),
         static_cast<std::uint8_t>(stream.below(2))});
  }
  return events;
}

double sum(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0);
}

std::size_t place(int frame, int y, int x, int on, event::Sensor sensor) {
  return static_cast<std::size_t>(((frame * sensor.height + y) * sensor.width + x) * 2 + on);
}

/// The rules as SpikingJelly states them, a frame at a time, without any search.
template <class Rule>
std::vector<float> reference(const std::vector<Event>& events, int frames, const Rule& frame_of) {
  std::vector<float> counts(static_cast<std::size_t>(frames) * 4 * 3 * 2);
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::int64_t frame = frame_of(i);
    if (frame >= 0 && frame < frames)
      counts[place(static_cast<int>(frame), events[i].y, events[i].x, events[i].on, small)] += 1;
  }
  return counts;
}

}  // namespace

TEST_CASE("Events are counted in frames as worked out by hand", "[event]") {
  // Time, column, row, ON.
  const std::vector<Event> events{
      {100, 0, 0, 1}, {110, 1, 0, 0}, {111, 1, 0, 0}, {150, 3, 2, 1}, {199, 0, 0, 1}};
  std::vector<float> out(2 * 4 * 3 * 2, -1.0F);

  SECTION("by number: two, and the rest") {
    const auto result =
        event::integrate(events, small, 2, event::ByNumber{}, event::Counts{}, event::Whole{}, out);
    std::vector<float> expected(out.size());
    expected[place(0, 0, 0, 1, small)] = 1;
    expected[place(0, 0, 1, 0, small)] = 1;
    expected[place(1, 0, 1, 0, small)] = 1;
    expected[place(1, 2, 3, 1, small)] = 1;
    expected[place(1, 0, 0, 1, small)] = 1;
    CHECK(out == expected);
    CHECK(result == event::Integration{.counted = 5});
  }
  SECTION("by time: 99 us are 49 and the rest") {
    event::integrate(events, small, 2, event::ByTime{}, event::Counts{}, event::Whole{}, out);
    std::vector<float> expected(out.size());
    expected[place(0, 0, 0, 1, small)] = 1;
    expected[place(0, 0, 1, 0, small)] = 2;
    expected[place(1, 2, 3, 1, small)] = 1;
    expected[place(1, 0, 0, 1, small)] = 1;
    CHECK(out == expected);
  }
  SECTION("by a duration: what comes later is left out and told") {
    const auto result = event::integrate(events, small, 2, event::ByDuration{.microseconds = 11},
                                         event::Counts{}, event::Whole{}, out);
    std::vector<float> expected(out.size());
    expected[place(0, 0, 0, 1, small)] = 1;
    expected[place(0, 0, 1, 0, small)] = 1;
    expected[place(1, 0, 1, 0, small)] = 1;
    CHECK(out == expected);
    CHECK(result == event::Integration{.counted = 3, .after = 2});
  }
}

TEST_CASE("Frames of events are those of the rules as SpikingJelly states them", "[event]") {
  for (const std::size_t count : {1U, 3U, 7U, 100U, 1001U})
    for (const int frames : {1, 2, 7, 10}) {
      const auto events = some_events(count, small, count);
      std::vector<float> out(static_cast<std::size_t>(frames) * 4 * 3 * 2);
      const auto n = static_cast<std::int64_t>(count);
      const std::int64_t begin = events.front().time;
      const auto last_takes_rest = [&](std::int64_t number, std::int64_t share) {
        return share == 0 ? frames - 1 : std::min<std::int64_t>(number / share, frames - 1);
      };
      event::integrate(events, small, frames, event::ByNumber{}, event::Counts{}, event::Whole{},
                       out);
      CHECK(out == reference(events, frames, [&](std::size_t i) {
              return last_takes_rest(static_cast<std::int64_t>(i), n / frames);
            }));
      CHECK(sum(out) == static_cast<double>(count));

      const std::int64_t share = (events.back().time - begin) / frames;
      event::integrate(events, small, frames, event::ByTime{}, event::Counts{}, event::Whole{},
                       out);
      CHECK(out == reference(events, frames, [&](std::size_t i) {
              return last_takes_rest(events[i].time - begin, share);
            }));
      CHECK(sum(out) == static_cast<double>(count));

      const auto result = event::integrate(events, small, frames, event::ByDuration{700},
                                           event::Counts{}, event::Whole{}, out);
      CHECK(out == reference(events, frames,
                             [&](std::size_t i) { return (events[i].time - begin) / 700; }));
      CHECK(sum(out) == static_cast<double>(result.counted));
      CHECK(result.counted + result.after == count);
    }
}

TEST_CASE("Bins follow each other and tell when they are", "[event]") {
  const auto events = some_events(101, small, 3);
  const std::int64_t whole = events.back().time - events.front().time;
  const auto check = [&](const auto& binning, std::int64_t end) {
    std::vector<event::Bin> bins(7);
    event::fill_bins(binning, events, bins);
    CHECK(bins.front().start == 0);
    CHECK(bins.front().first == 0);
    for (std::size_t i = 1; i < bins.size(); ++i) {
      CHECK(bins[i].start == bins[i - 1].finish);
      CHECK(bins[i].first == bins[i - 1].end);
    }
    CHECK(bins.back().finish == end);
    for (const event::Bin& bin : bins)
      for (std::size_t i = bin.first; i < bin.end; ++i)
        CHECK(events[i].time - events.front().time >= bin.start);
  };
  check(event::ByNumber{}, whole);
  check(event::ByTime{}, whole);
  check(event::ByDuration{200}, 1400);
}

TEST_CASE("Frames without events are zeros", "[event]") {
  std::vector<float> out(3 * 4 * 3 * 2, 5.0F);
  const auto check_sum = [&](const std::vector<Event>& events, const auto& binning) {
    event::integrate(events, small, 3, binning, event::Counts{}, event::Whole{}, out);
    return sum(out);
  };
  CHECK(check_sum({}, event::ByNumber{}) == 0);
  CHECK(check_sum({}, event::ByTime{}) == 0);
  CHECK(check_sum({}, event::ByDuration{}) == 0);
  // A gap in the middle, on which toolkits fail.
  CHECK(check_sum({{0, 0, 0, 1}, {300, 1, 1, 1}}, event::ByTime{}) == 2);
  CHECK(out[place(0, 0, 0, 1, small)] == 1);
  CHECK(out[place(2, 1, 1, 1, small)] == 1);
  // All at one time: the last frame takes all.
  CHECK(check_sum({{9, 0, 0, 1}, {9, 1, 1, 1}}, event::ByTime{}) == 2);
  CHECK(out[place(2, 0, 0, 1, small)] == 1);
}

TEST_CASE("Counts become values by their policy", "[event]") {
  std::vector<Event> events(3, Event{7, 2, 1, 0});
  events.push_back({8, 0, 0, 1});
  std::vector<float> out(4 * 3 * 2);
  const auto pair = [&](const auto& values) {
    event::integrate(events, small, 1, event::ByNumber{}, values, event::Whole{}, out);
    return std::pair{out[place(0, 1, 2, 0, small)], out[place(0, 0, 0, 1, small)]};
  };
  CHECK(pair(event::Counts{}) == std::pair{3.0F, 1.0F});
  CHECK(pair(event::Binary{}) == std::pair{1.0F, 1.0F});
  CHECK(pair(event::Clipped{.largest = 2}) == std::pair{2.0F, 1.0F});
  CHECK(pair(event::Log{}).first == Approx(std::log(4.0)));
  CHECK(pair(event::Log{}).second == Approx(std::log(2.0)));
  CHECK(pair(event::With<event::Clipped{.largest = 2}>{}) == std::pair{2.0F, 1.0F});
  CHECK(event::Log{}.value(event::largest_count) <= event::Log{}.high());
  CHECK_THROWS_WITH(pair(event::Clipped{.largest = 0}),
                    "largest of clipped counts: expected a number from 1 to 65535, found 0");
}

TEST_CASE("Counts that no two bytes hold are cut and told", "[event]") {
  const std::vector<Event> events(70'000, Event{7, 2, 1, 0});
  std::vector<float> out(4 * 3 * 2);
  const auto result =
      event::integrate(events, small, 1, event::ByNumber{}, event::Counts{}, event::Whole{}, out);
  CHECK(result == event::Integration{.counted = 65'535, .cut = 4'465});
  CHECK(out[place(0, 1, 2, 0, small)] == event::Counts{}.high());
}

TEST_CASE("Geometries move, leave out or sum up pixels", "[event]") {
  const event::Sensor sensor{6, 4};
  const auto events = some_events(500, sensor, 9);
  std::vector<float> whole(6 * 4 * 2);
  event::integrate(events, sensor, 1, event::ByNumber{}, event::Counts{}, event::Whole{}, whole);
  const auto frame_of = [&](const auto& geometry, event::Integration& result) {
    std::vector<float> out(static_cast<std::size_t>(event::frame_shape(geometry, sensor).size()));
    result = event::integrate(events, sensor, 1, event::ByNumber{}, event::Counts{}, geometry, out);
    return out;
  };
  event::Integration result;

  const auto cropped = frame_of(event::Crop{.left = 1, .top = 2, .width = 3, .height = 2}, result);
  for (int y = 0; y < 2; ++y)
    for (int x = 0; x < 3; ++x)
      for (int on = 0; on < 2; ++on)
        CHECK(cropped[place(0, y, x, on, {3, 2})] == whole[place(0, y + 2, x + 1, on, sensor)]);
  CHECK(sum(cropped) == static_cast<double>(result.counted));
  CHECK(result.counted + result.outside == 500);
  CHECK(result.outside > 0);

  const auto padded = frame_of(event::Pad{.left = 2, .top = 1, .right = 0, .bottom = 3}, result);
  CHECK(padded.size() == 8 * 8 * 2);
  CHECK(sum(padded) == 500);
  CHECK(padded[place(0, 1, 2, 0, {8, 8})] == whole[place(0, 0, 0, 0, sensor)]);

  const auto half = frame_of(event::Downsample{.width = 3, .height = 2}, result);
  CHECK(sum(half) == 500);
  for (int on = 0; on < 2; ++on)
    CHECK(half[place(0, 1, 2, on, {3, 2})] ==
          whole[place(0, 2, 4, on, sensor)] + whole[place(0, 2, 5, on, sensor)] +
              whole[place(0, 3, 4, on, sensor)] + whole[place(0, 3, 5, on, sensor)]);

  // floor(x * 4 / 6): 0, 0, 1, 2, 2, 3.
  const event::Downsample four{.width = 4, .height = 4};
  for (const auto& [from, to] : {std::pair{0, 0}, {1, 0}, {2, 1}, {3, 2}, {4, 2}, {5, 3}})
    CHECK(four.column(from, sensor) == to);
  STATIC_REQUIRE(event::Downsample{.width = 48, .height = 48}.column(127, {128, 128}) == 47);

  CHECK_THROWS_WITH(frame_of(event::Crop{.left = 5, .top = 0, .width = 2, .height = 1}, result),
                    "geometry of frames: expected one that fits a sensor of 6x4, found crop");
}

TEST_CASE("Unsorted events are sorted by time, and events of one time keep their order",
          "[event]") {
  const std::vector<Event> events{{30, 0, 0, 1}, {10, 1, 0, 1}, {20, 2, 0, 1}, {10, 3, 0, 0}};
  std::vector<Event> room;
  std::uint64_t unsorted = 0;
  const auto sorted = event::in_order(events, room, unsorted);
  CHECK(unsorted == 2);
  CHECK(std::vector<Event>(sorted.begin(), sorted.end()) ==
        std::vector<Event>{events[1], events[3], events[2], events[0]});
  std::vector<float> out(2 * 4 * 3 * 2);
  const auto result =
      event::integrate(events, small, 2, event::ByNumber{}, event::Counts{}, event::Whole{}, out);
  CHECK(result.unsorted == 2);
  CHECK(out[place(0, 0, 3, 0, small)] == 1);
  CHECK(out[place(1, 0, 0, 1, small)] == 1);
}

TEST_CASE("Integration refuses what cannot be", "[event]") {
  const std::vector<Event> events{{0, 0, 0, 1}, {std::int64_t{1} << 62, 0, 0, 1}};
  std::vector<float> out(4 * 3 * 2);
  const auto frames_of = [&](std::span<const Event> some, int frames, std::int64_t duration) {
    event::integrate(some, small, frames, event::ByDuration{duration}, event::Counts{},
                     event::Whole{}, out);
  };
  CHECK_THROWS_WITH(frames_of(events, 1, 10), Catch::Contains("time of an event"));
  const std::span<const Event> one{events.data(), 1};
  CHECK_THROWS_WITH(frames_of(one, 0, 10), "frames of a recording: expected at least 1, found 0");
  CHECK_THROWS_WITH(frames_of(one, 2, 10),
                    "room for frames of events: expected 48 values, found 24");
  CHECK_THROWS_WITH(frames_of(one, 1, 0), Catch::Contains("duration of a frame in microseconds"));
  // Beyond the sensor: told, not written.
  const Event far{0, 4, 0, 1};
  CHECK(event::integrate(std::span{&far, 1}, small, 1, event::ByTime{}, event::Counts{},
                         event::Whole{}, out) == event::Integration{.outside = 1});
}

namespace {

/// Policies of a user's that are wrong.
struct Backwards {
  static constexpr std::string_view name = "backwards";
  void bins(std::span<const Event> events, std::span<event::Bin> bins) const {
    bins[0] = {1, events.size() + 1, 0, 0};
  }
};
struct Beyond {
  static constexpr std::string_view name = "beyond";
  [[nodiscard]] event::Sensor size(event::Sensor sensor) const { return sensor; }
  [[nodiscard]] int column(int x, event::Sensor /*sensor*/) const { return x + 1; }
  [[nodiscard]] int row(int y, event::Sensor /*sensor*/) const { return y; }
};

}  // namespace

TEST_CASE("Policies that lead out of the frames or the events are refused", "[event]") {
  const std::vector<Event> events{{0, 0, 0, 1}, {1, 3, 0, 1}};
  std::vector<float> out(4 * 3 * 2);
  CHECK_THROWS_WITH(
      event::integrate(events, small, 1, Backwards{}, event::Counts{}, event::Whole{}, out),
      "binning of events backwards: expected bins that follow each other, of 2 "
      "events, found from 1 to 3");
  CHECK_THROWS_WITH(
      event::integrate(events, small, 1, event::ByTime{}, event::Counts{}, Beyond{}, out),
      "geometry of frames beyond: expected places within frames of its size, or -1, found others");
}
