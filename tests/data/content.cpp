#include <cstdint>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/data/content.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/data/synthetic.hpp>

#include "../core/keep_threads.hpp"

using namespace snnbd;

namespace {

using Images = data::Blobs<Shape{4, 4, 1}, 4>;

/// A set whose every part can be changed.
struct Held {
  static constexpr Shape shape{1, 2, 1};
  static constexpr int classes = 3;
  static constexpr std::string_view name = "held";
  std::vector<float> pixels = std::vector<float>(400, 0.5F);
  std::vector<int> labels = std::vector<int>(200, 1);
  std::size_t poisoned = 200;

  [[nodiscard]] std::size_t size() const { return labels.size(); }
  [[nodiscard]] int label(std::size_t index) const { return labels[index]; }
  [[nodiscard]] bool is_poisoned(std::size_t index) const { return index == poisoned; }
  void read(std::size_t index, std::span<float> image) const {
    image[0] = pixels[2 * index];
    image[1] = pixels[2 * index + 1];
  }
};

}  // namespace

TEST_CASE("The checksum of a set's content tells all that training sees", "[data]") {
  const Held held;
  const std::uint32_t expected = data::content_checksum(held);
  CHECK(data::content_checksum(Held{}) == expected);
  const auto changed = [&](auto change) {
    Held other;
    change(other);
    return data::content_checksum(other);
  };
  CHECK(changed([](Held& other) { other.pixels[399] = 0.50001F; }) != expected);
  CHECK(changed([](Held& other) { other.labels[70] = 2; }) != expected);
  const std::uint32_t first = changed([](Held& other) { other.poisoned = 0; });
  const std::uint32_t last = changed([](Held& other) { other.poisoned = 199; });
  CHECK(first != expected);
  CHECK(first != last);
  CHECK(changed([](Held& other) { other.labels.pop_back(); }) != expected);
}

TEST_CASE("The checksum of a set's content depends on the order, not on threads", "[data]") {
  const Images images{1000};
  std::vector<std::size_t> order(1000);
  std::iota(order.begin(), order.end(), std::size_t{0});
  const std::uint32_t expected = data::content_checksum(images);
  CHECK(data::content_checksum(data::Subset<Images>{images, order}) == expected);
  std::swap(order[3], order[999]);
  CHECK(data::content_checksum(data::Subset<Images>{images, order}) != expected);
  const snnbd_tests::KeepThreads keep_threads;
  for (const int threads : {1, 2, 3}) {
    set_thread_count(threads);
    CHECK(data::content_checksum(images) == expected);
  }
  CHECK(data::content_checksum(Images{0}) == 0);
}
