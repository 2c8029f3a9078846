#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/data/cifar10.hpp>

#include "cifar_files.hpp"
#include "real_data.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using data::Cifar10;
using data::Part;
using snnbd_tests::Bytes;
using snnbd_tests::cifar_bytes;
using snnbd_tests::cifar_image;
using snnbd_tests::cifar_record;
using snnbd_tests::cifar_value;
using snnbd_tests::real_data;
using snnbd_tests::TemporaryFolder;

static_assert(data::Dataset<Cifar10>);
static_assert(!Cifar10::is_embedded());
static_assert(Cifar10::class_names.size() == Cifar10::classes);

namespace {

const std::string official = "cifar-10-batches-bin/";

std::array<int, 10> class_counts(const Cifar10& set) {
  std::array<int, 10> counts{};
  for (std::size_t index = 0; index < set.size(); ++index)
    ++counts[static_cast<std::size_t>(set.label(index))];
  return counts;
}

std::string refusal(const std::string& directory, Part part = Part::train) {
  try {
    const Cifar10 set{part, directory};
  } catch (const Error& error) {
    CHECK_THAT(error.what(), Contains("expected") && Contains("found"));
    return error.what();
  }
  FAIL("was read: " << directory);
  return {};
}

/// Whether image `index` of `set` has the pixels that `cifar_bytes` gives to `image`.
bool holds_image(const Cifar10& set, std::size_t index, std::size_t image) {
  std::vector<float> values(cifar_image);
  set.read(index, values);
  for (std::size_t pixel = 0; pixel < 1024; ++pixel)
    for (std::size_t channel = 0; channel < 3; ++channel)
      if (values[pixel * 3 + channel] !=
          static_cast<float>(cifar_value(image, channel, pixel)) / 255.0F)
        return false;
  return true;
}

}  // namespace

TEST_CASE("CIFAR-10's planes become channels, its bytes values over 255", "[data][cifar10]") {
  const TemporaryFolder folder;
  const Bytes bytes = cifar_bytes({6, 0, 9});
  folder.write(official + "test_batch.bin", bytes);
  std::optional<Cifar10> original{std::in_place, Part::test, folder.path()};
  const Cifar10 copy = *original;
  original.reset();
  REQUIRE(copy.size() == 3);
  CHECK(copy.label(0) == 6);
  CHECK(copy.label(1) == 0);
  CHECK(copy.label(2) == 9);
  for (std::size_t index = 0; index < 3; ++index) CHECK(holds_image(copy, index, index));
  CHECK(copy.checksum() == crc32(bytes));
  CHECK(copy.source() == folder.path(official + "test_batch.bin"));
}

TEST_CASE("CIFAR-10 is found in the official layout and in the folder itself", "[data][cifar10]") {
  const auto place = GENERATE(as<std::string>{}, official, "");
  const TemporaryFolder folder;
  folder.write(place + "data_batch_1.bin", cifar_bytes({1, 2}));
  folder.write(place + "test_batch.bin", cifar_bytes({3}));
  const Cifar10 train{Part::train, folder.path()};
  const Cifar10 test{Part::test, folder.path()};
  CHECK(train.size() == 2);
  CHECK(test.size() == 1);
  CHECK(test.label(0) == 3);
  CHECK(train.source() == folder.path(place + "data_batch_1.bin"));
}

TEST_CASE("CIFAR-10's training set is the batches that are there, in their order",
          "[data][cifar10]") {
  const TemporaryFolder folder;
  // Of different lengths, and written in another order than they are read in.
  folder.write(official + "data_batch_5.bin", cifar_bytes({5, 5, 5}, 10));
  folder.write(official + "data_batch_2.bin", cifar_bytes({2}, 20));
  folder.write(official + "data_batch_6.bin", cifar_bytes({6}, 30));
  const Cifar10 two{Part::train, folder.path()};
  REQUIRE(two.size() == 4);
  CHECK(two.label(0) == 2);
  CHECK(holds_image(two, 0, 20));
  for (std::size_t index = 1; index < 4; ++index) {
    CHECK(two.label(index) == 5);
    CHECK(holds_image(two, index, 9 + index));
  }
  CHECK(two.source() == folder.path(official + "data_batch_{2,5}.bin"));
  Bytes content = cifar_bytes({2}, 20);
  const Bytes rest = cifar_bytes({5, 5, 5}, 10);
  content.insert(content.end(), rest.begin(), rest.end());
  CHECK(two.checksum() == crc32(content));

  for (const auto number : Bytes{1, 3, 4})
    folder.write(official + "data_batch_" + std::to_string(number) + ".bin", cifar_bytes({number}));
  const Cifar10 all{Part::train, folder.path()};
  CHECK(all.size() == 7);
  CHECK(class_counts(all) == std::array<int, 10>{0, 1, 1, 1, 1, 3, 0, 0, 0, 0});
  CHECK(all.source() == folder.path(official + "data_batch_{1,2,3,4,5}.bin"));
}

TEST_CASE("CIFAR-10 without a folder names the setting that gives one", "[data][cifar10]") {
  CHECK_THAT(refusal({}), Contains("--data") && Contains("cifar-10-batches-bin/"));
}

TEST_CASE("CIFAR-10 files that are missing are named with their folder", "[data][cifar10]") {
  const TemporaryFolder folder;
  CHECK_THAT(refusal(folder.path()), Contains(folder.path()) && Contains("data_batch_1.bin") &&
                                         Contains("at least one") && Contains("no such file"));
  CHECK_THAT(refusal(folder.path("nowhere")), Contains("nowhere") && Contains("no such file"));
  folder.write(official + "data_batch_1.bin", cifar_bytes({1}));
  CHECK_THAT(refusal(folder.path(), Part::test), Contains("test_batch.bin"));
  std::filesystem::create_directory(folder.path(official + "test_batch.bin"));
  CHECK_THAT(refusal(folder.path(), Part::test),
             Contains("test_batch.bin") && Contains("a regular file"));
}

TEST_CASE("A CIFAR-10 file that is not made of whole records is refused", "[data][cifar10]") {
  const TemporaryFolder folder;
  const Bytes whole = cifar_bytes({1, 2});
  folder.write("data_batch_1.bin", whole);
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{1}, cifar_record - 1, cifar_record + 1, whole.size() - 1}) {
    Bytes part = whole;
    part.resize(length);
    folder.write("data_batch_3.bin", part);
    CHECK_THAT(refusal(folder.path()), Contains("data_batch_3.bin") &&
                                           Contains("records of 3073") &&
                                           Contains("found " + std::to_string(length) + " bytes"));
  }
  Bytes longer = whole;
  longer.push_back(0);
  folder.write("data_batch_3.bin", longer);
  CHECK_THAT(refusal(folder.path()), Contains("found 6147 bytes"));
}

TEST_CASE("A CIFAR-10 file larger than any is refused before memory is taken for it",
          "[data][cifar10]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("test_batch.bin", cifar_bytes({1}));
  // A hole of 3 TiB, where the file system allows one: it takes no room on the disk.
  std::error_code failure;
  std::filesystem::resize_file(path, std::uintmax_t{cifar_record} << 30U, failure);
  if (failure) std::filesystem::resize_file(path, data::largest_cifar_file + 1);
  CHECK_THAT(refusal(folder.path(), Part::test),
             Contains("test_batch.bin") && Contains("at most 268435456 bytes"));
}

TEST_CASE("A label that CIFAR-10 does not have is refused with its file and record",
          "[data][cifar10]") {
  const TemporaryFolder folder;
  folder.write("data_batch_1.bin", cifar_bytes({1, 9}));
  folder.write("data_batch_2.bin", cifar_bytes({1, 2, 10, 255}));
  CHECK_THAT(refusal(folder.path()), Contains("data_batch_2.bin, record 3 of 4") &&
                                         Contains("a label from 0 to 9") && Contains("found 10"));
}

TEST_CASE("An image beyond CIFAR-10 and room of another size are refused", "[data][cifar10]") {
  const TemporaryFolder folder;
  folder.write("test_batch.bin", cifar_bytes({1, 2}));
  const Cifar10 set{Part::test, folder.path()};
  std::vector<float> image(cifar_image);
  CHECK_NOTHROW(set.read(1, image));
  CHECK_THROWS_AS(set.label(2), Error);
  CHECK_THROWS_AS(set.read(2, image), Error);
  image.pop_back();
  CHECK_THROWS_AS(set.read(0, image), Error);
}

TEST_CASE("The official CIFAR-10 has its known counts, labels and checksums",
          "[data][cifar10][real]") {
  const std::string directory = real_data();
  if (directory.empty()) return;
  const Cifar10 test{Part::test, directory};
  REQUIRE(test.size() == 10000);
  for (const int count : class_counts(test)) CHECK(count == 1000);
  CHECK(test.checksum() == 0x19777D49U);
  CHECK(Cifar10::class_names[static_cast<std::size_t>(test.label(0))] == "cat");

  // One batch by itself, as a folder may have any number of the others.
  const TemporaryFolder folder;
  const std::string batch = "data_batch_1.bin";
  std::filesystem::create_symlink(
      std::filesystem::absolute(directory) / "cifar-10-batches-bin" / batch, folder.path(batch));
  const Cifar10 train{Part::train, folder.path()};
  CHECK(class_counts(train) ==
        std::array<int, 10>{1005, 974, 1032, 1016, 999, 937, 1030, 1001, 1025, 981});
  CHECK(train.checksum() == 0xB3220C1FU);
  CHECK(Cifar10::class_names[static_cast<std::size_t>(train.label(0))] == "frog");
  std::vector<float> frog(cifar_image);
  train.read(0, frog);
  CHECK(frog[0] == 59.0F / 255.0F);
  CHECK(frog[1] == 62.0F / 255.0F);
  CHECK(frog[2] == 63.0F / 255.0F);
  CHECK(frog[3] == 43.0F / 255.0F);
}

TEST_CASE("The means and deviations of CIFAR-10 are those of its training images",
          "[data][cifar10][real]") {
  const std::string directory = real_data();
  if (directory.empty()) return;
  const Cifar10 train{Part::train, directory};
  CHECK(train.size() % 10000 == 0);
  std::array<double, 3> sums{};
  std::array<double, 3> squares{};
  std::vector<float> image(cifar_image);
  for (std::size_t index = 0; index < train.size(); ++index) {
    train.read(index, image);
    for (std::size_t place = 0; place < cifar_image; ++place) {
      const double value = image[place];
      sums[place % 3] += value;
      squares[place % 3] += value * value;
    }
  }
  const double pixels = 1024.0 * static_cast<double>(train.size());
  // A batch differs from the whole by a few thousandths.
  const double margin = train.size() == 50000 ? 1e-4 : 5e-3;
  for (std::size_t channel = 0; channel < 3; ++channel) {
    const double mean = sums[channel] / pixels;
    CHECK(mean == Approx(double{Cifar10::mean[channel]}).margin(margin));
    CHECK(std::sqrt(squares[channel] / pixels - mean * mean) ==
          Approx(double{Cifar10::deviation[channel]}).margin(margin));
  }
}

TEST_CASE("The names of CIFAR-10's classes are those of its own list", "[data][cifar10][real]") {
  const std::string directory = real_data();
  if (directory.empty()) return;
  std::ifstream list{directory + "/cifar-10-batches-bin/batches.meta.txt"};
  for (const std::string_view name : Cifar10::class_names) {
    std::string line;
    REQUIRE(std::getline(list, line));
    CHECK(line == name);
  }
}
