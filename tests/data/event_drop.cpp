#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/augment.hpp>
#include <snnbd/data/event_drop.hpp>

#include "../core/keep_threads.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using data::EventDrop;

namespace {

constexpr Shape shape{10, 20, 2};
constexpr int frames = 10;
constexpr std::size_t frame_size = 400;

std::vector<float> dropped(const EventDrop& policy, std::vector<float> sample, std::uint64_t item,
                           int of = frames, Shape pixels = shape) {
  random::Stream stream{3, random::Purpose::augment, item};
  policy.apply(sample, of, pixels, stream);
  return sample;
}

/// A sample in which every pixel has some events, from 1 to 5.
std::vector<float> counts() {
  std::vector<float> sample(frames * frame_size);
  for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = static_cast<float>(1 + i % 5);
  return sample;
}

/// Where something was dropped: frames, rows and columns, all of them from first to last.
struct Hole {
  std::set<std::size_t> frames, rows, columns;
  std::size_t values = 0;
  bool whole = true;  ///< nothing of what was touched is left
};

Hole hole_of(const std::vector<float>& before, const std::vector<float>& after) {
  Hole hole;
  std::array<bool, 10> frame{};
  std::array<bool, 10> row{};
  std::array<bool, 20> column{};
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (after[i] == before[i]) continue;
    frame[i / frame_size] = true;
    row[i % frame_size / 40] = true;
    column[i % 40 / 2] = true;
    hole.whole = hole.whole && after[i] == 0.0F;
    ++hole.values;
  }
  const auto numbers = [](const auto& touched, std::set<std::size_t>& result) {
    for (std::size_t i = 0; i < touched.size(); ++i)
      if (touched[i]) result.insert(i);
  };
  numbers(frame, hole.frames);
  numbers(row, hole.rows);
  numbers(column, hole.columns);
  return hole;
}

bool successive(const std::set<std::size_t>& numbers) {
  return numbers.empty() || *numbers.rbegin() - *numbers.begin() + 1 == numbers.size();
}

}  // namespace

TEST_CASE("Events are dropped by time, by area, by chance or not at all, each as often", "[data]") {
  const std::vector<float> sample = counts();
  constexpr int draws = 2000;
  std::array<int, 4> ways{};
  std::map<std::size_t, int> frames_dropped;
  std::set<std::tuple<std::size_t, std::size_t>> areas;
  std::set<std::size_t> first_frames;
  std::map<int, int> chances;
  double events = 0.0;
  for (const float value : sample) events += static_cast<double>(value);

  for (std::uint64_t item = 0; item < draws; ++item) {
    const std::vector<float> left = dropped({}, sample, item);
    const Hole hole = hole_of(sample, left);
    if (hole.values == 0) {
      ++ways[0];
    } else if (hole.whole && hole.rows.size() == 10 && hole.columns.size() == 20) {
      ++ways[1];
      REQUIRE(successive(hole.frames));
      REQUIRE(hole.values == hole.frames.size() * frame_size);
      ++frames_dropped[hole.frames.size()];
      if (hole.frames.size() == 1) first_frames.insert(*hole.frames.begin());
    } else if (hole.whole && hole.frames.size() == frames && hole.rows.size() <= 2) {
      ++ways[2];
      REQUIRE(successive(hole.rows));
      REQUIRE(successive(hole.columns));
      REQUIRE(hole.values == frames * hole.rows.size() * hole.columns.size() * 2);
      areas.emplace(hole.rows.size(), hole.columns.size());
    } else {
      ++ways[3];
      double kept = 0.0;
      bool counted = true;
      for (std::size_t i = 0; i < sample.size(); ++i) {
        counted =
            counted && left[i] >= 0.0F && left[i] <= sample[i] && left[i] == std::floor(left[i]);
        kept += static_cast<double>(left[i]);
      }
      REQUIRE(counted);
      // Each event by itself: five deviations of the binomial distribution.
      const double share = 1.0 - kept / events;
      const double nearest = std::round(share * 10.0) / 10.0;
      REQUIRE(std::abs(share - nearest) < 5.0 * std::sqrt(nearest * (1.0 - nearest) / events));
      ++chances[static_cast<int>(std::round(share * 10.0))];
    }
  }

  // An area of 0.05 has no row of 10: nothing is dropped then, in a fifth of a quarter of all.
  const auto as_often = [&](double count, double probability) {
    return std::abs(count - draws * probability) <
           5.0 * std::sqrt(draws * probability * (1.0 - probability));
  };
  CHECK(as_often(ways[0], 0.25 + 0.05));
  CHECK(as_often(ways[1], 0.25));
  CHECK(as_often(ways[2], 0.25 - 0.05));
  CHECK(as_often(ways[3], 0.25));
  REQUIRE(frames_dropped.size() == 9);
  for (const auto& [number, count] : frames_dropped) CHECK(as_often(count, 0.25 / 9));
  CHECK(first_frames.size() == 10);
  // Shares of 0.1, 0.15, 0.2 and 0.25 of 10 rows and 20 columns.
  CHECK(areas == std::set<std::tuple<std::size_t, std::size_t>>{{1, 2}, {1, 3}, {2, 4}, {2, 5}});
  REQUIRE(chances.size() == 9);
  CHECK(chances.begin()->first == 1);
  CHECK(chances.rbegin()->first == 9);
  for (const auto& [tenths, count] : chances) CHECK(as_often(count, 0.25 / 9));
}

TEST_CASE("The count of what is left of a pixel is binomial", "[data]") {
  // By chance alone, always with probability 0.3 or less: of the nine, those with 0.3.
  constexpr Shape wide{100, 100, 1};
  const std::vector<float> sample(10'000, 4.0F);
  int seen = 0;
  for (std::uint64_t item = 0; item < 100; ++item) {
    const auto left = dropped({.time = 0.0, .area = 0.0, .chance = 0.9}, sample, item, 1, wide);
    std::array<double, 5> found{};
    for (const float value : left) found.at(static_cast<std::size_t>(value)) += 1.0;
    const double kept = found[1] + 2 * found[2] + 3 * found[3] + 4 * found[4];
    if (std::abs(kept / 40'000 - 0.7) > 0.02) continue;
    ++seen;
    // C(4, k) 0.7^k 0.3^(4 - k)
    const std::array<double, 5> expected{0.0081, 0.0756, 0.2646, 0.4116, 0.2401};
    for (std::size_t k = 0; k < 5; ++k)
      CHECK(std::abs(found[k] - 10'000 * expected[k]) <
            5.0 * std::sqrt(10'000 * expected[k] * (1.0 - expected[k])));
  }
  CHECK(seen > 0);
}

TEST_CASE("Values that are no counts are kept or dropped as a whole", "[data]") {
  std::vector<float> sample;
  const std::array<float, 5> some{0.69F, -2.0F, 1e6F, 0.0F, 2.5F};
  for (std::size_t i = 0; i < frames * frame_size; ++i) sample.push_back(some[i % 5]);
  sample[7] = std::numeric_limits<float>::infinity();
  for (std::uint64_t item = 0; item < 40; ++item) {
    const auto left = dropped({}, sample, item);
    bool whole = true;
    for (std::size_t i = 0; i < sample.size(); ++i)
      whole = whole && (left[i] == sample[i] || left[i] == 0.0F);
    CHECK(whole);
  }
}

TEST_CASE("Dropping events of one frame leaves it by time, and shares of nothing drop nothing",
          "[data]") {
  const std::vector<float> image(frame_size, 3.0F);
  const std::vector<float> sample = counts();
  for (std::uint64_t item = 0; item < 50; ++item) {
    CHECK(dropped({.area = 0.0, .chance = 0.0}, image, item, 1) == image);
    CHECK(dropped({.time = 0.0, .area = 0.0, .chance = 0.0}, sample, item) == sample);
  }
}

TEST_CASE("What is dropped does not depend on the batch or the threads", "[data]") {
  std::vector<std::uint64_t> ids;
  std::vector<float> samples;
  for (std::uint64_t id = 0; id < 40; ++id) {
    ids.push_back(11 + 5 * id);
    const std::vector<float> sample = counts();
    samples.insert(samples.end(), sample.begin(), sample.end());
  }
  const auto varied = [&] {
    std::vector<float> result = samples;
    data::augment(EventDrop{}, result, shape, 3, ids, frames);
    return result;
  };
  const snnbd_tests::KeepThreads keep_threads;
  set_thread_count(1);
  const std::vector<float> expected = varied();
  for (const int threads : {2, 3}) {
    set_thread_count(threads);
    CHECK(varied() == expected);
  }
  for (std::size_t place = 0; place < ids.size(); ++place) {
    const std::vector<float> alone = dropped({}, counts(), ids[place]);
    REQUIRE(std::equal(alone.begin(), alone.end(),
                       expected.begin() + static_cast<std::ptrdiff_t>(place * alone.size())));
  }
}

TEST_CASE("Settings of dropped events out of range are refused by name", "[data]") {
  const auto refusal = [](const EventDrop& policy) -> std::string {
    try {
      policy.check(shape);
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  };
  CHECK(refusal({}).empty());
  for (const double share : {-0.1, 1.0, std::nan("")}) {
    CHECK_THAT(refusal({.time = share}), Contains("largest share of frames to drop"));
    CHECK_THAT(refusal({.area = share}), Contains("largest side of an area to drop"));
    CHECK_THAT(refusal({.chance = share}), Contains("largest probability of a dropped event"));
  }
  CHECK_THROWS_AS(dropped({.time = 2.0}, counts(), 0), Error);
  CHECK_THROWS_AS(dropped({}, counts(), 0, frames - 1), Error);
  CHECK(data::describe(EventDrop{.time = 0.5}) == "drop time 0.5, area 0.25, chance 0.9");
}
