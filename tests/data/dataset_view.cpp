#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/dataset_view.hpp>
#include <snnbd/data/synthetic.hpp>

using namespace snnbd;

namespace {

struct Flipped : data::Blobs<Shape{3, 2, 2}, 4> {
  using Blobs::Blobs;
  [[nodiscard]] int original_label(std::size_t index) const { return 3 - label(index); }
  [[nodiscard]] bool is_poisoned(std::size_t index) const { return index == 2; }
};

/// One event in each sample, at the place of its number.
struct Flashes {
  static constexpr Shape shape{2, 3, 2};
  static constexpr int frames = 1;
  static constexpr int classes = 2;
  static constexpr std::string_view name = "flashes";
  static constexpr event::Sensor sensor{3, 2};

  [[nodiscard]] static std::size_t size() { return 3; }
  [[nodiscard]] static int label(std::size_t index) { return static_cast<int>(index % 2); }
  static void read(std::size_t index, std::span<float> values) { integrate(events(index), values); }
  [[nodiscard]] static std::vector<event::Event> events(std::size_t index) {
    return {{5, static_cast<std::uint16_t>(index), 1, 1}};
  }
  static void integrate(std::span<const event::Event> events, std::span<float> values) {
    for (const event::Event& one : events) values[(one.y * 3U + one.x) * 2U + one.on] = 1.0F;
  }
};
static_assert(data::EventDataset<Flashes>);

static_assert(!data::Dataset<int>);
static_assert(!data::Dataset<data::DatasetView>);

}  // namespace

TEST_CASE("A view tells what its set tells", "[data][view]") {
  const data::Blobs<Shape{3, 2, 2}, 4> images{9, 5};
  const data::DatasetView view = images;
  CHECK(view.shape() == Shape{3, 2, 2});
  CHECK(view.classes() == 4);
  CHECK(view.name() == "blobs");
  CHECK(view.range() == data::Range{0.0F, 1.0F});
  REQUIRE(view.size() == 9);
  std::vector<float> mine(12);
  std::vector<float> theirs(12);
  for (std::size_t index = 0; index < 9; ++index) {
    CHECK(view.label(index) == images.label(index));
    CHECK(view.original_label(index) == images.label(index));
    CHECK_FALSE(view.is_poisoned(index));
    CHECK(view.triggers_on(index).empty());
    view.read(index, mine);
    images.read(index, theirs);
    CHECK(mine == theirs);
  }
}

TEST_CASE("A view passes on what a set knows of an attack", "[data][view]") {
  const Flipped images{9};
  const data::DatasetView view = images;
  CHECK(view.label(1) == 1);
  CHECK(view.original_label(1) == 2);
  CHECK(view.is_poisoned(2));
  CHECK_FALSE(view.is_poisoned(3));
}

TEST_CASE("A view gives the events of a set that has them, and of no other", "[data][view]") {
  const Flashes flashes;
  const data::DatasetView recorded = flashes;
  CHECK(recorded.has_events());
  CHECK(recorded.sensor() == event::Sensor{3, 2});
  CHECK(recorded.events(2) == std::vector<event::Event>{{5, 2, 1, 1}});

  const data::Blobs<Shape{3, 2, 2}, 4> images{9, 5};
  const data::DatasetView view = images;
  CHECK_FALSE(view.has_events());
  CHECK(view.sensor() == event::Sensor{});
  CHECK_THROWS_WITH(view.events(0),
                    "blobs: expected a set whose samples have events, found one "
                    "of frames alone");
}
