#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/augment.hpp>

#include "../core/keep_threads.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using data::CropAndFlip;
using data::NoAugmentation;

namespace {

/// One of a user's own, without what is optional.
struct Brighter {
  static constexpr std::string_view name = "brighter";
  void apply(std::span<float> image, Shape /*shape*/, random::Stream& stream) const {
    const float more = stream.uniform();
    for (float& value : image) value = std::min(value + more, 1.0F);
  }
};

/// Images whose values are all different and none of them zero.
std::vector<float> counting(std::size_t values) {
  std::vector<float> images(values);
  for (std::size_t place = 0; place < values; ++place)
    images[place] = static_cast<float>(place + 1);
  return images;
}

std::vector<float> applied(const CropAndFlip& policy, std::vector<float> image, Shape shape,
                           std::uint64_t item) {
  random::Stream stream{5, random::Purpose::augment, item};
  policy.apply(image, shape, stream);
  return image;
}

/// The same from the definition: a larger image with a border of zeros, and a window of it.
std::vector<float> window(const CropAndFlip& policy, const std::vector<float>& image, Shape shape,
                          std::uint64_t item) {
  random::Stream stream{5, random::Purpose::augment, item};
  const auto places = static_cast<std::uint32_t>(2 * policy.padding + 1);
  const Index top = stream.below(places);
  const Index left = stream.below(places);
  const bool mirrored = static_cast<double>(stream.uniform()) < policy.flip;
  const Index wide = shape.width + 2 * policy.padding;
  const Index high = shape.height + 2 * policy.padding;
  std::vector<float> padded(static_cast<std::size_t>(wide * high * shape.channels));
  for (Index row = 0; row < shape.height; ++row)
    for (Index value = 0; value < shape.width * shape.channels; ++value)
      padded[static_cast<std::size_t>(
          ((row + policy.padding) * wide + policy.padding) * shape.channels + value)] =
          image[static_cast<std::size_t>(row * shape.width * shape.channels + value)];
  std::vector<float> result;
  for (Index row = 0; row < shape.height; ++row)
    for (Index column = 0; column < shape.width; ++column)
      for (Index channel = 0; channel < shape.channels; ++channel) {
        const Index from = left + (mirrored ? shape.width - 1 - column : column);
        result.push_back(padded[static_cast<std::size_t>(
            ((row + top) * wide + from) * shape.channels + channel)]);
      }
  return result;
}

template <class Policy>
std::vector<float> augmented(const Policy& policy, std::vector<float> images, Shape shape,
                             std::uint64_t seed, const std::vector<std::uint64_t>& ids) {
  data::augment(policy, images, shape, seed, ids);
  return images;
}

std::string refusal(const CropAndFlip& policy, Shape shape) {
  std::vector<float> image(static_cast<std::size_t>(shape.size()));
  random::Stream stream{1, random::Purpose::augment};
  CHECK_THROWS_AS(policy.apply(image, shape, stream), Error);
  try {
    policy.check(shape);
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

static_assert(data::Augmentation<NoAugmentation>);
static_assert(data::Augmentation<CropAndFlip>);
static_assert(data::Augmentation<Brighter>);
static_assert(!data::Augmentation<int>);

TEST_CASE("Crop and flip gives the window of the padded image that its definition gives",
          "[data][augment]") {
  const auto shape =
      GENERATE(Shape{32, 32, 3}, Shape{5, 7, 1}, Shape{7, 4, 3}, Shape{2, 9, 2}, Shape{1, 1, 3});
  const auto image = counting(static_cast<std::size_t>(shape.size()));
  for (int padding = 0; padding < std::min({shape.height, shape.width, 6}); ++padding)
    for (const double flip : {0.0, 0.5, 1.0}) {
      const CropAndFlip policy{padding, flip};
      for (std::uint64_t item = 0; item < 200; ++item)
        REQUIRE(applied(policy, image, shape, item) == window(policy, image, shape, item));
    }
}

TEST_CASE("Without padding and flips nothing changes, and a flip that is sure mirrors",
          "[data][augment]") {
  const Shape shape{2, 3, 2};
  const auto image = counting(12);
  CHECK(applied({0, 0.0}, image, shape, 3) == image);
  const auto mirrored = applied({0, 1.0}, image, shape, 3);
  CHECK(mirrored == std::vector<float>{5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8});
  CHECK(applied({0, 1.0}, mirrored, shape, 3) == image);
}

TEST_CASE("Every window is as likely as every other, mirrored or not", "[data][augment]") {
  const Shape shape{4, 4, 1};
  const auto image = counting(16);
  std::map<std::vector<float>, int> seen;
  constexpr int draws = 50000;
  for (std::uint64_t item = 0; item < draws; ++item) ++seen[applied({2, 0.5}, image, shape, item)];
  REQUIRE(seen.size() == 50);
  // Five deviations of a count of probability 1/50.
  const double expected = draws / 50.0;
  const double bound = 5.0 * std::sqrt(expected * (1.0 - 1.0 / 50.0));
  for (const auto& [result, count] : seen) CHECK(std::abs(count - expected) < bound);

  int mirrored = 0;
  for (std::uint64_t item = 0; item < draws; ++item)
    mirrored += applied({0, 0.2}, image, shape, item) != image ? 1 : 0;
  CHECK(std::abs(mirrored - 0.2 * draws) < 5.0 * std::sqrt(draws * 0.2 * 0.8));
}

TEST_CASE("What becomes of an image does not depend on its batch or the threads",
          "[data][augment]") {
  const Shape shape{8, 8, 3};
  constexpr std::size_t size = 8 * 8 * 3;
  std::vector<std::uint64_t> ids;
  for (std::uint64_t id = 0; id < 50; ++id) ids.push_back(7 + 3 * id);
  const auto images = counting(ids.size() * size);
  const snnbd_tests::KeepThreads keep_threads;
  set_thread_count(1);
  const auto expected = augmented(CropAndFlip{}, images, shape, 1, ids);
  for (const int threads : {2, 3}) {
    set_thread_count(threads);
    CHECK(augmented(CropAndFlip{}, images, shape, 1, ids) == expected);
  }
  CHECK(expected != images);
  for (std::size_t place = 0; place < ids.size(); ++place) {
    const auto begin = static_cast<std::ptrdiff_t>(place * size);
    const std::vector<float> alone(images.begin() + begin,
                                   images.begin() + begin + static_cast<std::ptrdiff_t>(size));
    const auto result = augmented(CropAndFlip{}, alone, shape, 1, {ids[place]});
    REQUIRE(std::equal(result.begin(), result.end(), expected.begin() + begin));
  }
}

TEST_CASE("Another seed and another id move an image otherwise", "[data][augment]") {
  const Shape shape{32, 32, 1};
  const auto image = counting(1024);
  std::map<std::vector<float>, int> seen;
  for (std::uint64_t seed = 0; seed < 10; ++seed)
    for (std::uint64_t id = 0; id < 10; ++id)
      ++seen[augmented(CropAndFlip{}, image, shape, seed, {id})];
  // 100 of 162 ways, drawn with repetition: 74.8 different ones on average, deviation 3.4.
  CHECK(seen.size() > 60);
}

TEST_CASE("No augmentation leaves every bit, and one of a user's own is called",
          "[data][augment]") {
  const Shape shape{2, 2, 1};
  std::vector<float> images(12, 0.25F);
  images[3] = -0.0F;
  images[5] = std::nanf("");
  auto same = images;
  data::augment(NoAugmentation{}, same, shape, 1, std::vector<std::uint64_t>{1, 2, 3});
  CHECK(std::equal(same.begin(), same.end(), images.begin(), [](float a, float b) {
    return a == b ? std::signbit(a) == std::signbit(b) : std::isnan(a) && std::isnan(b);
  }));
  const auto brighter = augmented(Brighter{}, std::vector<float>(8, 0.1F), shape, 1, {4, 5});
  for (std::size_t place = 0; place < 8; ++place) {
    random::Stream stream{1, random::Purpose::augment, 4 + place / 4};
    CHECK(brighter[place] == std::min(0.1F + stream.uniform(), 1.0F));
  }
}

TEST_CASE("Settings of crop and flip out of range are refused by name", "[data][augment]") {
  const Shape shape{6, 4, 3};
  CHECK_THAT(refusal({-1, 0.5}, shape), Contains("padding of a crop") && Contains("found -1"));
  CHECK_THAT(refusal({4, 0.5}, shape), Contains("to below 4") && Contains("found 4"));
  CHECK_THAT(refusal({2147483647, 0.5}, shape), Contains("padding of a crop"));
  for (const double flip : {-0.1, 1.1, std::nan("")})
    CHECK_THAT(refusal({1, flip}, shape), Contains("probability of a flip"));
  CHECK_NOTHROW(CropAndFlip{3, 1.0}.check(shape));
}

TEST_CASE("Images that do not fit their shape or ids are refused", "[data][augment]") {
  const Shape shape{4, 4, 1};
  std::vector<float> images(31);
  const std::vector<std::uint64_t> ids{1, 2};
  CHECK_THROWS_WITH(data::augment(CropAndFlip{1}, images, shape, 1, ids),
                    Contains("images to augment") && Contains("32 values"));
  CHECK_THROWS_AS(data::augment(NoAugmentation{}, images, shape, 1, ids), Error);
  random::Stream stream{1, random::Purpose::augment};
  CHECK_THROWS_AS(CropAndFlip{1}.apply(images, shape, stream), Error);
}

TEST_CASE("Augmentations say what they do, or their name", "[data][augment]") {
  CHECK(data::describe(CropAndFlip{.padding = 3, .flip = 0.25}) == "crop 3, flip 0.25");
  CHECK(data::describe(NoAugmentation{}) == "none");
  CHECK(data::describe(Brighter{}) == "brighter");
}

TEST_CASE("A flip mirrors half of the images and moves none", "[data]") {
  constexpr Shape shape{3, 4, 2};
  const std::vector<float> image = counting(24);
  int mirrored = 0;
  for (std::uint64_t item = 0; item < 400; ++item) {
    std::vector<float> varied = image;
    random::Stream stream{5, random::Purpose::augment, item};
    data::RandomFlip{}.apply(varied, shape, stream);
    if (varied == image) continue;
    ++mirrored;
    for (std::size_t row = 0; row < 3; ++row)
      for (std::size_t column = 0; column < 4; ++column)
        for (std::size_t channel = 0; channel < 2; ++channel)
          CHECK(varied[row * 8 + column * 2 + channel] ==
                image[row * 8 + (3 - column) * 2 + channel]);
  }
  CHECK(mirrored > 150);
  CHECK(mirrored < 250);
  CHECK(data::RandomFlip{}.describe() == "crop 0, flip 0.5");
  CHECK_THROWS_WITH(data::RandomFlip{1.5}.check(shape), Contains("probability of a flip"));
}
