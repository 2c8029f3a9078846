#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/poison/blended.hpp>
#include <snnbd/poison/sinusoid.hpp>
#include <snnbd/poison/trigger.hpp>

using namespace snnbd;
using poison::Blended;
using poison::NoisePattern;
using poison::PicturePattern;
using poison::Sinusoid;

static_assert(poison::SampleTrigger<Blended<>> && poison::SampleTrigger<Sinusoid>);

namespace {

template <class Mark>
std::vector<float> stamped(const Mark& mark, Shape shape, float value, data::Range range = {},
                           int frames = 1) {
  std::vector<float> values(static_cast<std::size_t>(frames * shape.size()), value);
  poison::stamp(mark, {values, shape, frames, {}, 0, range});
  return values;
}

constexpr data::Range unbounded{0.0F, std::numeric_limits<float>::max()};

}  // namespace

TEST_CASE("A picture is blended by its share, in each frame and each range", "[poison]") {
  const Blended<PicturePattern> half{.pattern = {{0.0F, 1.0F, 0.25F, 0.5F}}, .alpha = 0.25F};
  const Shape shape{1, 2, 2};
  CHECK(stamped(half, shape, 0.5F) == std::vector<float>{0.375F, 0.625F, 0.4375F, 0.5F});
  CHECK(stamped(half, shape, 2.0F, {0.0F, 8.0F}, 2) ==
        std::vector<float>{1.5F, 3.5F, 2.0F, 2.5F, 1.5F, 3.5F, 2.0F, 2.5F});
  // Of counts without bounds the trigger tells what white is.
  auto counts = half;
  counts.white = 4.0F;
  CHECK(stamped(counts, shape, 2.0F, unbounded) == std::vector<float>{1.5F, 2.5F, 1.75F, 2.0F});
  CHECK_THROWS_WITH(stamped(half, shape, 2.0F, unbounded),
                    "white of a trigger: expected a value, as the set's values have no bound, "
                    "found none");
  CHECK_THROWS_WITH(stamped(counts, shape, 0.5F),
                    "white of a trigger: expected a value above 0 up to 1, as the set has, found "
                    "4");
}

TEST_CASE("Noise follows its seed and is the same on every image", "[poison]") {
  const Shape shape{4, 5, 3};
  const Blended<> all{.alpha = 1.0F};
  const auto noise = stamped(all, shape, 0.3F);
  CHECK(noise == stamped(all, shape, 0.9F));
  CHECK(noise == NoisePattern{}.values(shape));
  CHECK(noise != stamped(Blended<>{.pattern = {.seed = 2}, .alpha = 1.0F}, shape, 0.3F));
  CHECK(std::ranges::all_of(noise, [](float value) { return value >= 0.0F && value < 1.0F; }));
  CHECK(stamped(Blended<>{.alpha = 0.0F}, shape, 0.3F) == std::vector<float>(60, 0.3F));
}

TEST_CASE("A sinusoid has the height and the waves of the paper", "[poison]") {
  const Shape shape{2, 24, 2};
  const auto values = stamped(Sinusoid{}, shape, 0.5F, {}, 2);
  for (std::size_t place = 0; place < values.size(); ++place) {
    const auto column = static_cast<double>(place / 2 % 24);
    const double wave = 20.0 / 255.0 * std::sin(2.0 * std::numbers::pi * 6.0 * column / 24.0);
    CHECK(values[place] == Approx(0.5 + wave).margin(1e-6));
  }
  // Cut off at both ends of the range.
  const auto black = stamped(Sinusoid{.delta = 0.5F, .frequency = 1.0F}, {1, 4, 1}, 0.0F);
  CHECK(black[1] == 0.5F);
  CHECK(black[3] == 0.0F);
  const auto white = stamped(Sinusoid{.delta = 0.5F, .frequency = 1.0F}, {1, 4, 1}, 1.0F);
  CHECK(white[1] == 1.0F);
  CHECK(white[3] == 0.5F);
  // A share of white, in counts.
  const auto counts = stamped(Sinusoid{.delta = 0.5F, .frequency = 1.0F, .white = 6.0F}, {1, 4, 1},
                              5.0F, unbounded);
  CHECK(counts[1] == 8.0F);
  CHECK(counts[3] == 2.0F);
}

TEST_CASE("Patterns over whole images refuse settings out of range", "[poison]") {
  const Shape shape{1, 2, 1};
  CHECK_THROWS_WITH(stamped(Blended<>{.alpha = 1.5F}, shape, 0.5F),
                    "alpha of a blended trigger: expected a number from 0 to 1, found 1.5");
  CHECK_THROWS_WITH(stamped(Blended<PicturePattern>{.pattern = {{0.5F}}}, shape, 0.5F),
                    "picture of a blended trigger: expected 2 values, those of a frame of 1x2x1, "
                    "found 1");
  CHECK_THROWS_WITH(stamped(Blended<PicturePattern>{.pattern = {{0.5F, 2.0F}}}, shape, 0.5F),
                    "value of a picture to blend: expected a number from 0 to 1, found 2");
  CHECK_THROWS_WITH(stamped(Sinusoid{.delta = -0.5F}, shape, 0.5F),
                    "delta of a sinusoid: expected a number from 0 to 1, found -0.5");
  CHECK_THROWS_WITH(stamped(Sinusoid{.frequency = 0.0F}, shape, 0.5F),
                    "frequency of a sinusoid: expected a number above 0, found 0");
}

TEST_CASE("Reports tell of patterns over whole images", "[poison]") {
  const Shape shape{1, 2, 1};
  CHECK(Blended<>{}.describe(shape) == "blended by 0.2 with noise, by seed 1");
  const Blended<PicturePattern> picture{.pattern = {{0.5F, 1.0F}}, .white = 5.0F};
  CHECK(picture.describe(shape).starts_with("blended by 0.2 with a picture, "));
  CHECK(picture.describe(shape).ends_with(", white of 5"));
  CHECK(picture.describe(shape) !=
        Blended<PicturePattern>{.pattern = {{1.0F, 0.5F}}, .white = 5.0F}.describe(shape));
  CHECK(Sinusoid{.delta = 0.5F}.describe(shape) == "sinusoid of 0.5, 6 waves");
}
