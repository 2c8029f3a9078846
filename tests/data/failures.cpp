#include "../core/failures.hpp"

#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/cifar10.hpp>
#include <snnbd/data/idx.hpp>
#include <snnbd/data/image_folder.hpp>
#include <snnbd/data/mnist.hpp>
#include <snnbd/data/npy.hpp>
#include <snnbd/format/npy.hpp>
#include <snnbd/report/png.hpp>

#include "cifar_files.hpp"
#include "idx_files.hpp"

using namespace snnbd;
using snnbd_tests::Bytes;
using snnbd_tests::check_reader;
using snnbd_tests::gzip_bytes;
using snnbd_tests::idx_bytes;
using snnbd_tests::TemporaryFolder;

namespace {

template <class Set>
std::vector<float> everything(const Set& set) {
  std::vector<float> values(set.size() * static_cast<std::size_t>(Set::shape.size()));
  for (std::size_t index = 0; index < set.size(); ++index) {
    const auto size = static_cast<std::size_t>(Set::shape.size());
    set.read(index, std::span{values}.subspan(index * size, size));
    values.push_back(static_cast<float>(set.label(index)));
  }
  return values;
}

}  // namespace

TEST_CASE("Whatever fails while an IDX file is read, it is read whole or refused", "[data]") {
  const TemporaryFolder folder;
  const Bytes bytes = idx_bytes({3, 5, 4}, Bytes(60, 9));
  for (const auto& path : {folder.write("plain", bytes), folder.write("packed", gzip_bytes(bytes))})
    check_reader([&] {
      const auto images = data::read_idx<3>(path);
      return std::vector<std::uint8_t>(images.begin(), images.end());
    });
}

TEST_CASE("Whatever fails while MNIST is read, it is read whole or refused", "[data]") {
  const TemporaryFolder folder;
  folder.write("train-images-idx3-ubyte", idx_bytes({2, 28, 28}, Bytes(2 * 784, 77)));
  folder.write("train-labels-idx1-ubyte.gz", gzip_bytes(idx_bytes({2}, {3, 4})));
  check_reader([&] { return everything(data::Mnist{data::Part::train, folder.path()}); });
}

TEST_CASE("Whatever fails while CIFAR-10 is read, it is read whole or refused", "[data]") {
  const TemporaryFolder folder;
  folder.write("data_batch_1.bin", snnbd_tests::cifar_bytes({1, 2}));
  folder.write("data_batch_2.bin", snnbd_tests::cifar_bytes({7}));
  check_reader([&] { return everything(data::Cifar10{data::Part::train, folder.path()}); });
}

TEST_CASE("Whatever fails while files of NumPy are read, they are read whole or refused",
          "[data]") {
  const TemporaryFolder folder;
  const auto images = npy::make_array<std::uint8_t>({2, 3, 1, 2}, std::vector<std::uint8_t>(12, 9));
  const auto labels = npy::make_array(std::vector<std::int64_t>{1, 0});
  npy::write(folder.path("train_images.npy"), images);
  npy::write(folder.path("train_labels.npy"), labels);
  npy::write_npz(folder.path("test.npz"),
                 std::vector<npy::NamedArray>{{"images", images}, {"labels", labels}});
  using Set = data::Npy<Shape{1, 2, 3}, 2>;
  for (const data::Part part : {data::Part::train, data::Part::test})
    check_reader([&] { return everything(Set{part, folder.path()}); });
}

TEST_CASE("Whatever fails while a file of NumPy is written, the previous one stays", "[data]") {
  const auto array = npy::make_array(std::vector<float>{1.0F, 2.0F});
  snnbd_tests::check_writer([&](const std::string& path) { npy::write(path, array); });
  snnbd_tests::check_writer([&](const std::string& path) {
    npy::write_npz(path, std::vector<npy::NamedArray>{{"a", array}});
  });
}

TEST_CASE("Whatever fails while a folder of images is read, it is read whole or refused",
          "[data]") {
  const TemporaryFolder folder;
  for (const char* name : {"train/a/1.png", "train/b/2.png"})
    report::write_png(folder.path(name), std::vector<float>(6, 0.5F), {2, 3, 1}, {1, 1, 0});
  using Set = data::ImageFolder<Shape{2, 3, 1}, 2>;
  check_reader([&] { return everything(Set{data::Part::train, folder.path()}); });
}
