#include <algorithm>
#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/data/embedded.hpp>
#include <snnbd/data/mnist.hpp>

#include "idx_files.hpp"
#include "real_data.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using data::Mnist;
using data::Part;
using snnbd_tests::Bytes;
using snnbd_tests::gzip_bytes;
using snnbd_tests::idx_bytes;
using snnbd_tests::real_data;
using snnbd_tests::TemporaryFolder;

static_assert(data::Dataset<Mnist>);

namespace {

constexpr std::uint32_t digit_size = 28 * 28;

std::array<int, 10> class_counts(const Mnist& digits) {
  std::array<int, 10> counts{};
  for (std::size_t index = 0; index < digits.size(); ++index)
    ++counts[static_cast<std::size_t>(digits.label(index))];
  return counts;
}

std::vector<float> image_of(const Mnist& digits, std::size_t index) {
  std::vector<float> image(digit_size);
  digits.read(index, image);
  return image;
}

Bytes small_images(std::uint32_t count) {
  Bytes pixels(std::size_t{count} * digit_size);
  for (std::size_t place = 0; place < pixels.size(); ++place)
    pixels[place] = static_cast<std::uint8_t>(place * 7 + place / digit_size);
  return idx_bytes({count, 28, 28}, pixels);
}

void write_pair(const TemporaryFolder& folder, const std::string& place, const Bytes& images,
                const Bytes& labels, const std::string& ending = {}) {
  folder.write(place + "train-images-idx3-ubyte" + ending, images);
  folder.write(place + "train-labels-idx1-ubyte" + ending, labels);
}

std::string refusal(const std::string& directory) {
  try {
    const Mnist digits{Part::train, directory};
  } catch (const Error& error) {
    return error.what();
  }
  FAIL("was read: " << directory);
  return {};
}

}  // namespace

TEST_CASE("The digits that come with the library are those of data/README.md", "[data][mnist]") {
  const Mnist train{Part::train};
  const Mnist test{Part::test};
  CHECK(train.is_embedded());
  CHECK(train.size() == 4000);
  CHECK(test.size() == 1000);
  for (const int count : class_counts(train)) CHECK(count == 400);
  for (const int count : class_counts(test)) CHECK(count == 100);
  CHECK(train.checksum() == 0xE3AF3FF0U);
  CHECK(test.checksum() == 0x4CB42517U);
}

TEST_CASE("The digits that come with the library load as a directory too", "[data][mnist]") {
  const Mnist digits{Part::test, data::embedded_directory()};
  CHECK_FALSE(digits.is_embedded());
  CHECK(digits.checksum() == Mnist{Part::test}.checksum());
}

TEST_CASE("A digit's values are its bytes over 255, and copies share them", "[data][mnist]") {
  const TemporaryFolder folder;
  write_pair(folder, "MNIST/", small_images(3), idx_bytes({3}, {4, 0, 9}));
  const Mnist digits{Part::train, folder.path()};
  const Mnist copy = digits;
  REQUIRE(copy.size() == 3);
  CHECK(copy.label(0) == 4);
  CHECK(copy.label(1) == 0);
  CHECK(copy.label(2) == 9);
  const Bytes bytes = small_images(3);
  for (std::size_t index = 0; index < 3; ++index) {
    const auto image = image_of(copy, index);
    for (std::size_t place = 0; place < digit_size; ++place)
      REQUIRE(image[place] == static_cast<float>(bytes[16 + index * digit_size + place]) / 255.0F);
  }
  Bytes content(bytes.begin() + 16, bytes.end());
  content.insert(content.end(), {4, 0, 9});
  CHECK(copy.checksum() == crc32(content));
}

TEST_CASE("MNIST is found in the official layout, in PyTorch's and in the folder itself",
          "[data][mnist]") {
  const auto place = GENERATE(as<std::string>{}, "MNIST/", "MNIST/raw/", "");
  const auto ending = GENERATE(as<std::string>{}, "", ".gz");
  const TemporaryFolder folder;
  const auto pack = [&](const Bytes& bytes) { return ending.empty() ? bytes : gzip_bytes(bytes); };
  write_pair(folder, place, pack(small_images(2)), pack(idx_bytes({2}, {1, 2})), ending);
  const Mnist digits{Part::train, folder.path()};
  CHECK(digits.size() == 2);
  CHECK(digits.source() == folder.path(place + "train-images-idx3-ubyte" + ending));
}

TEST_CASE("MNIST that is missing or does not match is refused by what is wrong", "[data][mnist]") {
  const TemporaryFolder folder;
  CHECK_THAT(refusal(folder.path()), Contains(folder.path()) && Contains("no such file"));
  CHECK_THAT(refusal(folder.path("nowhere")), Contains("nowhere") && Contains("no such file"));

  folder.write("train-images-idx3-ubyte", small_images(3));
  CHECK_THAT(refusal(folder.path()), Contains("train-labels-idx1-ubyte"));

  const auto labels = [&](const Bytes& values) {
    const auto count = static_cast<std::uint32_t>(values.size());
    folder.write("train-labels-idx1-ubyte", idx_bytes({count}, values));
    return refusal(folder.path());
  };
  CHECK_THAT(labels({1, 2}), Contains("expected 3 labels") && Contains("found 2"));
  CHECK_THAT(labels({1, 2, 3, 4}), Contains("expected 3 labels") && Contains("found 4"));
  CHECK_THAT(labels({1, 10, 3}), Contains("labels from 0 to 9") && Contains("found 10"));

  folder.write("train-images-idx3-ubyte", idx_bytes({2, 27, 28}, Bytes(2 * 27 * 28)));
  CHECK_THAT(labels({1, 2}), Contains("28x28") && Contains("27x28"));
  folder.write("train-images-idx3-ubyte", idx_bytes({0, 28, 28}, {}));
  CHECK_THAT(labels({}), Contains("at least one image"));
  // Swapped files are told by their ranks.
  folder.write("train-images-idx3-ubyte", idx_bytes({2}, {1, 2}));
  CHECK_THAT(labels({1, 2}), Contains("expected 3 dimensions"));
}

TEST_CASE("A digit beyond the set and room of another size are refused", "[data][mnist]") {
  const Mnist digits{Part::test};
  std::vector<float> image(digit_size);
  CHECK_THROWS_AS(digits.label(1000), Error);
  CHECK_THROWS_AS(digits.read(1000, image), Error);
  image.pop_back();
  CHECK_THROWS_AS(digits.read(0, image), Error);
}

TEST_CASE("The official MNIST has its known counts and checksums", "[data][mnist][real]") {
  const std::string directory = real_data();
  if (directory.empty()) return;
  const Mnist train{Part::train, directory};
  const Mnist test{Part::test, directory};
  CHECK(class_counts(train) ==
        std::array<int, 10>{5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949});
  CHECK(class_counts(test) ==
        std::array<int, 10>{980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009});
  CHECK(train.checksum() == 0xDF6DDE61U);
  CHECK(test.checksum() == 0x190E897BU);
  CHECK(train.label(0) == 5);
  CHECK(test.label(0) == 7);
}

TEST_CASE("The digits that come with the library stand in the official set, in its order",
          "[data][mnist][real]") {
  const std::string directory = real_data();
  if (directory.empty()) return;
  for (const Part part : {Part::train, Part::test}) {
    const Mnist all{part, directory};
    const Mnist some{part};
    std::size_t found = 0;
    for (std::size_t index = 0; index < all.size() && found < some.size(); ++index)
      if (all.label(index) == some.label(found) && image_of(all, index) == image_of(some, found))
        ++found;
    CHECK(found == some.size());
  }
}
