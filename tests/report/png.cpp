#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <unistd.h>

#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_ONLY_PNG
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#include <stb/stb_image.h>
#pragma GCC diagnostic pop

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/report/png.hpp>

#if defined(INCLUDE_STB_IMAGE_WRITE_H) || defined(STB_IMAGE_WRITE_IMPLEMENTATION)
#error "the header must not keep a program from including the image library itself"
#endif

namespace report = snnbd::report;
using snnbd::Shape;

namespace {

struct Decoded {
  int width = 0;
  int height = 0;
  int channels = 0;
  std::vector<std::uint8_t> pixels;

  [[nodiscard]] int at(int y, int x, int channel) const {
    return pixels[static_cast<std::size_t>((y * width + x) * channels + channel)];
  }
};

Decoded decode(const std::vector<std::byte>& bytes) {
  Decoded image;
  stbi_uc* pixels = stbi_load_from_memory(reinterpret_cast<const stbi_uc*>(bytes.data()),
                                          static_cast<int>(bytes.size()), &image.width,
                                          &image.height, &image.channels, 0);
  REQUIRE(pixels != nullptr);
  image.pixels.assign(pixels, pixels + image.width * image.height * image.channels);
  stbi_image_free(pixels);
  return image;
}

std::vector<float> ramp(std::size_t count) {
  std::vector<float> values;
  for (std::size_t at = 0; at < count; ++at)
    values.push_back(static_cast<float>(at * 7 % 256) / 255.0F);
  return values;
}

}  // namespace

TEST_CASE("Every pixel of a grid is where its layout says", "[report]") {
  for (const int channels : {1, 3})
    for (const int count : {1, 2, 5, 6})
      for (const report::GridLayout& layout :
           {report::GridLayout{3, 1, 0}, report::GridLayout{3, 2, 1},
            report::GridLayout{10, 3, 4}}) {
        const Shape shape{4, 5, channels};
        const auto values = ramp(static_cast<std::size_t>(count * shape.size()));
        const Decoded image = decode(report::encode_png(values, shape, layout));
        const int columns = std::min(count, layout.columns);
        const int rows = (count + columns - 1) / columns;
        const int wide = shape.width * layout.zoom + layout.gap;
        const int high = shape.height * layout.zoom + layout.gap;
        REQUIRE(image.channels == channels);
        REQUIRE(image.width == columns * wide + layout.gap);
        REQUIRE(image.height == rows * high + layout.gap);
        bool equal = true;
        for (int y = 0; y < image.height; ++y)
          for (int x = 0; x < image.width; ++x)
            for (int channel = 0; channel < channels; ++channel) {
              const int inside_x = x - layout.gap - x / wide * wide;
              const int inside_y = y - layout.gap - y / high * high;
              const int index = y / high * columns + x / wide;
              int expected = 128;
              if (inside_x >= 0 && inside_y >= 0 && x / wide < columns && index < count) {
                const int pixel = (index * shape.height + inside_y / layout.zoom) * shape.width +
                                  inside_x / layout.zoom;
                expected = (pixel * channels + channel) * 7 % 256;
              }
              equal = equal && image.at(y, x, channel) == expected;
            }
        CHECK(equal);
      }
}

TEST_CASE("Values outside the range are clamped and what is not a number is black", "[report]") {
  const float infinity = std::numeric_limits<float>::infinity();
  const std::vector<float> values{
      -1.0F, 2.0F, infinity, -infinity, std::numeric_limits<float>::quiet_NaN(), 0.5F};
  const Decoded image = decode(report::encode_png(values, Shape{1, 6, 1}, {1, 1, 0}));
  CHECK(image.pixels == std::vector<std::uint8_t>{0, 255, 255, 0, 0, 128});
}

TEST_CASE("Images that no grid can show are refused", "[report]") {
  const auto values = ramp(24);
  const auto refused = [&](Shape shape, report::GridLayout layout = {}) {
    CHECK_THROWS_AS(report::encode_png(values, shape, layout), snnbd::Error);
  };
  refused({2, 6, 2});
  refused({5, 1, 1});
  refused({0, 4, 1});
  refused({-2, -12, 1});
  refused({2'000'000'000, 2'000'000'000, 3});
  refused({4, 6, 1}, {0, 1, 0});
  refused({4, 6, 1}, {1, 0, 0});
  refused({4, 6, 1}, {1, 1, -1});
  CHECK_THROWS_AS(report::encode_png({}, Shape{4, 6, 1}), snnbd::Error);
  const std::vector<float> many(20'000);
  CHECK_THROWS_AS(report::encode_png(many, Shape{1, 1, 1}, {20'000, 1, 0}), snnbd::Error);
}

TEST_CASE("A PNG file holds the bytes of its grid", "[report]") {
  const auto path =
      (std::filesystem::temp_directory_path() / ("snnbd-" + std::to_string(::getpid()) + ".png"))
          .string();
  const auto values = ramp(28 * 28 * 3);
  report::write_png(path, values, Shape{28, 28, 1});
  CHECK(snnbd::read_file(path, 1U << 20U) == report::encode_png(values, Shape{28, 28, 1}));
  std::filesystem::remove(path);
}
