#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/batches.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/poison/triggered.hpp>

#include "../core/keep_threads.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using data::Batches;

namespace {

std::vector<std::size_t> order_of(const Batches& batches) {
  return {batches.order().begin(), batches.order().end()};
}

/// A thousand grey images, some of which have one odd value.
struct Odd {
  static constexpr Shape shape{9, 8, 3};
  static constexpr int classes = 10;
  static constexpr std::string_view name = "odd";

  float value = 0.0F;
  std::vector<std::size_t> samples;
  std::size_t place = 0;

  [[nodiscard]] std::size_t size() const { return 1000; }
  [[nodiscard]] int label(std::size_t index) const { return static_cast<int>(index % 10); }
  void read(std::size_t index, std::span<float> image) const {
    std::fill(image.begin(), image.end(), 0.5F);
    if (std::find(samples.begin(), samples.end(), index) != samples.end()) image[place] = value;
  }
};

/// The same with values from -1 to 2.
struct Wide : Odd {
  static constexpr data::Range range{-1.0F, 2.0F};
};

/// What filling with all samples of a set says.
std::string refusal(data::DatasetView set) {
  const Batches batches{set.size(), {.batch_size = set.size(), .shuffle = false}};
  std::vector<float> values(set.size() * static_cast<std::size_t>(set.shape().size()));
  std::vector<int> labels(set.size());
  try {
    data::fill(set, batches[0], values, labels);
  } catch (const Error& error) {
    return error.what();
  }
  return "nothing";
}

/// Adds to all pixels, without a look at what comes of it.
struct Glare {
  static constexpr std::string_view name = "glare";
  float by = 0.75F;
  void stamp(std::span<float> image, Shape /*shape*/, std::size_t /*sample*/) const {
    for (float& value : image) value += by;
  }
};

}  // namespace

TEST_CASE("An epoch's batches hold each sample once", "[data][batches]") {
  for (const bool shuffle : {false, true}) {
    const Batches batches{103, {.batch_size = 10, .seed = 4, .shuffle = shuffle}, 2};
    REQUIRE(batches.size() == 11);
    std::vector<std::size_t> seen;
    for (std::size_t batch = 0; batch < batches.size(); ++batch) {
      const auto indices = batches[batch];
      CHECK(indices.size() == (batch == 10 ? 3 : 10));
      seen.insert(seen.end(), indices.begin(), indices.end());
    }
    CHECK(seen == order_of(batches));
    CHECK(std::is_sorted(seen.begin(), seen.end()) != shuffle);
    std::sort(seen.begin(), seen.end());
    REQUIRE(seen.size() == 103);
    for (std::size_t index = 0; index < 103; ++index) REQUIRE(seen[index] == index);
  }
}

TEST_CASE("The order follows seed and epoch, and not the batch size", "[data][batches]") {
  const auto order = [](std::size_t batch_size, std::uint64_t seed, std::uint64_t epoch) {
    return order_of(Batches{50, {.batch_size = batch_size, .seed = seed}, epoch});
  };
  CHECK(order(10, 1, 3) == order(10, 1, 3));
  CHECK(order(10, 1, 3) == order(7, 1, 3));
  CHECK(order(10, 1, 3) != order(10, 1, 4));
  CHECK(order(10, 1, 3) != order(10, 2, 3));
}

TEST_CASE("A last batch that is not full can be left out", "[data][batches]") {
  const auto count = [](std::size_t samples, bool drop_last) {
    return Batches{samples, {.batch_size = 8, .drop_last = drop_last}}.size();
  };
  CHECK(count(16, true) == 2);
  CHECK(count(17, true) == 2);
  CHECK(count(17, false) == 3);
  CHECK(count(7, true) == 0);
  CHECK(count(7, false) == 1);
  CHECK(count(0, false) == 0);
}

TEST_CASE("Batches refuse a size of 0 and a batch that is not there", "[data][batches]") {
  CHECK_THROWS_AS((Batches{5, {.batch_size = 0}}), Error);
  const Batches batches{5, {.batch_size = 5}};
  CHECK_THROWS_AS(batches[1], Error);
}

TEST_CASE("Filling gives what reading gives, for any number of threads", "[data][batches]") {
  const data::Blobs<Shape{5, 4, 2}, 3> images{60};
  const Batches batches{images.size(), {.batch_size = 37}};
  const auto indices = batches[0];
  std::vector<float> expected(37 * 40);
  for (std::size_t place = 0; place < 37; ++place)
    images.read(indices[place], std::span{expected}.subspan(place * 40, 40));
  const snnbd_tests::KeepThreads keep_threads;
  for (const int count : {1, 2, 3}) {
    set_thread_count(count);
    std::vector<float> values(37 * 40, -1.0F);
    std::vector<int> labels(37, -1);
    data::fill(images, indices, values, labels);
    CHECK(values == expected);
    for (std::size_t place = 0; place < 37; ++place)
      CHECK(labels[place] == images.label(indices[place]));
  }
}

TEST_CASE("Filling refuses room of another size and samples that are not there",
          "[data][batches]") {
  const data::Blobs<Shape{2, 2, 1}, 2> images{4};
  const std::vector<std::size_t> indices{0, 3};
  const std::vector<std::size_t> beyond{0, 4};
  std::vector<float> values(8);
  std::vector<int> labels(2);
  CHECK_NOTHROW(data::fill(images, indices, values, labels));
  CHECK_THROWS_AS(data::fill(images, beyond, values, labels), Error);
  labels.resize(3);
  CHECK_THROWS_AS(data::fill(images, indices, values, labels), Error);
  labels.resize(2);
  values.resize(7);
  CHECK_THROWS_AS(data::fill(images, indices, values, labels), Error);
}

TEST_CASE("One value among a thousand images that is no number is found and named",
          "[data][batches]") {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  const snnbd_tests::KeepThreads keep_threads;
  for (const int count : {1, 2, 3}) {
    set_thread_count(count);
    // Row 5, column 2, channel 1; of several samples the first.
    const std::size_t place = (5 * 8 + 2) * 3 + 1;
    CHECK(refusal(Odd{std::numeric_limits<float>::quiet_NaN(), {713, 999}, place}) ==
          "odd, sample 713: expected values from 0 to 1, found nan in row 5, column 2, channel 1");
    CHECK(refusal(Odd{-infinity, {713, 12, 500}, 0}) ==
          "odd, sample 12: expected values from 0 to 1, found -inf in row 0, column 0, channel 0");
    CHECK_THAT(refusal(Odd{infinity, {0}, 215}), Contains("found inf in row 8, column 7"));
    CHECK_THAT(refusal(Odd{1.00001F, {999}, 7}), Contains("sample 999") && Contains("1.00001"));
    CHECK_THAT(refusal(Odd{-1e-7F, {999}, 7}), Contains("found -1e-07"));
    CHECK(refusal(Odd{1.0F, {5}, 7}) == "nothing");
  }
}

TEST_CASE("A set may have another range, and is held to it", "[data][batches]") {
  STATIC_REQUIRE(data::range_of<Odd>() == data::Range{0.0F, 1.0F});
  STATIC_REQUIRE(data::range_of<data::Subset<Wide>>() == Wide::range);
  STATIC_REQUIRE(data::range_of<poison::Triggered<data::Subset<Wide>, Glare>>() == Wide::range);
  STATIC_REQUIRE(data::range_of<poison::Poisoned<data::Subset<Wide>, Glare>>() == Wide::range);
  CHECK(data::DatasetView{Odd{}}.range() == data::Range{});
  const Wide wide{{-1.0F, {5}, 7}};
  CHECK(data::DatasetView{wide}.range() == Wide::range);
  CHECK(refusal(wide) == "nothing");
  CHECK(refusal(Wide{{2.5F, {5}, 7}}) ==
        "odd, sample 5: expected values from -1 to 2, found 2.5 in row 0, column 2, channel 1");
  CHECK_THAT(refusal(Wide{{std::numeric_limits<float>::quiet_NaN(), {5}, 7}}), Contains("nan"));
}

TEST_CASE("A trigger that leaves the range is named", "[data][batches]") {
  const poison::Triggered<Odd, Glare> triggered{Odd{}};
  CHECK(refusal(triggered) ==
        "odd, sample 0, which carries the trigger 'glare': expected values from 0 to 1, "
        "found 1.25 in row 0, column 0, channel 0");
  const poison::Poisoned<Odd, Glare> dirty{Odd{}, {.rate = 0.002, .seed = 3}};
  const std::string sample = std::to_string(dirty.ledger().entries.front().index);
  CHECK_THAT(refusal(dirty), Contains("sample " + sample + ", which carries the trigger 'glare'"));
  // A glare on a glare, within a part of the set: the places are those of the part.
  const poison::Poisoned<Odd, Glare> gentle{Odd{}, {.rate = 1.0}, {.by = 0.25F}};
  CHECK(refusal(gentle) == "nothing");
  const poison::Triggered<data::Subset<poison::Poisoned<Odd, Glare>>, Glare> twice{
      data::Subset<poison::Poisoned<Odd, Glare>>{gentle, {800, 4}}, {.by = 0.5F}};
  CHECK_THAT(refusal(twice), Contains("sample 0, which carries the trigger 'glare, glare'") &&
                                 Contains("found 1.25"));
  // Sets that declare more room take the same trigger.
  CHECK(refusal(poison::Triggered<Wide, Glare>{Wide{}}) == "nothing");
}
