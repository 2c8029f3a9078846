#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/data/moving_bars.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/format/image.hpp>
#include <snnbd/poison/moving_patch.hpp>
#include <snnbd/poison/triggered.hpp>
#include <snnbd/report/png.hpp>
#include <snnbd/report/recording_picture.hpp>

#include "../data/idx_files.hpp"
#include "../format/gif_reader.hpp"

namespace data = snnbd::data;
namespace image = snnbd::image;
namespace poison = snnbd::poison;
namespace report = snnbd::report;
using Catch::Contains;
using report::FramePair;
using report::FrameStyle;
using snnbd::Shape;
using snnbd_tests::read_gif;

namespace {

using Rgb = std::vector<std::uint8_t>;

const Rgb grey{128, 128, 128};
const Rgb black{0, 0, 0};
const Rgb white{255, 255, 255};
const Rgb on{230, 159, 0};
const Rgb off{86, 180, 233};
const Rgb both{255, 255, 233};
const Rgb added{0, 158, 115};
const Rgb removed{204, 121, 167};

struct Sheet {
  explicit Sheet(const std::vector<std::byte>& bytes)
      : pixels{image::decode(bytes, 3, "a sheet")} {}
  [[nodiscard]] Rgb at(int y, int x) const {
    const auto first = pixels.values.begin() + (y * pixels.width + x) * 3;
    return {first, first + 3};
  }
  image::Pixels pixels;
};

/// Two frames of 1 x 2 pixels, [frame, x, OFF ON]: ON alone, nothing; then OFF and both.
const std::vector<float> clean{0, 3, 0, 0, 3, 0, 3, 3};
/// ON is gone and OFF is new; then nothing changed.
const std::vector<float> poisoned{0, 0, 3, 0, 3, 0, 3, 3};
const FramePair events{clean, poisoned, {1, 2, 2}, 2};

}  // namespace

TEST_CASE("A sheet shows clean, poisoned and difference below each other", "[report]") {
  const Sheet sheet{report::encode_sheet(events, {.zoom = 2, .gap = 1})};
  REQUIRE(sheet.pixels.width == 1 + 2 * (2 * 2 + 1));
  REQUIRE(sheet.pixels.height == 1 + 3 * (2 + 1));
  const std::vector<std::vector<Rgb>> expected{
      {on, black, off, both}, {black, off, off, both}, {removed, added, black, black}};
  for (int row = 0; row < 3; ++row)
    for (int column = 0; column < 4; ++column)
      for (const int y : {0, 1})
        for (const int x : {0, 1})
          CHECK(sheet.at(1 + 3 * row + y, 1 + 5 * (column / 2) + 2 * (column % 2) + x) ==
                expected[static_cast<std::size_t>(row)][static_cast<std::size_t>(column)]);
  CHECK(sheet.at(0, 0) == grey);
  CHECK(sheet.at(1, 5) == grey);
  CHECK(sheet.at(3, 1) == grey);
}

TEST_CASE("Small frames are made large enough to be seen", "[report]") {
  CHECK(Sheet{report::encode_sheet(events)}.pixels.width == 2 + 2 * (2 * 48 + 2));
  CHECK(read_gif(report::encode_animation(events, {.difference = false})).width ==
        2 + 2 * (2 * 96 + 2));
}

TEST_CASE("Frames that do not fit into a row of a sheet go on below", "[report]") {
  const std::vector<float> values{1, 0.5F, 0};
  const Sheet sheet{report::encode_sheet({values, values, {1, 1, 1}, 3},
                                         {.difference = false, .zoom = 1, .gap = 0, .columns = 2})};
  REQUIRE(sheet.pixels.width == 2);
  REQUIRE(sheet.pixels.height == 4);
  for (const int panel : {0, 1}) {
    CHECK(sheet.at(panel, 0) == white);
    CHECK(sheet.at(panel, 1) == grey);
    CHECK(sheet.at(2 + panel, 0) == black);
    CHECK(sheet.at(2 + panel, 1) == grey);  // there is no fourth frame
  }
}

TEST_CASE("An animation shows the same panels beside each other, frame by frame", "[report]") {
  const std::vector<data::FrameTime> times{{0.0, 33.0}, {33.0, 4.0}};
  auto pair = events;
  pair.times = times;
  const auto file = read_gif(report::encode_animation(pair, {.zoom = 2, .gap = 1}));
  CHECK(file.loops == 0);
  CHECK(file.delays == std::vector<int>{3, 2});
  REQUIRE(file.width == 1 + 3 * (2 * 2 + 1));
  REQUIRE(file.height == 1 + 2 + 1);
  REQUIRE(file.frames.size() == 2);
  const std::vector<std::vector<Rgb>> expected{{on, black, black, off, removed, added},
                                               {off, both, off, both, black, black}};
  for (std::size_t frame = 0; frame < 2; ++frame)
    for (int column = 0; column < 6; ++column)
      for (const int x : {0, 1})
        CHECK(file.color(frame, 2, 1 + 5 * (column / 2) + 2 * (column % 2) + x) ==
              expected[frame][static_cast<std::size_t>(column)]);
  CHECK(file.color(0, 0, 0) == grey);
  CHECK(file.color(1, 2, 5) == grey);
  CHECK(read_gif(report::encode_animation(events, {.zoom = 1, .delay = 70.0})).delays ==
        std::vector<int>{7, 7});
}

TEST_CASE("Samples are rows of an animation and of a sheet", "[report]") {
  std::vector<float> two = clean;
  two.insert(two.end(), poisoned.begin(), poisoned.end());
  const FramePair pair{two, two, {1, 2, 2}, 2};
  const auto file = read_gif(report::encode_animation(pair, {.zoom = 1, .gap = 0}));
  REQUIRE(file.height == 2);
  CHECK(file.color(0, 0, 0) == on);
  CHECK(file.color(0, 1, 0) == black);
  CHECK(file.color(0, 1, 1) == off);
  const Sheet sheet{report::encode_sheet(pair, {.zoom = 1, .gap = 0})};
  REQUIRE(sheet.pixels.height == 6);
  CHECK(sheet.at(3, 1) == off);
}

TEST_CASE("Counts are drawn by their logarithm or clipped", "[report]") {
  const std::vector<float> counts{0, 0, 0, 1,  0, 3,
                                  0, 9, 0, -1, 0, std::numeric_limits<float>::quiet_NaN()};
  const FramePair pair{counts, counts, {1, 6, 2}, 1};
  const auto red = [&](const FrameStyle& style) {
    const Sheet sheet{report::encode_sheet(pair, style)};
    std::vector<int> values;
    for (int x = 0; x < 6; ++x) values.push_back(sheet.at(0, x)[0]);
    return values;
  };
  FrameStyle style{.most = 3.0F, .zoom = 1, .gap = 0};
  CHECK(red(style) == std::vector{0, 115, 230, 230, 0, 0});  // log 2 / log 4 is a half
  style.brightness = FrameStyle::Brightness::clipped;
  CHECK(red(style) == std::vector{0, 77, 230, 230, 0, 0});
  style.most = 0.0F;
  CHECK(red(style) == std::vector{0, 26, 77, 230, 0, 0});
  style.background = FrameStyle::Background::white;
  const Sheet sheet{report::encode_sheet(pair, style)};
  CHECK(sheet.at(0, 0) == white);
  CHECK(sheet.at(0, 3) == Rgb{213, 94, 0});
}

TEST_CASE("Frames of one and three channels keep their own colours", "[report]") {
  const std::vector<float> colors{1, 0, 0, 0, 1, 0.2F};
  const auto file =
      read_gif(report::encode_animation({colors, colors, {1, 1, 3}, 2}, {.zoom = 1, .gap = 0}));
  CHECK(file.color(0, 0, 0) == Rgb{255, 0, 0});
  CHECK(file.color(1, 0, 1) == Rgb{0, 255, 51});
  const std::vector<float> counts{0, 2, 4};
  const Sheet sheet{
      report::encode_sheet({counts, counts, {1, 3, 1}, 1, {0.0F, 4.0F}}, {.zoom = 1, .gap = 0})};
  CHECK(sheet.at(0, 0) == black);
  CHECK(sheet.at(0, 1) == grey);
  CHECK(sheet.at(0, 2) == white);
}

TEST_CASE("A poisoned set is drawn as a grid of images or as recordings", "[report]") {
  const snnbd_tests::TemporaryFolder folder;
  using Mark = poison::MovingPatch<>;
  using Blobs = data::Blobs<Shape{8, 8, 1}, 3>;
  const Blobs blobs{30, 1};
  const poison::Triggered<Blobs, Mark> images{blobs, Mark{.size = 2}};
  CHECK(report::write_poisoned(folder.path("images"), blobs, images, 20) ==
        std::vector{folder.path("images.png")});
  std::vector<float> values(20 * 64);
  for (std::size_t i = 0; i < 20; ++i) images.read(i, std::span{values}.subspan(i * 64, 64));
  CHECK(snnbd::read_file(folder.path("images.png"), 1U << 20U) ==
        report::encode_png(values, Blobs::shape));

  using Bars = data::MovingBars<Shape{6, 7, 2}, 4, 2>;
  const Bars bars{30};
  const poison::Triggered<Bars, Mark> moving{bars, Mark{.size = 2, .value = 2.0F}};
  CHECK(report::write_poisoned(folder.path("bars"), bars, moving, 2, {.zoom = 3}) ==
        std::vector{folder.path("bars.png"), folder.path("bars.gif")});
  std::vector<float> before(2 * data::sample_size_of<Bars>());
  std::vector<float> after(before.size());
  const std::size_t half = before.size() / 2;
  for (std::size_t i = 0; i < 2; ++i) {
    bars.read(i, std::span{before}.subspan(i * half, half));
    moving.read(i, std::span{after}.subspan(i * half, half));
  }
  const FramePair pair{before, after, Bars::shape, 4};
  CHECK(snnbd::read_file(folder.path("bars.png"), 1U << 20U) ==
        report::encode_sheet(pair, {.zoom = 3}));
  const auto bytes = snnbd::read_file(folder.path("bars.gif"), 1U << 20U);
  CHECK(bytes == report::encode_animation(pair, {.zoom = 3}));
  // The set tells no times: each frame is shown for a tenth of a second.
  CHECK(read_gif(bytes).delays == std::vector<int>(4, 10));
  CHECK_THROWS_WITH(report::write_poisoned(folder.path("bars"), Bars{29}, moving, 2),
                    Contains("clean set of a picture"));
}

TEST_CASE("Frames that no picture can show are refused", "[report]") {
  const auto refused = [](const FramePair& pair, const FrameStyle& style, const char* subject) {
    CHECK_THROWS_WITH(report::encode_sheet(pair, style), Contains(subject));
    CHECK_THROWS_WITH(report::encode_animation(pair, style), Contains(subject));
  };
  auto pair = events;
  pair.shape = {1, 1, 4};
  refused(pair, {}, "channels");
  pair.shape = {0, 2, 2};
  refused(pair, {}, "shape");
  pair = events;
  pair.frames = 3;
  refused(pair, {}, "clean frames");
  pair.frames = 0;
  refused(pair, {}, "frames of a sample");
  pair = events;
  pair.poisoned = pair.poisoned.first(4);
  refused(pair, {}, "poisoned frames");
  pair = events;
  const std::vector<data::FrameTime> times(3);
  pair.times = times;
  refused(pair, {}, "times of frames");
  pair = events;
  pair.range = {1.0F, 1.0F};
  refused(pair, {}, "range");
  refused(events, {.most = -1.0F}, "brightest");
  refused(events, {.zoom = 300}, "zoom");
  refused(events, {.gap = -1}, "gap");
  refused(events, {.columns = 0}, "columns");
  refused(events, {.delay = -1.0}, "delay");
  const std::vector<float> long_one(16'384);
  CHECK_THROWS_WITH(
      report::encode_animation({long_one, long_one, {1, 1, 1}, 16'384}, {.zoom = 200}),
      Contains("animation: expected at most 268435456 pixels"));
  const std::vector<float> tall(20'000);
  refused({tall, tall, {10'000, 1, 1}, 1}, {.zoom = 2}, "16384");
}
