#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/encode/poisson.hpp>

#include "../core/keep_threads.hpp"
#include "trains.hpp"

using namespace snnbd;
using encode::Poisson;
using snnbd_tests::Trains;

static_assert(encode::Encoder<Poisson>);
static_assert(SpikeSignal<Poisson::Signal<Shape{2, 3, 4}>>);

namespace {

/// Values that run through [0, 1], with both ends in them.
std::vector<float> ramp(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t place = 0; place < count; ++place)
    values[place] = static_cast<float>(place % 11) / 10.0F;
  return values;
}

}  // namespace

TEST_CASE("0 never fires and 1 always does", "[encode]") {
  const Shape shape{3, 3, 70};
  const auto blank = snnbd_tests::encode(Poisson{}, std::vector<float>(630, 0.0F), shape, 50, {3});
  const auto full = snnbd_tests::encode(Poisson{}, std::vector<float>(630, 1.0F), shape, 50, {3});
  for (Index unit = 0; unit < 630; ++unit) {
    REQUIRE(blank.count(0, unit) == 0);
    REQUIRE(full.count(0, unit) == 50);
  }
  CHECK(unused_bits_are_zero(full));
}

TEST_CASE("A unit fires when its own random number is below its value", "[encode]") {
  const auto channels = GENERATE(1, 3, 64, 65, 130);
  const Shape shape{2, 3, channels};
  const auto size = static_cast<std::size_t>(shape.size());
  const auto images = ramp(2 * size);
  const std::vector<std::uint64_t> ids{9, (std::uint64_t{1} << 48U) - 1};
  const auto trains = snnbd_tests::encode(Poisson{.seed = 6}, images, shape, 5, ids);
  for (std::size_t sample = 0; sample < 2; ++sample)
    for (std::uint16_t step = 0; step < 5; ++step) {
      random::Stream stream{6, random::Purpose::encode, ids[sample], step};
      for (std::size_t unit = 0; unit < size; ++unit) {
        const int expected = stream.uniform() < images[sample * size + unit] ? 1 : 0;
        REQUIRE(trains.at(static_cast<Index>(sample), step, static_cast<Index>(unit)) == expected);
      }
    }
  CHECK(unused_bits_are_zero(trains));
}

TEST_CASE("The rate of spikes is the value", "[encode]") {
  // 400 units x 100 steps: the deviation is at most 0.0025; the bound is five deviations.
  for (const float value : {0.02F, 0.1F, 0.5F, 0.9F}) {
    const auto trains = snnbd_tests::encode(Poisson{.seed = 2}, std::vector<float>(400, value),
                                            {20, 20, 1}, 100, {0});
    int spikes = 0;
    for (Index unit = 0; unit < 400; ++unit) spikes += trains.count(0, unit);
    const double deviation = std::sqrt(value * (1.0 - value) / 40000.0);
    CHECK(std::abs(spikes / 40000.0 - value) < 5.0 * deviation);
  }
}

TEST_CASE("The scale multiplies the value, and the product is clipped", "[encode]") {
  const Shape shape{4, 4, 3};
  const auto images = ramp(48);
  std::vector<float> halves = images;
  for (float& value : halves) value *= 0.5F;
  CHECK(snnbd_tests::encode(Poisson{.scale = 0.5F}, images, shape, 20, {1}).words ==
        snnbd_tests::encode(Poisson{}, halves, shape, 20, {1}).words);
  const auto loud = snnbd_tests::encode(Poisson{.scale = 100.0F}, images, shape, 20, {1});
  for (Index unit = 0; unit < 48; ++unit)
    CHECK(loud.count(0, unit) == (images[static_cast<std::size_t>(unit)] > 0.0F ? 20 : 0));
}

TEST_CASE("What is below 0 or no number never fires, what is above 1 always does", "[encode]") {
  const float infinity = std::numeric_limits<float>::infinity();
  const float nothing = std::numeric_limits<float>::quiet_NaN();
  const auto trains = snnbd_tests::encode(Poisson{}, {-0.5F, nothing, -infinity, 1.5F, infinity},
                                          {1, 5, 1}, 30, {0});
  for (const Index unit : {0, 1, 2}) CHECK(trains.count(0, unit) == 0);
  for (const Index unit : {3, 4}) CHECK(trains.count(0, unit) == 30);
}

TEST_CASE("A sample has the same spikes in any batch and with any number of threads", "[encode]") {
  const Shape shape{5, 5, 2};
  const auto images = ramp(5 * 50);
  const std::vector<std::uint64_t> ids{7, 1, 30, 2, 9};
  const snnbd_tests::KeepThreads keep_threads;
  set_thread_count(1);
  const auto together = snnbd_tests::encode(Poisson{.seed = 3}, images, shape, 8, ids);
  for (const int count : {2, 3}) {
    set_thread_count(count);
    CHECK(snnbd_tests::encode(Poisson{.seed = 3}, images, shape, 8, ids).words == together.words);
  }
  for (std::size_t sample = 0; sample < 5; ++sample) {
    const std::vector<float> image(images.begin() + static_cast<std::ptrdiff_t>(sample * 50),
                                   images.begin() + static_cast<std::ptrdiff_t>(sample * 50 + 50));
    const auto alone = snnbd_tests::encode(Poisson{.seed = 3}, image, shape, 8, {ids[sample]});
    const Word* begin = together.view.frame(static_cast<Index>(sample));
    CHECK(alone.words == std::vector<Word>(begin, begin + alone.view.size()));
  }
}

TEST_CASE("Windows of a Poisson sequence have the spikes of the whole", "[encode]") {
  const Shape shape{3, 3, 70};
  for (const Index window : {1, 3, 7, 9})
    CHECK(
        snnbd_tests::same_in_windows(Poisson{.seed = 5}, ramp(2 * 630), shape, 7, {4, 8}, window));
}

TEST_CASE("Other seeds, samples and steps have other spikes", "[encode]") {
  const std::vector<float> image(64, 0.5F);
  const auto words = [&](std::uint64_t seed, std::uint64_t id) {
    return snnbd_tests::encode(Poisson{.seed = seed}, image, {1, 1, 64}, 2, {id}).words;
  };
  const auto base = words(1, 1);
  CHECK(base[0] != base[1]);
  CHECK(base != words(2, 1));
  CHECK(base != words(1, 2));
}

TEST_CASE("Poisson coding refuses what it cannot do", "[encode]") {
  const std::vector<float> image(4);
  const auto refused = [&](const Poisson& encoder, Index steps, std::uint64_t id) {
    CHECK_THROWS_AS(snnbd_tests::encode(encoder, image, {2, 2, 1}, steps, {id}), Error);
  };
  refused({}, 0, 0);
  refused({}, 65537, 0);
  refused({}, 1, std::uint64_t{1} << 48U);
  refused({.scale = -1.0F}, 1, 0);
  const auto part_refused = [&](Index steps, const encode::Steps& part) {
    CHECK_THROWS_AS(snnbd_tests::encode(Poisson{}, image, {2, 2, 1}, steps, {0}, part), Error);
  };
  part_refused(2, {-1, 4});
  part_refused(2, {3, 4});
  part_refused(1, {65536, 0});
  CHECK_NOTHROW(snnbd_tests::encode(Poisson{}, image, {2, 2, 1}, 1, {0}, {65535, 0}));
  refused({.scale = std::numeric_limits<float>::quiet_NaN()}, 1, 0);
  refused({.scale = std::numeric_limits<float>::infinity()}, 1, 0);
}
