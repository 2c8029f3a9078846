#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/encode/latency.hpp>

#include "trains.hpp"

using namespace snnbd;
using encode::Latency;

static_assert(encode::Encoder<Latency>);
static_assert(SpikeSignal<Latency::Signal<Shape{2, 3, 4}>>);

TEST_CASE("The brighter the earlier: linear times are exact", "[encode]") {
  const Latency encoder;
  // T = 9, so that eighths fall on steps.
  for (int eighth = 1; eighth <= 8; ++eighth)
    CHECK(encoder.spike_time(static_cast<float>(eighth) / 8.0F, 9) == 8 - eighth);
  // Halves go away from zero: 2.5 becomes 3.
  CHECK(encoder.spike_time(0.5F, 6) == 3);
  CHECK(encoder.spike_time(1.0F, 100) == 0);
  CHECK(encoder.spike_time(2.0F, 100) == 0);
  CHECK(encoder.spike_time(std::numeric_limits<float>::min(), 100) == 99);
  CHECK(encoder.spike_time(0.3F, 1) == 0);
}

TEST_CASE("Values at or below the threshold, and no numbers, never fire", "[encode]") {
  CHECK(Latency{}.spike_time(0.0F, 10) == -1);
  CHECK(Latency{}.spike_time(-1.0F, 10) == -1);
  CHECK(Latency{}.spike_time(std::numeric_limits<float>::quiet_NaN(), 10) == -1);
  CHECK(Latency{.threshold = 0.25F}.spike_time(0.25F, 10) == -1);
  CHECK(Latency{.threshold = 0.25F}.spike_time(0.26F, 10) == 7);
}

TEST_CASE("Logarithmic times are when a leaky integrator reaches the threshold", "[encode]") {
  const Latency encoder{.form = Latency::Form::logarithmic, .threshold = 0.2F, .tau = 20.0F};
  for (const float value : {0.25F, 0.3F, 0.5F, 0.8F, 1.0F}) {
    const Index time = encoder.spike_time(value, 1000);
    // The integrator v(t) = x (1 - exp(-t / tau)) crosses within half a step of that time.
    const auto potential = [&](double at) { return value * (1.0 - std::exp(-at / 20.0)); };
    CHECK(potential(static_cast<double>(time) - 0.5) <= 0.2F);
    CHECK(potential(static_cast<double>(time) + 0.5) >= 0.2F);
  }
  CHECK(encoder.spike_time(0.21F, 10) == 9);
}

TEST_CASE("Each unit fires once, at its time, or never", "[encode]") {
  const auto channels = GENERATE(1, 3, 64, 65);
  const Shape shape{3, 2, channels};
  const auto size = static_cast<std::size_t>(shape.size());
  std::vector<float> images(2 * size);
  for (std::size_t place = 0; place < images.size(); ++place)
    images[place] = static_cast<float>(place % 17) / 16.0F;
  const Latency encoder{.threshold = 0.1F};
  const auto trains = snnbd_tests::encode(encoder, images, shape, 7, {0, 1});
  for (std::size_t sample = 0; sample < 2; ++sample)
    for (std::size_t unit = 0; unit < size; ++unit) {
      const Index time = encoder.spike_time(images[sample * size + unit], 7);
      for (Index step = 0; step < 7; ++step)
        REQUIRE(trains.at(static_cast<Index>(sample), step, static_cast<Index>(unit)) ==
                (step == time ? 1 : 0));
    }
  CHECK(unused_bits_are_zero(trains));
}

TEST_CASE("Windows of a latency code fire where the whole sequence does", "[encode]") {
  std::vector<float> images(2 * 130);
  for (std::size_t place = 0; place < images.size(); ++place)
    images[place] = static_cast<float>(place % 17) / 16.0F;
  for (const auto form : {Latency::Form::linear, Latency::Form::logarithmic})
    for (const Index window : {1, 3, 7, 9})
      CHECK(snnbd_tests::same_in_windows(Latency{.form = form, .threshold = 0.1F, .tau = 3.0F},
                                         images, {1, 2, 65}, 7, {0, 1}, window));
}

TEST_CASE("Latency coding refuses settings out of range", "[encode]") {
  const std::vector<float> image(4);
  const auto refused = [&](const Latency& encoder, Index steps) {
    CHECK_THROWS_AS(snnbd_tests::encode(encoder, image, {2, 2, 1}, steps, {0}), Error);
  };
  const auto logarithmic = Latency::Form::logarithmic;
  refused({}, 0);
  refused({.threshold = -0.1F}, 4);
  refused({.threshold = 1.0F}, 4);
  refused({.threshold = std::numeric_limits<float>::quiet_NaN()}, 4);
  refused({.form = logarithmic}, 4);
  refused({.form = logarithmic, .threshold = 0.1F, .tau = 0.0F}, 4);
  refused({.form = logarithmic, .threshold = 0.1F, .tau = std::numeric_limits<float>::infinity()},
          4);
}
