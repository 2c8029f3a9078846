#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>

// What the encoder includes itself, before it is put into a namespace; it calls their functions
// without std.
// NOLINTBEGIN(modernize-deprecated-headers)
#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
// NOLINTEND(modernize-deprecated-headers)

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/report/png.hpp>

// The encoder is built into a namespace of its own, with internal linkage, so that every
// translation unit may have one. A program that uses the same single-file library keeps its own
// macros and may include it before or after this file.
#pragma push_macro("INCLUDE_STB_IMAGE_WRITE_H")
#pragma push_macro("STB_IMAGE_WRITE_IMPLEMENTATION")
#pragma push_macro("STB_IMAGE_WRITE_STATIC")
#pragma push_macro("STBI_WRITE_NO_STDIO")
#pragma push_macro("STBIWDEF")
#undef INCLUDE_STB_IMAGE_WRITE_H
#undef STB_IMAGE_WRITE_IMPLEMENTATION
#undef STB_IMAGE_WRITE_STATIC
#undef STBI_WRITE_NO_STDIO
#undef STBIWDEF
#define STB_IMAGE_WRITE_IMPLEMENTATION
#define STB_IMAGE_WRITE_STATIC
#define STBI_WRITE_NO_STDIO
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
namespace snnbd::inline SNNBD_ISA::report::stb {
#include <stb/stb_image_write.h>
}  // namespace snnbd::inline SNNBD_ISA::report::stb
#pragma GCC diagnostic pop
#pragma pop_macro("STBIWDEF")
#pragma pop_macro("STBI_WRITE_NO_STDIO")
#pragma pop_macro("STB_IMAGE_WRITE_STATIC")
#pragma pop_macro("STB_IMAGE_WRITE_IMPLEMENTATION")
#pragma pop_macro("INCLUDE_STB_IMAGE_WRITE_H")

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

inline std::uint8_t png_level(float value) {
  if (!(value > 0.0F)) return 0;
  return static_cast<std::uint8_t>(std::lround(std::min(value, 1.0F) * 255.0F));
}

/// What the encoder made is given back to it.
struct ReleasePng {
  void operator()(unsigned char* memory) const { STBIW_FREE(memory); }
};

inline void check_grid(std::size_t values, Shape shape, const GridLayout& layout) {
  if (shape.channels != 1 && shape.channels != 3)
    reject("channels of an image", "1 (grey) or 3 (red, green, blue)", shape.channels);
  if (shape.height < 1 || shape.width < 1 || shape.height > 16'384 || shape.width > 16'384)
    reject("shape of an image", "1 to 16384 rows and columns", to_string(shape));
  if (values == 0 || values % static_cast<std::size_t>(shape.size()) != 0)
    reject("images", "a multiple of " + std::to_string(shape.size()) + " values, not zero", values);
  if (layout.columns < 1) reject("columns of a grid", "at least 1", layout.columns);
  if (layout.zoom < 1 || layout.zoom > 256)
    reject("zoom of a grid", "a number from 1 to 256", layout.zoom);
  if (layout.gap < 0 || layout.gap > 256)
    reject("gap of a grid", "a number from 0 to 256", layout.gap);
}

SNNBD_COLD int grid_side(std::size_t images, int size, const GridLayout& layout) {
  constexpr std::size_t longest = 16'384;
  const auto step = static_cast<std::size_t>(size) * static_cast<std::size_t>(layout.zoom) +
                    static_cast<std::size_t>(layout.gap);
  if (images > longest || images * step + static_cast<std::size_t>(layout.gap) > longest)
    reject("grid of images", "at most 16384 pixels a side",
           std::to_string(images) + " images of " + std::to_string(step) + " pixels");
  return static_cast<int>(images * step) + layout.gap;
}

}  // namespace detail

SNNBD_COLD std::vector<std::byte> encode_png(std::span<const float> images, Shape shape,
                                             const GridLayout& layout) {
  detail::check_grid(images.size(), shape, layout);
  const auto image_size = static_cast<std::size_t>(shape.size());
  const std::size_t count = images.size() / image_size;
  const std::size_t columns = std::min(count, static_cast<std::size_t>(layout.columns));
  const std::size_t rows = (count + columns - 1) / columns;
  const int width = detail::grid_side(columns, shape.width, layout);
  const int height = detail::grid_side(rows, shape.height, layout);

  const auto channels = static_cast<std::size_t>(shape.channels);
  const std::size_t line = static_cast<std::size_t>(width) * channels;
  constexpr std::uint8_t grey = 128;
  std::vector<std::uint8_t> pixels(line * static_cast<std::size_t>(height), grey);

  const auto zoom = static_cast<std::size_t>(layout.zoom);
  const auto gap = static_cast<std::size_t>(layout.gap);
  const auto image_width = static_cast<std::size_t>(shape.width);
  const auto image_height = static_cast<std::size_t>(shape.height);
  for (std::size_t image = 0; image < count; ++image) {
    const float* values = images.data() + image * image_size;
    const std::size_t left = gap + image % columns * (image_width * zoom + gap);
    const std::size_t top = gap + image / columns * (image_height * zoom + gap);
    for (std::size_t y = 0; y < image_height * zoom; ++y) {
      std::uint8_t* out = pixels.data() + (top + y) * line + left * channels;
      for (std::size_t x = 0; x < image_width * zoom; ++x)
        for (std::size_t channel = 0; channel < channels; ++channel)
          *out++ =
              detail::png_level(values[(y / zoom * image_width + x / zoom) * channels + channel]);
    }
  }

  int size = 0;
  const std::unique_ptr<unsigned char, detail::ReleasePng> file{stb::stbi_write_png_to_mem(
      pixels.data(), static_cast<int>(line), width, height, shape.channels, &size)};
  if (!file) reject("PNG", "memory for " + std::to_string(pixels.size()) + " bytes", "none");
  const auto* first = reinterpret_cast<const std::byte*>(file.get());
  return {first, first + size};
}

SNNBD_COLD void write_png(const std::string& path, std::span<const float> images, Shape shape,
                          const GridLayout& layout) {
  write_file_atomically(path, std::span<const std::byte>{encode_png(images, shape, layout)});
}

}  // namespace snnbd::inline SNNBD_ISA::report
