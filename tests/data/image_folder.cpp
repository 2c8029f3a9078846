#include <concepts>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/data/image_folder.hpp>
#include <snnbd/report/png.hpp>

#include "idx_files.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using data::Part;
using snnbd_tests::TemporaryFolder;

namespace {

using Set = data::ImageFolder<Shape{2, 3, 1}, 2>;
using Resized = data::ImageFolder<Shape{2, 3, 1}, 2, data::ImageFolderOptions{.resize = true}>;
static_assert(data::Dataset<Set> && std::constructible_from<Set, Part, std::string>);

void write_image(const std::string& path, float level, Shape shape = {2, 3, 1}) {
  report::write_png(path, std::vector<float>(static_cast<std::size_t>(shape.size()), level), shape,
                    {.columns = 1, .zoom = 1, .gap = 0});
}

/// Two classes, of two images and one.
void write_part(const TemporaryFolder& folder, const std::string& part) {
  write_image(folder.path(part + "/cat/10.png"), 0.2F);
  write_image(folder.path(part + "/cat/2.PNG"), 0.4F);
  write_image(folder.path(part + "/ant/z.png"), 0.6F);
}

template <class Any>
float level(const Any& set, std::size_t index) {
  std::vector<float> image(static_cast<std::size_t>(Any::shape.size()));
  set.read(index, image);
  for (const float value : image) CHECK(value == image[0]);
  return image[0];
}

}  // namespace

TEST_CASE("A folder of images gives its classes in the order of their names", "[data]") {
  const TemporaryFolder folder;
  write_part(folder, "train");
  folder.write("train/.hidden", {1});
  folder.write("train/cat/.DS_Store", {1});
  const Set set{Part::train, folder.path()};
  REQUIRE(set.size() == 3);
  CHECK(set.class_names() == std::vector<std::string>{"ant", "cat"});
  CHECK(set.source() == folder.path("train"));
  CHECK(set.label(0) == 0);
  CHECK(set.label(1) == 1);
  CHECK(set.label(2) == 1);
  CHECK(level(set, 0) == 153.0F / 255.0F);
  CHECK(level(set, 1) == 51.0F / 255.0F);
  CHECK(level(set, 2) == 102.0F / 255.0F);
  write_part(folder, "test");
  write_image(folder.path("test/ant/z.png"), 0.0F);
  const Set test{Part::test, folder.path()};
  CHECK(level(test, 0) == 0.0F);
  CHECK(test.checksum() != set.checksum());
}

TEST_CASE("Images of a folder are grey or coloured as the set's shape says", "[data]") {
  const TemporaryFolder folder;
  for (const char* name : {"train/a/x.png", "train/b/x.png"})
    report::write_png(folder.path(name), std::vector<float>{1.0F, 0.0F, 0.0F}, {1, 1, 3},
                      {.columns = 1, .zoom = 1, .gap = 0});
  const data::ImageFolder<Shape{1, 1, 3}, 2> colours{Part::train, folder.path()};
  std::vector<float> image(3);
  colours.read(1, image);
  CHECK(image == std::vector<float>{1.0F, 0.0F, 0.0F});
  const data::ImageFolder<Shape{1, 1, 1}, 2> grey{Part::train, folder.path()};
  CHECK(level(grey, 1) == 76.0F / 255.0F);  // 77 * 255 / 256
}

TEST_CASE("Images of other sizes are refused, or resized if that was asked for", "[data]") {
  const TemporaryFolder folder;
  write_part(folder, "train");
  write_image(folder.path("train/ant/wide.png"), 0.8F, {4, 7, 1});
  CHECK_THROWS_WITH((Set{Part::train, folder.path()}),
                    Contains("wide.png: expected an image of 2x3 pixels") &&
                        Contains("ImageFolderOptions::resize") && Contains("found 4x7"));
  const Resized set{Part::train, folder.path()};
  REQUIRE(set.size() == 4);
  CHECK(level(set, 0) == 204.0F / 255.0F);
}

TEST_CASE("Folders that are no set of images are refused in one sentence", "[data]") {
  const TemporaryFolder folder;
  const auto refused = [&](const auto& sentence) {
    CHECK_THROWS_WITH((Set{Part::train, folder.path()}), sentence);
  };
  CHECK_THROWS_WITH((Set{Part::train, ""}), Contains("--data"));
  refused(Contains(folder.path("train") + ": expected a folder that can be read"));
  write_image(folder.path("train/ant/z.png"), 0.6F);
  refused(Contains("2 folders, one for each class, found 1"));
  std::filesystem::create_directories(folder.path("train/cat"));
  refused(Contains("train/cat: expected at least one image"));
  write_image(folder.path("train/cat/1.png"), 0.2F);
  folder.write("train/cat/notes.txt", {1});
  refused(Contains("notes.txt: expected a file named .png, .jpg or .jpeg"));
  std::filesystem::remove(folder.path("train/cat/notes.txt"));
  folder.write("train/cat/2.jpg", {0xFF, 0xD8, 0xFF, 1, 2, 3});
  refused(Contains("2.jpg: expected a PNG or JPEG file"));
  std::filesystem::remove(folder.path("train/cat/2.jpg"));
  folder.write("train/readme", {1});
  refused(Contains("folders, one for each class, found the file 'readme'"));
  std::filesystem::remove(folder.path("train/readme"));
  write_image(folder.path("test/ant/z.png"), 0.6F);
  write_image(folder.path("test/dog/z.png"), 0.6F);
  refused(Contains("folders of the same names in train/ and test/"));
}
