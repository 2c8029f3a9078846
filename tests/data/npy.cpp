#include <algorithm>
#include <concepts>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/npy.hpp>
#include <snnbd/format/npy.hpp>

#include "idx_files.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using data::ImageOrder;
using data::Part;
using snnbd_tests::TemporaryFolder;
using Sizes = std::vector<std::int64_t>;

namespace {

using Set = data::Npy<Shape{2, 4, 3}, 5>;
static_assert(data::Dataset<Set> && std::constructible_from<Set, Part, std::string>);

/// The value at [image, row, column, channel] of two images of 2x4 pixels and 3 channels.
std::uint8_t value(int image, int row, int column, int channel) {
  return static_cast<std::uint8_t>(100 * image + 40 * row + 10 * column + channel);
}

std::vector<std::uint8_t> pixels(bool channel_first) {
  std::vector<std::uint8_t> values;
  for (int image = 0; image < 2; ++image)
    for (int i = 0; i < 24; ++i)
      values.push_back(channel_first ? value(image, i / 4 % 2, i % 4, i / 8)
                                     : value(image, i / 12, i / 3 % 4, i % 3));
  return values;
}

void check_content(const Set& set) {
  REQUIRE(set.size() == 2);
  CHECK(set.label(0) == 4);
  CHECK(set.label(1) == 1);
  std::vector<float> image(24);
  for (int index = 0; index < 2; ++index) {
    set.read(static_cast<std::size_t>(index), image);
    for (int i = 0; i < 24; ++i)
      REQUIRE(image[static_cast<std::size_t>(i)] ==
              static_cast<float>(value(index, i / 12, i / 3 % 4, i % 3)) / 255.0F);
  }
}

const std::vector<std::int64_t> labels{4, 1};

}  // namespace

TEST_CASE("Images that NumPy saved are found by part, channels last or first", "[data]") {
  const TemporaryFolder folder;
  const auto last = npy::make_array<std::uint8_t>({2, 2, 4, 3}, pixels(false));
  const auto first = npy::make_array<std::uint8_t>({2, 3, 2, 4}, pixels(true));
  npy::write(folder.path("train_images.npy"), last);
  npy::save(folder.path("train_labels.npy"), labels);
  npy::write(folder.path("test/images.npy"), first);
  npy::save(folder.path("test/labels.npy"), std::vector<std::uint8_t>{4, 1});
  npy::write_npz(
      folder.path("packed/train.npz"),
      std::vector<npy::NamedArray>{{"labels", npy::make_array(labels)}, {"images", first}});
  const Set train{Part::train, folder.path()};
  check_content(train);
  CHECK(train.source() == folder.path("train_images.npy"));
  const Set test{Part::test, folder.path()};
  check_content(test);
  CHECK(test.checksum() == train.checksum());
  const Set packed{Part::train, folder.path("packed")};
  check_content(packed);
  CHECK(packed.source() == folder.path("packed/train.npz"));
  check_content(Set{folder.path("test/images.npy"), folder.path("train_labels.npy")});
}

TEST_CASE("Real images that NumPy saved are taken as they are", "[data]") {
  const TemporaryFolder folder;
  const std::string images = folder.path("images.npy");
  const std::string labels_path = folder.path("labels.npy");
  npy::save(labels_path, std::vector<std::int32_t>{1});
  const std::vector<double> reals{0.1, -0.5, 2.0, 1.0};
  using Wide = data::Npy<Shape{2, 2, 1}, 2, ImageOrder::by_sizes, data::Range{-1.0F, 2.0F}>;
  for (const Sizes& sizes : {Sizes{1, 2, 2}, Sizes{1, 2, 2, 1}, Sizes{1, 1, 2, 2}}) {
    npy::save(images, sizes, std::span<const double>{reals});
    const Wide set{images, labels_path};
    std::vector<float> image(4);
    set.read(0, image);
    CHECK(image == std::vector<float>{0.1F, -0.5F, 2.0F, 1.0F});
  }
  npy::save(images, {1, 2, 2}, std::span<const float>{std::vector{0.25F, 0.5F, 0.0F, 1.0F}});
  const data::Npy<Shape{2, 2, 1}, 2> set{images, labels_path};
  std::vector<float> image(4);
  set.read(0, image);
  CHECK(image == std::vector<float>{0.25F, 0.5F, 0.0F, 1.0F});
}

TEST_CASE("An order of channels that sizes leave open has to be named", "[data]") {
  const TemporaryFolder folder;
  const std::string images = folder.path("images.npy");
  const std::string labels_path = folder.path("labels.npy");
  constexpr Shape cube{3, 3, 3};
  std::vector<std::uint8_t> values(27);
  for (std::size_t i = 0; i < 27; ++i) values[i] = static_cast<std::uint8_t>(i);
  npy::save(images, {1, 3, 3, 3}, std::span<const std::uint8_t>{values});
  npy::save(labels_path, std::vector<std::int64_t>{0});
  CHECK_THROWS_WITH((data::Npy<cube, 2>{images, labels_path}),
                    Contains(images) && Contains("ImageOrder::channel_last"));
  std::vector<float> image(27);
  data::Npy<cube, 2, ImageOrder::channel_last>{images, labels_path}.read(0, image);
  CHECK(image[1] == 1.0F / 255.0F);
  data::Npy<cube, 2, ImageOrder::channel_first>{images, labels_path}.read(0, image);
  CHECK(image[1] == 9.0F / 255.0F);
  CHECK(image[3] == 1.0F / 255.0F);
}

TEST_CASE("Files of NumPy that are no set are refused in one sentence", "[data]") {
  const TemporaryFolder folder;
  const std::string images = folder.path("images.npy");
  const std::string labels_path = folder.path("labels.npy");
  const auto refuses = [&](const npy::Array& image_array, const npy::Array& label_array,
                           const auto& sentence) {
    npy::write(images, image_array);
    npy::write(labels_path, label_array);
    CHECK_THROWS_WITH((Set{images, labels_path}), sentence);
  };
  const auto good = npy::make_array<std::uint8_t>({2, 2, 4, 3}, pixels(false));
  const auto two = npy::make_array(labels);
  refuses(npy::make_array<std::uint8_t>({2, 4, 2, 3}, pixels(false)), two,
          Contains("[n, 2, 4, 3] or [n, 3, 2, 4]") && Contains("found [2, 4, 2, 3]"));
  refuses(npy::make_array<std::uint8_t>({48}, pixels(false)), two, Contains("found [48]"));
  refuses(good, npy::make_array(std::vector<std::int64_t>{1}),
          Contains(labels_path) && Contains("[2] labels") && Contains("found [1]"));
  refuses(good, npy::make_array(std::vector<float>{1, 2}), Contains("whole numbers"));
  refuses(good, npy::make_array(std::vector<std::int64_t>{1, 5}),
          Contains("label 1 of " + images) && Contains("from 0 to 4, found 5"));
  refuses(npy::make_array<std::int32_t>({1, 2, 4, 3}, std::vector<std::int32_t>(24)),
          npy::make_array(std::vector<std::int64_t>{1}), Contains("u1, f4 or f8, found i4"));
  refuses(npy::make_array<float>({1, 2, 4, 3}, std::vector<float>(24, 255.0F)),
          npy::make_array(std::vector<std::int64_t>{1}), Contains("values from 0 to 1, found 255"));
  refuses(npy::make_array<float>({0, 2, 4, 3}, {}), npy::make_array(std::vector<std::int64_t>{}),
          Contains("at least one"));
  CHECK_THROWS_WITH((Set{Part::train, ""}), Contains("--data"));
  CHECK_THROWS_WITH((Set{Part::test, folder.path()}),
                    Contains(folder.path() + ": expected test_images.npy"));
  npy::write_npz(folder.path("test.npz"), std::vector<npy::NamedArray>{{"images", good}});
  CHECK_THROWS_WITH((Set{Part::test, folder.path()}), Contains("found no labels"));
}
