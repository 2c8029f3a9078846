#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/encode/encode.hpp>

#include "trains.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using encode::BinaryFrames;
using encode::FrameRule;
using encode::Frames;

namespace {

/// What `Standardized` looks at of a set.
struct Two {
  static constexpr Shape shape{2, 3, 2};
  static constexpr float mean[] = {0.5F, 0.25F};
  static constexpr float deviation[] = {0.25F, 2.0F};
};

std::vector<float> numbers(std::size_t count) {
  std::vector<float> values(count);
  std::iota(values.begin(), values.end(), 0.0F);
  return values;
}

}  // namespace

static_assert(encode::Encoder<Frames> && encode::Encoder<BinaryFrames>);
static_assert(RealSignal<Frames::Signal<Shape{2, 3, 4}>>);
static_assert(SpikeSignal<BinaryFrames::Signal<Shape{2, 3, 4}>>);
static_assert(encode::passes_frames<Frames> && encode::passes_frames<BinaryFrames>);
static_assert(encode::passes_frames<encode::Standardized<Two, Frames>>);
static_assert(!encode::passes_frames<encode::Standardized<Two>>);
static_assert(!encode::passes_frames<encode::Direct> && !encode::passes_frames<encode::Poisson> &&
              !encode::passes_frames<encode::Latency>);

TEMPLATE_TEST_CASE("Frames are the steps, in any window", "[encode]", float, double) {
  const Shape shape{2, 3, 2};
  const auto values = numbers(3 * 5 * 12);
  const std::vector<std::uint64_t> ids{4, 5, 6};
  const RealView<const float> samples{values.data(), {3, 5}, shape};
  for (const Index window : {1, 2, 5})
    for (Index first = 0; first < 5; first += window) {
      const Index steps = std::min(window, 5 - first);
      std::vector<TestType> out(static_cast<std::size_t>(3 * steps * 12), TestType{-1});
      const RealView<TestType> view{out.data(), {3, steps}, shape};
      Frames{}.encode(samples, ids, view, {first, 5});
      for (Index sample = 0; sample < 3; ++sample)
        for (Index step = 0; step < steps; ++step)
          for (Index i = 0; i < 12; ++i)
            CHECK(view.frame(sample, step)[i] ==
                  static_cast<TestType>((sample * 5 + first + step) * 12 + i));
    }
}

TEST_CASE("Binary frames are the spikes, in any window", "[encode]") {
  const auto channels = GENERATE(1, 3, 64, 65);
  const Shape shape{2, 2, channels};
  const auto size = static_cast<std::size_t>(shape.size());
  std::vector<float> values(2 * 4 * size);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = i * i % 7 < 3 ? 1.0F : 0.0F;
  const std::vector<std::uint64_t> ids{9, 2};
  const RealView<const float> samples{values.data(), {2, 4}, shape};
  for (const Index window : {1, 3, 4})
    for (Index first = 0; first < 4; first += window) {
      const Index steps = std::min(window, 4 - first);
      SpikeView<Word> view{nullptr, {2, steps}, shape};
      std::vector<Word> words(static_cast<std::size_t>(view.size()), ~Word{0});
      view.words = words.data();
      BinaryFrames{}.encode(samples, ids, view, {first, 4});
      for (Index sample = 0; sample < 2; ++sample)
        for (Index step = 0; step < steps; ++step)
          for (Index pixel = 0; pixel < 4; ++pixel)
            for (Index bit = 0; bit < view.pixel_words() * word_bits; ++bit) {
              const Word word =
                  view.frame(sample, step)[pixel * view.pixel_words() + bit / word_bits];
              const bool expected =
                  bit < channels &&
                  samples.frame(sample, first + step)[pixel * channels + bit] == 1.0F;
              REQUIRE((word >> (bit % word_bits) & 1U) == (expected ? 1U : 0U));
            }
    }
}

TEST_CASE("A value of binary frames that is no bit is named with its sample", "[encode]") {
  const Shape shape{1, 2, 1};
  const std::vector<std::uint64_t> ids{30, 31, 32};
  std::vector<Word> words(12);
  const auto encode = [&](std::vector<float> values) {
    BinaryFrames{}.encode({values.data(), {3, 2}, shape}, ids, {words.data(), {3, 2}, shape});
  };
  std::vector<float> values(12, 1.0F);
  CHECK_NOTHROW(encode(values));
  values[9] = 3.0F;
  values[7] = 2.0F;
  CHECK_THROWS_WITH(encode(values), Contains("binary frames, sample 31") && Contains("found 2"));
  values[7] = 0.5F;
  CHECK_THROWS_WITH(encode(values), Contains("0 or 1") && Contains("found 0.5"));
  values[7] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(encode(values), Contains("sample 31"));
}

TEST_CASE("Frames refuse other steps than there are frames", "[encode]") {
  const auto values = numbers(24);
  std::vector<float> out(48);
  const std::vector<std::uint64_t> ids{0, 1};
  const Shape shape{1, 3, 1};
  const auto encode = [&](Extent from, Extent to, const encode::Steps& steps) {
    Frames{}.encode(RealView<const float>{values.data(), from, shape}, ids,
                    RealView<float>{out.data(), to, shape}, steps);
  };
  CHECK_NOTHROW(encode({2, 4}, {2, 4}, {}));
  CHECK_NOTHROW(encode({2, 4}, {2, 2}, {2, 0}));
  CHECK_THROWS_WITH(encode({2, 4}, {2, 6}, {}),
                    Contains("timesteps: expected 4, the frames of a sample, found 6"));
  CHECK_THROWS_WITH(encode({2, 4}, {2, 2}, {}), Contains("found 2"));
  CHECK_THROWS_AS(encode({2, 4}, {2, 2}, {1, 2}), Error);
  CHECK_THROWS_AS(encode({2, 4}, {2, 2}, {-1, 4}), Error);
  CHECK_THROWS_AS(encode({1, 4}, {2, 4}, {}), Error);
}

TEST_CASE("Encoders of images refuse samples of several frames", "[encode]") {
  const auto values = numbers(24);
  std::vector<float> out(24);
  std::vector<Word> words(24);
  const std::vector<std::uint64_t> ids{0, 1};
  const Shape shape{1, 3, 2};
  const RealView<const float> samples{values.data(), {2, 2}, shape};
  const auto sentence = Contains("expected one frame; encode::Frames takes more, found 2");
  CHECK_THROWS_WITH(
      encode::Direct{}.encode(samples, ids, RealView<float>{out.data(), {2, 1}, shape}), sentence);
  CHECK_THROWS_WITH(
      encode::Standardized<Two>{}.encode(samples, ids, RealView<float>{out.data(), {2, 1}, shape}),
      sentence);
  CHECK_THROWS_WITH(encode::Poisson{}.encode(samples, ids, {words.data(), {2, 2}, shape}),
                    sentence);
  CHECK_THROWS_WITH(encode::Latency{}.encode(samples, ids, {words.data(), {2, 2}, shape}),
                    sentence);
}

TEST_CASE("Each frame of a sample is standardized", "[encode]") {
  const Shape shape{2, 3, 2};
  const auto values = numbers(36);
  const std::vector<std::uint64_t> ids{0};
  std::vector<float> out(36);
  encode::Standardized<Two, Frames>{}.encode(RealView<const float>{values.data(), {1, 3}, shape},
                                             ids, RealView<float>{out.data(), {1, 3}, shape});
  for (std::size_t i = 0; i < 36; i += 2) {
    CHECK(out[i] == (values[i] - 0.5F) / 0.25F);
    CHECK(out[i + 1] == (values[i + 1] - 0.25F) / 2.0F);
  }
}

TEST_CASE("The steps of a sequence come from the frames, if an encoder passes them on",
          "[encode]") {
  const auto frames = FrameRule::of<Frames>();
  CHECK(frames.steps("bars", 7, 4, false) == 7);
  CHECK(frames.steps("bars", 7, 7, true) == 7);
  CHECK(frames.steps("bars", 1, 4, false) == 1);
  CHECK_THROWS_WITH(frames.steps("bars", 7, 8, true),
                    Contains("timesteps: expected 7, the frames of a sample of bars, found 8"));
  const auto images = FrameRule::of<encode::Direct>();
  CHECK(images.steps("digits", 1, 4, false) == 4);
  CHECK(images.steps("digits", 1, 9, true) == 9);
  CHECK_THROWS_WITH(images.steps("bars", 7, 7, true),
                    Contains("samples of bars for the encoder direct") &&
                        Contains("expected images, which have one frame; encode::Frames takes "
                                 "more, found 7 frames"));
}
