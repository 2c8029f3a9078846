#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/data/idx.hpp>

#include "idx_files.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using snnbd_tests::Bytes;
using snnbd_tests::gzip_bytes;
using snnbd_tests::idx_bytes;
using snnbd_tests::TemporaryFolder;

namespace {

Bytes counting(std::size_t count) {
  Bytes values(count);
  std::iota(values.begin(), values.end(), std::uint8_t{0});
  return values;
}

/// The sentence with which a file is refused.
template <std::size_t Rank>
std::string refusal(const std::string& path) {
  try {
    data::read_idx<Rank>(path);
  } catch (const Error& error) {
    CHECK_THAT(error.what(), Contains(path) && Contains("expected") && Contains("found"));
    return error.what();
  }
  FAIL("was read: " << path);
  return {};
}

}  // namespace

TEST_CASE("An IDX file of images gives its values in order, plain and compressed", "[data][idx]") {
  const TemporaryFolder folder;
  const Bytes bytes = idx_bytes({2, 3, 4}, counting(24));
  for (const auto& path :
       {folder.write("plain", bytes), folder.write("packed.gz", gzip_bytes(bytes))}) {
    const auto images = data::read_idx<3>(path);
    REQUIRE(images.shape() == std::array<std::size_t, 3>{2, 3, 4});
    for (std::size_t image = 0; image < 2; ++image)
      for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t column = 0; column < 4; ++column)
          CHECK(images(image, row, column) == image * 12 + row * 4 + column);
  }
}

TEST_CASE("An IDX file of labels gives them in order, and none for size 0", "[data][idx]") {
  const TemporaryFolder folder;
  const auto labels = data::read_idx<1>(folder.write("labels", idx_bytes({3}, {7, 0, 255})));
  REQUIRE(labels.size() == 3);
  CHECK(labels(0) == 7);
  CHECK(labels(1) == 0);
  CHECK(labels(2) == 255);
  CHECK(data::read_idx<1>(folder.write("none", idx_bytes({0}, {}))).size() == 0);
  CHECK(data::read_idx<1>(folder.write("none.gz", gzip_bytes(idx_bytes({0}, {})))).size() == 0);
}

TEST_CASE("Compressed content beyond one piece arrives whole", "[data][idx]") {
  const TemporaryFolder folder;
  const Bytes values = counting((std::size_t{1} << 20U) + 4321);
  const auto count = static_cast<std::uint32_t>(values.size());
  const auto read =
      data::read_idx<1>(folder.write("large.gz", gzip_bytes(idx_bytes({count}, values))));
  REQUIRE(read.size() == values.size());
  CHECK(std::equal(values.begin(), values.end(), read.storage().begin()));
}

TEST_CASE("Whatever an IDX file is cut to is refused", "[data][idx]") {
  const TemporaryFolder folder;
  const Bytes plain = idx_bytes({2, 3, 4}, counting(24));
  const Bytes packed = gzip_bytes(plain);
  for (const Bytes& whole : {plain, packed})
    for (std::size_t length = 0; length < whole.size(); ++length) {
      const Bytes part(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length));
      refusal<3>(folder.write("cut", part));
    }
}

TEST_CASE("What follows the values of an IDX file is refused", "[data][idx]") {
  const TemporaryFolder folder;
  Bytes longer = idx_bytes({5}, counting(6));
  CHECK_THAT(refusal<1>(folder.write("plain", longer)), Contains("expected 5 values"));
  CHECK_THAT(refusal<1>(folder.write("packed", gzip_bytes(longer))), Contains("expected 5 values"));
  Bytes packed = gzip_bytes(idx_bytes({5}, counting(5)));
  packed.push_back('x');
  CHECK_THAT(refusal<1>(folder.write("tail", packed)), Contains("nothing but gzip streams"));
}

TEST_CASE("A header of another kind is refused by what is wrong in it", "[data][idx]") {
  const TemporaryFolder folder;
  const Bytes good = idx_bytes({2, 3, 4}, counting(24));
  const auto with = [&](std::size_t place, std::uint8_t value) {
    Bytes bytes = good;
    bytes[place] = value;
    return bytes;
  };
  CHECK_THAT(refusal<3>(folder.write("magic", with(0, 1))), Contains("two zero bytes"));
  CHECK_THAT(refusal<3>(folder.write("magic", with(1, 9))), Contains("two zero bytes"));
  CHECK_THAT(refusal<3>(folder.write("type", with(2, 0x0D))), Contains("found 13"));
  CHECK_THAT(refusal<3>(folder.write("rank", with(3, 2))), Contains("expected 3 dimensions"));
  CHECK_THAT(refusal<1>(folder.write("images", good)), Contains("expected 1 dimension,"));
  CHECK_THAT(refusal<3>(folder.write("text", Bytes(100, 'x'))), Contains("IDX"));
}

TEST_CASE("Sizes that lie are refused before memory is taken for them", "[data][idx]") {
  const TemporaryFolder folder;
  const std::uint32_t most = 0xFFFFFFFFU;
  for (const auto& sizes : {std::vector<std::uint32_t>{most, most, most},
                            {most, 28, 28},
                            {1U << 31U, 1U << 31U, 4},
                            {1U << 16U, 1U << 16U, 1U << 16U},
                            {1U << 30U, 2, 1}}) {
    const Bytes bytes = idx_bytes(sizes, counting(24));
    CHECK_THAT(refusal<3>(folder.write("plain", bytes)), Contains("sizes of at most"));
    CHECK_THAT(refusal<3>(folder.write("packed", gzip_bytes(bytes))), Contains("sizes of at most"));
  }
  const Bytes claims = idx_bytes({1U << 20U, 28, 28}, counting(24));
  CHECK_THAT(refusal<3>(folder.write("plain", claims)), Contains("822083584 values"));
  CHECK_THAT(refusal<3>(folder.write("packed", gzip_bytes(claims))), Contains("found 24"));
}

TEST_CASE("A damaged gzip stream never gives other values", "[data][idx]") {
  const TemporaryFolder folder;
  const Bytes values = counting(200);
  const Bytes packed = gzip_bytes(idx_bytes({200}, values));
  std::size_t refused = 0;
  for (std::size_t bit = 0; bit < 8 * packed.size(); ++bit) {
    Bytes damaged = packed;
    damaged[bit / 8] = static_cast<std::uint8_t>(damaged[bit / 8] ^ (1U << bit % 8));
    const auto path = folder.write("damaged", damaged);
    try {
      // Bits such as the time in the header mean nothing to a reader.
      const auto read = data::read_idx<1>(path);
      REQUIRE(std::equal(values.begin(), values.end(), read.begin(), read.end()));
    } catch (const Error&) {
      ++refused;
    }
  }
  // All but the time (4 bytes), extra flags, system and a few bits of flags and padding.
  CHECK(refused > 8 * (packed.size() - 8));
}

TEST_CASE("What is no file is refused with its name", "[data][idx]") {
  const TemporaryFolder folder;
  refusal<1>(folder.path("missing"));
  refusal<1>(folder.path());
  refusal<1>(folder.write("empty", {}));
  refusal<1>("/dev/zero");
}

TEST_CASE("Sizes behind a zero are held to the limit, too", "[data][idx]") {
  const TemporaryFolder folder;
  for (const auto& sizes : {std::vector<std::uint32_t>{0, 1U << 31U, 1U << 31U},
                            {1U << 31U, 0, 1U << 31U},
                            {1U << 31U, 1U << 31U, 0},
                            {0, 0, 0xFFFFFFFFU},
                            {0, 1U << 15U, 1U << 16U}}) {
    const Bytes bytes = idx_bytes(sizes, {});
    const std::string claimed = "found " + std::to_string(sizes[0]) + "x" +
                                std::to_string(sizes[1]) + "x" + std::to_string(sizes[2]);
    CHECK_THAT(refusal<3>(folder.write("plain", bytes)),
               Contains("sizes of at most") && Contains(claimed));
    CHECK_THAT(refusal<3>(folder.write("packed", gzip_bytes(bytes))), Contains(claimed));
  }
  for (const auto& sizes : {std::vector<std::uint32_t>{0, 28, 28}, {3, 0, 28}, {0, 0, 0}}) {
    const auto none = data::read_idx<3>(folder.write("none", idx_bytes(sizes, {})));
    CHECK(none.size() == 0);
    CHECK(none.shape() == std::array<std::size_t, 3>{sizes[0], sizes[1], sizes[2]});
    CHECK_THAT(refusal<3>(folder.write("some", idx_bytes(sizes, {7}))), Contains("0 values"));
  }
}

TEST_CASE("Streams of gzip follow each other, and zero bytes the last", "[data][idx]") {
  const TemporaryFolder folder;
  const Bytes whole = idx_bytes({2, 3, 4}, counting(24));
  const auto joined = [](std::vector<Bytes> parts) {
    Bytes bytes;
    for (const Bytes& part : parts) bytes.insert(bytes.end(), part.begin(), part.end());
    return bytes;
  };
  const Bytes empty = gzip_bytes({});
  const auto cut = [&](std::size_t from, std::size_t to) {
    return gzip_bytes(Bytes(whole.begin() + static_cast<std::ptrdiff_t>(from),
                            whole.begin() + static_cast<std::ptrdiff_t>(to)));
  };
  std::vector<Bytes> accepted{joined({gzip_bytes(whole), Bytes(1)}),
                              joined({gzip_bytes(whole), Bytes(10'000)}),
                              joined({empty, gzip_bytes(whole), empty, empty, Bytes(512)})};
  for (std::size_t border = 0; border <= whole.size(); ++border)
    accepted.push_back(joined({cut(0, border), empty, cut(border, whole.size())}));
  for (const Bytes& bytes : accepted) {
    const auto images = data::read_idx<3>(folder.write("streams", bytes));
    REQUIRE(images.shape() == std::array<std::size_t, 3>{2, 3, 4});
    for (std::size_t value = 0; value < 24; ++value) REQUIRE(images.data()[value] == value);
  }
  const Bytes packed = gzip_bytes(whole);
  const std::string end = std::to_string(packed.size());
  for (const Bytes& tail : {Bytes{'x'}, Bytes{0x1F}, Bytes{0x1F, 0x8C, 0}})
    CHECK_THAT(refusal<3>(folder.write("tail", joined({packed, tail}))),
               Contains("something else from byte " + end + " on"));
  CHECK_THAT(refusal<3>(folder.write("tail", joined({packed, Bytes(3), packed}))),
             Contains("something else from byte " + std::to_string(packed.size() + 3) + " on"));
  CHECK_THAT(refusal<3>(folder.write("tail", joined({packed, {0x1F, 0x8B, 8}}))),
             Contains("truncated"));
  CHECK_THAT(refusal<3>(folder.write("twice", joined({packed, packed}))), Contains("found more"));
  Bytes damaged = joined({packed, empty});
  damaged[damaged.size() - 1] ^= 1U;
  CHECK_THAT(refusal<3>(folder.write("sum", damaged)), Contains("intact gzip stream"));
}

TEST_CASE("A file of empty streams is read in a time that grows with its length", "[data][idx]") {
  const TemporaryFolder folder;
  const Bytes empty = gzip_bytes({});
  Bytes bytes = gzip_bytes(idx_bytes({3}, counting(3)));
  for (int streams = 0; streams < 200'000; ++streams)
    bytes.insert(bytes.end(), empty.begin(), empty.end());
  const auto start = std::chrono::steady_clock::now();
  CHECK(data::read_idx<1>(folder.write("empty", bytes)).size() == 3);
  Bytes alone(bytes.end() - static_cast<std::ptrdiff_t>(200'000 * empty.size()), bytes.end());
  CHECK_THAT(refusal<1>(folder.write("alone", alone)), Contains("an IDX header"));
  // A second is some ten times what it takes; to make room for each stream took minutes.
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::seconds{10});
}
