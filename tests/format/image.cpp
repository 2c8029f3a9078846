#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/format/image.hpp>
#include <snnbd/report/png.hpp>

#include "../data/idx_files.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;
using snnbd_tests::TemporaryFolder;
using Bytes = std::vector<std::byte>;
using Values = std::vector<std::uint8_t>;

namespace {

/// A PNG file of these levels, written by the encoder of reports.
Bytes png(const Values& levels, Shape shape) {
  std::vector<float> values;
  for (const std::uint8_t level : levels) values.push_back(static_cast<float>(level) / 255.0F);
  return report::encode_png(values, shape, {.columns = 1, .zoom = 1, .gap = 0});
}

Values counting(std::size_t count, unsigned step = 1) {
  Values values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<std::uint8_t>(i * step);
  return values;
}

/// A JPEG file of 8x8 pixels, all of level 200: libjpeg's tables, shortened to the codes in use.
Bytes jpeg() {
  std::string text{"\xFF\xD8\xFF\xDB\x00\x43\x00", 7};
  text += std::string(64, '\x01');  // quantization by 1
  text += std::string{"\xFF\xC0\x00\x0B\x08\x00\x08\x00\x08\x01\x01\x11\x00", 13};  // 8x8, grey
  // One code of one bit for the constant part: ten bits follow. One for the rest: nothing follows.
  text += std::string{"\xFF\xC4\x00\x14\x00\x01", 6} + std::string(15, '\0') + '\x0A';
  text += std::string{"\xFF\xC4\x00\x14\x10\x01", 6} + std::string(15, '\0') + '\0';
  text += std::string{"\xFF\xDA\x00\x08\x01\x01\x00\x00\x3F\x00", 10};
  // 0, then 576 = 8 * (200 - 128) in ten bits, 0, filled with ones: 0'1001000000'0'1111.
  text += std::string{"\x48\x0F\xFF\xD9", 4};
  const auto view = std::as_bytes(std::span{text});
  return {view.begin(), view.end()};
}

}  // namespace

TEST_CASE("PNG files give the levels that were written", "[format]") {
  const Values grey = counting(12, 20);
  CHECK(image::decode(png(grey, {3, 4, 1}), 1, "a") == image::Pixels{3, 4, 1, grey});
  const Values colours = counting(36, 7);
  CHECK(image::decode(png(colours, {3, 4, 3}), 3, "a") == image::Pixels{3, 4, 3, colours});
  const TemporaryFolder folder;
  report::write_png(folder.path("a.png"), std::vector<float>(4, 1.0F), {2, 2, 1},
                    {.columns = 1, .zoom = 1, .gap = 0});
  CHECK(image::read(folder.path("a.png"), 1) == image::Pixels{2, 2, 1, Values(4, 255)});
}

TEST_CASE("Grey images become colours of three alike, and colours their luminance", "[format]") {
  CHECK(image::decode(png({0, 90, 255, 7}, {2, 2, 1}), 3, "a").values ==
        Values{0, 0, 0, 90, 90, 90, 255, 255, 255, 7, 7, 7});
  // (77 red + 150 green + 29 blue) / 256
  CHECK(
      image::decode(png({100, 0, 0, 0, 100, 0, 0, 0, 100, 10, 20, 30}, {2, 2, 3}), 1, "a").values ==
      Values{30, 58, 11, 18});
}

TEST_CASE("JPEG files are decoded", "[format]") {
  CHECK(image::decode(jpeg(), 1, "a") == image::Pixels{8, 8, 1, Values(64, 200)});
  CHECK(image::decode(jpeg(), 3, "a") == image::Pixels{8, 8, 3, Values(192, 200)});
}

TEST_CASE("What is no image, damaged or too large is refused before it is decoded", "[format]") {
  const Bytes whole = png(counting(12), {3, 4, 1});
  CHECK_THROWS_WITH(image::decode({}, 1, "a.png"), Contains("a.png: expected a PNG or JPEG file"));
  CHECK_THROWS_WITH(image::decode(Bytes(100), 1, "a.png"), Contains("a PNG or JPEG file"));
  CHECK_THROWS_WITH(image::decode(std::span{whole}.first(45), 1, "a.png"),
                    Contains("a.png: expected an intact image of 3x4 pixels"));
  CHECK_THROWS_WITH(image::decode(whole, 2, "a.png"), Contains("1 (grey) or 3"));
  const auto sized = [&](std::initializer_list<unsigned> width,
                         std::initializer_list<unsigned> height) {
    Bytes bytes = whole;
    std::size_t place = 16;
    for (const auto& list : {width, height})
      for (const unsigned value : list) bytes[place++] = static_cast<std::byte>(value);
    return bytes;
  };
  CHECK_THROWS_WITH(image::decode(sized({0, 0, 0x40, 0}, {0, 0, 0x40, 0}), 1, "a.png"),
                    Contains("16777216 in all") && Contains("found 16384x16384"));
  CHECK_THROWS_WITH(image::decode(sized({0, 1, 0, 0}, {0, 0, 0, 1}), 1, "a.png"),
                    Contains("a.png"));
  CHECK_THROWS_WITH(image::decode(sized({0, 0, 0, 5}, {0, 0, 0, 3}), 1, "a.png"),
                    Contains("an intact image of 3x5 pixels"));
  CHECK_THROWS_WITH(image::read("/nowhere/a.png", 1), Contains("/nowhere/a.png"));
}

TEST_CASE("JPEG files whose Huffman tables have more codes than there are bytes are refused",
          "[format]") {
  const Bytes whole = jpeg();
  constexpr std::size_t first_table = 7 + 64 + 13;
  REQUIRE(whole[first_table + 1] == std::byte{0xC4});
  Bytes bytes = whole;
  bytes[first_table + 6] = std::byte{255};  // codes of two bits
  bytes[first_table + 7] = std::byte{255};
  CHECK_THROWS_WITH(image::decode(bytes, 1, "a.jpg"),
                    Contains("a.jpg: expected an intact image, found bad Huffman tables"));
  // The same in the midst of the compressed values.
  bytes = whole;
  const std::byte table[] = {std::byte{0xFF}, std::byte{0xC4}, std::byte{0x12}, std::byte{0}};
  bytes.insert(bytes.end() - 2, std::begin(table), std::end(table));
  CHECK_THROWS_WITH(image::decode(bytes, 1, "a.jpg"), Contains("bad Huffman tables"));
}

TEST_CASE("Images are resized by triangles that are as wide as the larger pixel", "[format]") {
  const image::Pixels two{1, 2, 1, {0, 100}};
  // Centres of four new pixels at -1/4, 1/4, 3/4, 5/4 of the old ones.
  CHECK(image::resize(two, 1, 4).values == Values{0, 25, 75, 100});
  CHECK(image::resize(image::Pixels{2, 1, 1, {0, 100}}, 4, 1).values == Values{0, 25, 75, 100});
  // Weights 3/4, 3/4, 1/4 of the old pixels 0, 1, 2, and the same from the other side.
  CHECK(image::resize(image::Pixels{1, 4, 1, {0, 70, 140, 210}}, 1, 2).values == Values{50, 160});
  const image::Pixels colours{2, 2, 3, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}};
  CHECK(image::resize(colours, 2, 2) == colours);
  CHECK(image::resize(image::Pixels{5, 7, 1, Values(35, 93)}, 3, 11).values == Values(33, 93));
  CHECK_THROWS_WITH(image::resize(two, 0, 1), Contains("at least one pixel"));
}
