#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/data/augment.hpp>
#include <snnbd/data/event_drop.hpp>
#include <snnbd/data/in_turn.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;
using data::CropAndFlip;
using data::EventDrop;
using data::InTurn;
using data::NoAugmentation;

namespace {

/// Adds its first random number to every value, and draws as many as it is told.
struct Lift {
  static constexpr std::string_view name = "lift";
  int draws = 1;
  void apply(std::span<float> image, Shape /*shape*/, random::Stream& stream) const {
    const float by = stream.uniform();
    for (int drawn = 1; drawn < draws; ++drawn) static_cast<void>(stream.uniform());
    for (float& value : image) value += by;
  }
};

/// Of a whole sample: the number of each frame times a random number.
struct Slope {
  static constexpr std::string_view name = "slope";
  void apply(std::span<float> sample, int frames, Shape shape, random::Stream& stream) const {
    const float by = stream.uniform();
    for (int frame = 0; frame < frames; ++frame)
      sample[static_cast<std::size_t>(frame) * static_cast<std::size_t>(shape.size())] +=
          by * static_cast<float>(frame);
  }
};

static_assert(data::ImageAugmentation<Lift> && !data::SampleAugmentation<Lift>);
static_assert(data::SampleAugmentation<Slope> && !data::ImageAugmentation<Slope>);
static_assert(data::Augmentation<InTurn<Lift, Slope>>);
static_assert(data::SampleAugmentation<InTurn<NoAugmentation, NoAugmentation>>);

constexpr Shape shape{6, 5, 2};
constexpr int frames = 4;

std::vector<float> counts() {
  std::vector<float> sample(3 * frames * 60);
  for (std::size_t i = 0; i < sample.size(); ++i) sample[i] = static_cast<float>(1 + i * i % 7);
  return sample;
}

template <class Policy>
std::vector<float> varied(const Policy& policy, std::vector<float> samples = counts()) {
  const std::vector<std::uint64_t> ids{4, 9, 12};
  data::augment(policy, samples, shape, 8, ids, frames);
  return samples;
}

/// The random number that an augmentation draws first at a step.
float first_number(std::uint64_t item, std::uint16_t step) {
  return random::Stream{8, random::Purpose::augment, item, step}.uniform();
}

}  // namespace

TEST_CASE("The first of two augmentations does what it does alone", "[data]") {
  const CropAndFlip crop{.padding = 2};
  CHECK(varied(InTurn<CropAndFlip, NoAugmentation>{.first = crop}) == varied(crop));
  CHECK(varied(InTurn<EventDrop, NoAugmentation>{}) == varied(EventDrop{}));
  CHECK(varied(InTurn<NoAugmentation, NoAugmentation>{}) == counts());
}

TEST_CASE("Two augmentations in turn have random numbers of their own", "[data]") {
  const std::vector<float> zeros(counts().size());
  for (const int draws : {1, 9}) {
    const InTurn<Lift, Lift> two{.first = {.draws = draws}, .second = {}};
    const auto result = varied(two, zeros);
    CHECK(result[0] == first_number(4, 0) + first_number(4, 1));
    CHECK(result[240] == first_number(9, 0) + first_number(9, 1));
    CHECK(std::count(result.begin(), result.begin() + 240, result[0]) == 240);
  }
}

TEST_CASE("Three augmentations in turn are the same however they are paired", "[data]") {
  const auto left = varied(InTurn<InTurn<Lift, EventDrop>, Lift>{});
  CHECK(varied(InTurn<Lift, InTurn<EventDrop, Lift>>{}) == left);
  const std::vector<float> zeros(counts().size());
  CHECK(varied(InTurn<Lift, InTurn<Lift, Lift>>{}, zeros)[0] ==
        (first_number(4, 0) + first_number(4, 1)) + first_number(4, 2));
}

TEST_CASE("An augmentation of whole samples knows which frame is which", "[data]") {
  const std::vector<float> zeros(counts().size());
  const auto result = varied(Slope{}, zeros);
  for (std::size_t frame = 0; frame < frames; ++frame)
    CHECK(result[frame * 60] == first_number(4, 0) * static_cast<float>(frame));
}

TEST_CASE("Augmentations in turn check both, describe both and have both in their key", "[data]") {
  const InTurn<CropAndFlip, EventDrop> two{.first = {.padding = 2}, .second = {.time = 0.5}};
  CHECK_NOTHROW(two.check(shape));
  CHECK_THROWS_WITH((InTurn<CropAndFlip, EventDrop>{.first = {.padding = 9}}.check(shape)),
                    Contains("padding of a crop"));
  CHECK_THROWS_WITH((InTurn<CropAndFlip, EventDrop>{.second = {.area = 1.5}}.check(shape)),
                    Contains("largest side of an area"));
  CHECK_NOTHROW((InTurn<Lift, Slope>{}.check(shape)));
  CHECK(data::describe(two) == "crop 2, flip 0.5; drop time 0.5, area 0.25, chance 0.9");
  const std::string key = Key{}.add("augmentation", two).text();
  CHECK_THAT(key, Contains("augmentation = snnbd::data::InTurn<"));
  CHECK_THAT(key, Contains("augmentation.first.padding = 2"));
  CHECK_THAT(key, Contains("augmentation.second.time = 0.5"));
}
