#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/data/batches.hpp>
#include <snnbd/data/synthetic.hpp>

using namespace snnbd;
using data::Batches;

namespace {

std::vector<std::size_t> order_of(const Batches& batches) {
  return {batches.order().begin(), batches.order().end()};
}

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
  const int threads = thread_count();
  for (const int count : {1, 2, 3}) {
    set_thread_count(count);
    std::vector<float> values(37 * 40, -1.0F);
    std::vector<int> labels(37, -1);
    data::fill(images, indices, values, labels);
    CHECK(values == expected);
    for (std::size_t place = 0; place < 37; ++place)
      CHECK(labels[place] == images.label(indices[place]));
  }
  set_thread_count(threads);
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
