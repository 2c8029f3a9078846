#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/metric/event_stealth.hpp>

namespace metric = snnbd::metric;
using Catch::Contains;
using snnbd::event::Event;
using snnbd::event::Sensor;
using Events = std::vector<Event>;

namespace {

constexpr Sensor sensor{4, 3};

/// Events of one pixel and polarity.
Events at(const std::vector<std::int64_t>& times) {
  Events events;
  for (const std::int64_t time : times) events.push_back({time, 1, 2, 1});
  return events;
}

/// Recordings that a test writes down.
template <int columns>
struct Written {
  static constexpr snnbd::Shape shape{3, columns, 2};
  static constexpr int frames = 1;
  static constexpr int classes = 2;
  static constexpr std::string_view name = "written";
  static constexpr Sensor sensor{columns, 3};
  std::vector<Events> all;

  [[nodiscard]] std::size_t size() const { return all.size(); }
  [[nodiscard]] static int label(std::size_t /*index*/) { return 0; }
  void read(std::size_t /*index*/, std::span<float> /*values*/) const {}
  [[nodiscard]] Events events(std::size_t index) const { return all[index]; }
  static void integrate(std::span<const Event> /*events*/, std::span<float> /*values*/) {}
};

struct Budgets {
  std::uint64_t moved = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t total = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
};

/// The best of all assignments.
Budgets tried(std::vector<std::int64_t> few, std::vector<std::int64_t> many) {
  if (few.size() > many.size()) std::swap(few, many);
  std::vector<std::size_t> order(many.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  Budgets best;
  do {
    Budgets one{0, 0, 0};
    for (std::size_t i = 0; i < few.size(); ++i) {
      const auto shift = static_cast<std::uint64_t>(std::abs(few[i] - many[order[i]]));
      one.moved += shift != 0 ? 1 : 0;
      one.total += shift;
      one.largest = std::max(one.largest, shift);
    }
    best = {std::min(best.moved, one.moved), std::min(best.total, one.total),
            std::min(best.largest, one.largest)};
  } while (std::ranges::next_permutation(order).found);
  return best;
}

}  // namespace

TEST_CASE("Events are kept, added and removed by pixel and polarity", "[metric]") {
  const Events clean{{10, 0, 0, 1}, {20, 1, 0, 1}, {30, 1, 0, 0}, {30, 1, 0, 0}, {40, 3, 2, 1}};
  const Events triggered{{40, 3, 2, 1}, {10, 0, 0, 0}, {30, 1, 0, 0}, {20, 1, 0, 1},
                         {50, 2, 1, 1}, {60, 2, 1, 1}, {60, 2, 1, 1}};
  const auto found = metric::event_stealth(clean, triggered, sensor);
  CHECK(found.clean == 5);
  CHECK(found.triggered == 7);
  CHECK(found.kept == 3);
  CHECK(found.removed == 2);  // ON at 0, 0, and one of two alike
  CHECK(found.added == 4);    // OFF at 0, 0, and three at 2, 1
  CHECK(found.moved == 0);
  CHECK(found.total_shift == 0);
  CHECK(found.largest_shift == 0);
  CHECK(found.changed_pixels == Approx(3.0 / 12));
  CHECK(found.mean_count_change == Approx(6.0 / 24));
  CHECK(found.largest_count_change == 3);
  CHECK(found.mean_rate_change == Approx(6.0 / 24 / 50e-6));
  CHECK(found.largest_rate_change == Approx(3.0 / 50e-6));
}

TEST_CASE("A recording that is equal or empty has nothing to tell", "[metric]") {
  const Events clean{{10, 0, 0, 1}, {-20, 1, 0, 1}};
  const Events shuffled{clean[1], clean[0]};
  const auto same = metric::event_stealth(clean, shuffled, sensor);
  CHECK(same.kept == 2);
  CHECK(same.added + same.removed + same.moved + same.total_shift + same.largest_shift == 0);
  CHECK(same.changed_pixels == 0.0);
  const auto none = metric::event_stealth({}, {}, sensor);
  CHECK(none.clean + none.triggered == 0);
  CHECK(none.mean_rate_change == 0.0);
  CHECK(metric::event_stealth({}, clean, sensor).added == 2);
  CHECK(metric::event_stealth(clean, {}, sensor).removed == 2);
}

TEST_CASE("A recording that is late as a whole is moved by as much", "[metric]") {
  Events clean;
  for (int i = 0; i < 12; ++i)
    clean.push_back({1000 * i, static_cast<std::uint16_t>(i % 4), static_cast<std::uint16_t>(i / 4),
                     static_cast<std::uint8_t>(i % 2)});
  Events late = clean;
  for (Event& one : late) one.time += 70;
  const auto found = metric::event_stealth(clean, late, sensor);
  CHECK(found.moved == 12);
  CHECK(found.largest_shift == 70);
  CHECK(found.total_shift == 12 * 70);
  CHECK(found.added + found.removed + found.kept == 0);
  CHECK(found.changed_pixels == 1.0);
  CHECK(found.mean_count_change == 0.0);
}

TEST_CASE("Each budget is the smallest of its own assignment", "[metric]") {
  // One event from 0 to 2, or two by 1 each.
  const auto found = metric::event_stealth(at({0, 1}), at({1, 2}), sensor);
  CHECK(found.moved == 1);
  CHECK(found.total_shift == 2);
  CHECK(found.largest_shift == 1);
}

TEST_CASE("Budgets are those of the best of all assignments", "[metric]") {
  snnbd::random::Stream stream{7, snnbd::random::Purpose::synthetic, 0};
  for (int turn = 0; turn < 400; ++turn) {
    const auto times = [&](unsigned most) {
      std::vector<std::int64_t> result(stream.below(most + 1));
      const unsigned range = turn % 2 == 0 ? 8 : 50;
      for (std::int64_t& time : result) time = 100 + static_cast<std::int64_t>(stream.below(range));
      return result;
    };
    const auto clean = times(6);
    const auto triggered = times(6);
    if (clean.empty() || triggered.empty()) continue;
    const Budgets expected = tried(clean, triggered);
    const auto found = metric::event_stealth(at(clean), at(triggered), sensor);
    INFO(Catch::Detail::stringify(clean) << " " << Catch::Detail::stringify(triggered));
    REQUIRE(found.moved == expected.moved);
    REQUIRE(found.total_shift == expected.total);
    REQUIRE(found.largest_shift == expected.largest);
    REQUIRE(found.kept + found.moved + found.added == triggered.size());
    REQUIRE(found.kept + found.moved + found.removed == clean.size());
  }
}

TEST_CASE("A pixel that fires without end is compared in a moment", "[metric]") {
  std::vector<std::int64_t> clean;
  std::vector<std::int64_t> triggered;
  for (std::int64_t i = 0; i < 20'000; ++i) {
    clean.push_back(10 * i);
    triggered.push_back(10 * i + 3);
    triggered.push_back(10 * i + 5);
  }
  const auto found = metric::event_stealth(at(clean), at(triggered), sensor);
  CHECK(found.moved == 20'000);
  CHECK(found.added == 20'000);
  CHECK(found.total_shift == 60'000);
  CHECK(found.largest_shift == 3);
}

TEST_CASE("Events that no recording of the sensor has are refused", "[metric]") {
  const Events inside{{0, 3, 2, 1}};
  CHECK_THROWS_WITH(metric::event_stealth(inside, Events{{0, 4, 2, 1}}, sensor),
                    Contains("column 4, row 2"));
  CHECK_THROWS_WITH(metric::event_stealth(Events{{0, 0, 3, 1}}, inside, sensor), Contains("row 3"));
  CHECK_THROWS_WITH(metric::event_stealth(Events{{0, 0, 0, 2}}, inside, sensor),
                    Contains("polarity 2"));
  CHECK_THROWS_WITH(metric::event_stealth(inside, inside, Sensor{}), Contains("sensor"));
  constexpr auto most = std::numeric_limits<std::int64_t>::max();
  CHECK_THROWS_WITH(metric::event_stealth(at({-most}), at({most}), sensor), Contains("span"));
  CHECK(metric::event_stealth(at({most}), at({most - 5}), sensor).total_shift == 5);
  const std::int64_t wide = std::int64_t{1} << 57U;
  CHECK(metric::event_stealth(at({0, wide}), at({wide, wide}), sensor).total_shift ==
        static_cast<std::uint64_t>(wide));
}

TEST_CASE("The stealth of several recordings is the mean, and the largest of all", "[metric]") {
  const Written<4> clean{{{{0, 0, 0, 1}, {100, 1, 0, 1}}, {}, {{0, 2, 2, 0}, {50, 2, 2, 0}}}};
  const Written<4> triggered{
      {{{0, 0, 0, 1}, {130, 1, 0, 1}, {200, 3, 0, 0}}, {{10, 0, 0, 0}}, {{50, 2, 2, 0}}}};
  const auto found = metric::event_stealth(clean, triggered);
  CHECK(found.clean == Approx(4.0 / 3));
  CHECK(found.triggered == Approx(5.0 / 3));
  CHECK(found.kept == Approx(2.0 / 3));
  CHECK(found.added == Approx(2.0 / 3));
  CHECK(found.removed == Approx(1.0 / 3));
  CHECK(found.moved == Approx(1.0 / 3));
  CHECK(found.total_shift == Approx(30.0 / 3));
  CHECK(found.largest_shift == 30.0);
  CHECK(found.changed_pixels == Approx((2.0 + 1.0 + 1.0) / 12 / 3));
  CHECK(found.mean_count_change == Approx((1.0 + 1.0 + 1.0) / 24 / 3));
  CHECK(found.largest_count_change == 1.0);
  // Over 200, no and 50 microseconds.
  CHECK(found.mean_rate_change == Approx((1.0 / 200e-6 + 1.0 / 50e-6) / 24 / 3));
  CHECK(found.largest_rate_change == Approx(1.0 / 50e-6));

  const std::vector<std::size_t> last{2};
  CHECK(metric::event_stealth(clean, triggered, last).removed == 1.0);
  CHECK(metric::event_stealth(clean, triggered, last).moved == 0.0);
}

TEST_CASE("Sets whose recordings cannot be compared are refused", "[metric]") {
  const Written<4> clean{{Events{}, Events{}}};
  const std::vector<std::size_t> second{1};
  CHECK_THROWS_WITH(metric::event_stealth(clean, Written<5>{{Events{}, Events{}}}),
                    Contains("sensor of the triggered set: expected 4x3"));
  CHECK_THROWS_WITH(metric::event_stealth(clean, Written<4>{{Events{}}}, second),
                    Contains("recording to compare: expected one of 1, found 1"));
  CHECK_THROWS_WITH(metric::event_stealth(clean, clean, std::span<const std::size_t>{}),
                    Contains("at least one"));
  const snnbd::data::Blobs<snnbd::Shape{3, 2, 2}, 4> images{2};
  CHECK_THROWS_WITH(metric::event_stealth(images, images),
                    Contains("blobs: expected a set whose samples have events"));
}
