#include <cstddef>
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
