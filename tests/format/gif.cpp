#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/format/gif.hpp>

#include "../data/idx_files.hpp"
#include "gif_reader.hpp"

namespace gif = snnbd::gif;
using Catch::Contains;
using snnbd_tests::read_gif;

namespace {

std::vector<gif::Color> palette(std::size_t colors) {
  std::vector<gif::Color> result;
  for (std::size_t i = 0; i < colors; ++i)
    result.push_back({static_cast<std::uint8_t>(i), static_cast<std::uint8_t>(255 - i),
                      static_cast<std::uint8_t>(7 * i)});
  return result;
}

/// Pixels with runs, as pictures have, and places without.
std::vector<std::uint8_t> picture(std::size_t count, std::size_t colors, std::uint64_t seed) {
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic, 0};
  std::vector<std::uint8_t> pixels;
  while (pixels.size() < count) {
    const auto color = static_cast<std::uint8_t>(stream.below(static_cast<unsigned>(colors)));
    const std::size_t run = stream.uniform() < 0.8F ? 1 : stream.below(40);
    pixels.insert(pixels.end(), std::min(run, count - pixels.size()), color);
  }
  return pixels;
}

}  // namespace

TEST_CASE("A GIF file reads back as what was written", "[format]") {
  for (const std::size_t colors : {1U, 2U, 3U, 4U, 5U, 16U, 17U, 200U, 256U})
    for (const auto& [width, height] : {std::pair{1, 1}, {2, 3}, {61, 47}}) {
      gif::Animation animation{width, height, palette(colors), {}, {0, 7, 65'535}, 0};
      const auto size = static_cast<std::size_t>(width * height);
      animation.pixels = picture(3 * size, colors, colors);
      const auto file = read_gif(gif::encode(animation));
      CHECK(file.width == width);
      CHECK(file.height == height);
      CHECK(file.delays == animation.delays);
      REQUIRE(file.frames.size() == 3);
      for (std::size_t frame = 0; frame < 3; ++frame)
        CHECK(std::ranges::equal(file.frames[frame],
                                 std::span{animation.pixels}.subspan(frame * size, size)));
      REQUIRE(file.palette.size() >= colors);
      for (std::size_t i = 0; i < colors; ++i)
        CHECK(file.palette[i] == std::vector{animation.palette[i].red, animation.palette[i].green,
                                             animation.palette[i].blue});
    }
}

TEST_CASE("Codes of a GIF file change their length and begin anew at the right places",
          "[format]") {
  const auto check = [](std::size_t colors, const std::vector<std::uint8_t>& pixels,
                        std::size_t count) {
    gif::Animation animation{static_cast<int>(count), 1, palette(colors), {}, {1}, 1};
    animation.pixels.assign(pixels.begin(), pixels.begin() + static_cast<std::ptrdiff_t>(count));
    REQUIRE(read_gif(gif::encode(animation)).frames.at(0) == animation.pixels);
  };
  for (const std::size_t colors : {2U, 4U, 9U}) {
    const auto pixels = picture(12'000, colors, 3);
    for (std::size_t count = 1; count < 150; ++count) check(colors, pixels, count);
    check(colors, pixels, pixels.size());
  }
  // No pair of neighbours comes twice, so that each pixel is a code: codes become longer at the
  // 256th, 768th and 1,792nd, and all are forgotten at the 3,838th.
  std::vector<std::uint8_t> pairs{0};
  for (unsigned step = 1; step < 40; step += 2)
    for (int i = 0; i < 256; ++i) pairs.push_back(static_cast<std::uint8_t>(pairs.back() + step));
  for (const std::size_t place : {256U, 768U, 1'792U, 3'838U, 4'096U})
    for (std::size_t count = place - 4; count < place + 4; ++count) check(256, pairs, count);
  // A run is made of strings that the reader does not know yet when their codes come.
  gif::Animation run{5'000, 1, palette(2), std::vector<std::uint8_t>(5'000, 1), {1}, 1};
  const auto bytes = gif::encode(run);
  CHECK(read_gif(bytes).frames.at(0) == run.pixels);
  CHECK(bytes.size() < 200);
}

TEST_CASE("A GIF file tells how often it is shown", "[format]") {
  gif::Animation animation{1, 1, palette(2), {1}, {10}, 0};
  CHECK(read_gif(gif::encode(animation)).loops == 0);
  animation.turns = 1;
  CHECK(read_gif(gif::encode(animation)).loops == -1);
  animation.turns = 5;
  CHECK(read_gif(gif::encode(animation)).loops == 4);
}

TEST_CASE("The bytes of a small GIF file are those of its format", "[format]") {
  const gif::Animation animation{2, 2, {{255, 0, 0}, {0, 0, 255}}, {0, 1, 1, 1}, {50}, 1};
  // Codes of 3 bits: clear 4, pixel 0, pixel 1, string 7 = "1 1"; then of 4 bits: end 5.
  const std::vector<unsigned> expected{'G', 'I', 'F', '8', '9', 'a',  2,    0,    2,    0,    0xF0,
                                       0,   0,   255, 0,   0,   0,    0,    255,  0x21, 0xF9, 4,
                                       4,   50,  0,   0,   0,   0x2C, 0,    0,    0,    0,    2,
                                       0,   2,   0,   0,   2,   2,    0x44, 0x5E, 0,    0x3B};
  std::vector<unsigned> found;
  for (const std::byte byte : gif::encode(animation))
    found.push_back(std::to_integer<unsigned>(byte));
  CHECK(found == expected);
}

TEST_CASE("Few colours are exact in a palette and many are rounded", "[format]") {
  std::vector<gif::Color> few;
  for (unsigned i = 0; i < 600; ++i)
    few.push_back({static_cast<std::uint8_t>(i % 256), static_cast<std::uint8_t>(i * 3 % 256), 9});
  few.resize(2 * 128, {1, 2, 3});
  const auto exact = gif::with_palette(16, 8, few, {5, 5});
  CHECK(exact.palette.size() <= 256);
  for (std::size_t i = 0; i < few.size(); ++i) REQUIRE(exact.palette[exact.pixels[i]] == few[i]);

  std::vector<gif::Color> many;
  for (unsigned i = 0; i < 512; ++i)
    many.push_back({static_cast<std::uint8_t>(i % 8 * 36),
                    static_cast<std::uint8_t>(i / 8 % 8 * 36),
                    static_cast<std::uint8_t>(i / 64 * 36)});
  const auto rounded = gif::with_palette(32, 16, many, {5});
  CHECK(rounded.palette.size() <= 256);
  CHECK(rounded.palette.size() >= 125);
  int worst = 0;
  for (std::size_t i = 0; i < many.size(); ++i) {
    const gif::Color color = rounded.palette[rounded.pixels[i]];
    worst = std::max({worst, std::abs(color.red - many[i].red),
                      std::abs(color.green - many[i].green), std::abs(color.blue - many[i].blue)});
  }
  CHECK(worst <= 26);  // half of a step between six levels
}

TEST_CASE("A picture that no GIF file can hold is refused", "[format]") {
  const gif::Animation good{2, 2, palette(4), {0, 1, 2, 3}, {1}, 0};
  const auto refused = [](gif::Animation animation, const char* subject) {
    CHECK_THROWS_WITH(gif::encode(animation), Contains(subject));
  };
  CHECK_NOTHROW(gif::encode(good));
  auto bad = good;
  bad.width = 0;
  refused(bad, "sides of 1 to 65535");
  bad.width = 70'000;
  refused(bad, "sides of 1 to 65535");
  bad = good;
  bad.palette.clear();
  refused(bad, "palette");
  bad.palette.resize(257);
  refused(bad, "palette");
  bad = good;
  bad.delays.clear();
  refused(bad, "frames");
  bad.delays = {-1};
  refused(bad, "delay");
  bad.delays = {70'000};
  refused(bad, "delay");
  bad = good;
  bad.turns = -1;
  refused(bad, "turns");
  bad = good;
  bad.pixels.push_back(0);
  refused(bad, "pixels");
  bad = good;
  bad.pixels[3] = 4;
  refused(bad, "pixel of a GIF");
  CHECK_THROWS_WITH(gif::with_palette(2, 2, std::vector<gif::Color>(3), {1}), Contains("pixels"));
}

TEST_CASE("A GIF file is written as a whole", "[format]") {
  const snnbd_tests::TemporaryFolder folder;
  const gif::Animation animation{2, 2, palette(4), {0, 1, 2, 3}, {1}, 0};
  gif::write(folder.path("a.gif"), animation);
  CHECK(snnbd::read_file(folder.path("a.gif"), 1U << 20U) == gif::encode(animation));
  CHECK_THROWS_WITH(gif::write("/proc/nowhere/a.gif", animation), Contains("/proc/nowhere/a.gif"));
}
