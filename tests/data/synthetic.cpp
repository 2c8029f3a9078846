#include <algorithm>
#include <cstddef>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/synthetic.hpp>

using namespace snnbd;

namespace {

using Images = data::Blobs<Shape{8, 6, 2}, 5>;

static_assert(data::Dataset<Images>);
static_assert(data::Dataset<data::Constant<Shape{1, 1, 3}, 2>>);

template <class Set>
std::vector<float> image_of(const Set& set, std::size_t index) {
  std::vector<float> image(static_cast<std::size_t>(Set::shape.size()));
  set.read(index, image);
  return image;
}

/// How many values belong to each class.
template <Shape S, int Classes>
std::vector<int> cell_sizes() {
  std::vector<int> sizes(Classes);
  for (Index value = 0; value < S.size(); ++value) {
    const int cell = data::detail::cell_of(S, Classes, value);
    REQUIRE(cell >= 0);
    if (cell < Classes) ++sizes[static_cast<std::size_t>(cell)];
  }
  return sizes;
}

}  // namespace

TEST_CASE("Blobs are the same for the same seed and others for another", "[data][synthetic]") {
  const Images images{20, 3};
  CHECK(image_of(images, 7) == image_of(Images{20, 3}, 7));
  CHECK(image_of(images, 7) == image_of(Images{8, 3}, 7));
  CHECK(image_of(images, 7) != image_of(Images{20, 4}, 7));
  CHECK(image_of(images, 7) != image_of(images, 12));
}

TEST_CASE("Blobs without noise are bright in their own class's cell alone", "[data][synthetic]") {
  const Images images{10, 1, 0.0F};
  const auto sizes = cell_sizes<Images::shape, Images::classes>();
  for (std::size_t index = 0; index < images.size(); ++index) {
    const auto image = image_of(images, index);
    const auto own = static_cast<std::size_t>(images.label(index));
    CHECK(std::count(image.begin(), image.end(), 1.0F) == sizes[own]);
    CHECK(std::count(image.begin(), image.end(), 0.0F) ==
          static_cast<Index>(image.size()) - sizes[own]);
  }
}

TEST_CASE("Blobs lie between 0 and 1 and tell their class at half noise", "[data][synthetic]") {
  const Images images{40, 9, 0.5F};
  for (std::size_t index = 0; index < images.size(); ++index) {
    CHECK(images.label(index) == static_cast<int>(index % 5));
    Index value = 0;
    for (const float pixel : image_of(images, index)) {
      CHECK((pixel >= 0.0F && pixel <= 1.0F));
      const bool own = data::detail::cell_of(Images::shape, 5, value++) == images.label(index);
      CHECK((own ? pixel >= 0.5F : pixel <= 0.5F));
    }
  }
}

TEST_CASE("Each class has a cell, whatever the shape", "[data][synthetic]") {
  for (const auto& sizes : {cell_sizes<Shape{28, 28, 1}, 10>(), cell_sizes<Shape{2, 2, 1}, 4>(),
                            cell_sizes<Shape{1, 1, 7}, 7>(), cell_sizes<Shape{3, 3, 2}, 10>(),
                            cell_sizes<Shape{5, 1, 1}, 3>(), cell_sizes<Shape{4, 4, 1}, 1>()})
    CHECK(*std::min_element(sizes.begin(), sizes.end()) >= 1);
}

TEST_CASE("A constant set has one value everywhere", "[data][synthetic]") {
  const data::Constant<Shape{2, 3, 1}, 2> set{3, 0.25F};
  CHECK(set.size() == 3);
  CHECK(set.label(2) == 0);
  CHECK(image_of(set, 2) == std::vector<float>(6, 0.25F));
}

TEST_CASE("Synthetic sets refuse what is out of range", "[data][synthetic]") {
  CHECK_THROWS_AS((Images{5, 1, 1.5F}), Error);
  CHECK_THROWS_AS((Images{5, 1, -0.1F}), Error);
  CHECK_THROWS_AS((Images{5, 1, std::numeric_limits<float>::quiet_NaN()}), Error);
  CHECK_THROWS_AS((data::Constant<Shape{}, 1>{1, 2.0F}), Error);
  const Images images{5};
  std::vector<float> image(96);
  CHECK_THROWS_AS(images.read(5, image), Error);
  CHECK_THROWS_AS(images.label(5), Error);
  image.resize(95);
  CHECK_THROWS_AS(images.read(0, image), Error);
}
