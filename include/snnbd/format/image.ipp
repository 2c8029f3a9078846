#pragma once

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <memory>

// What the decoder includes itself, before it is put into a namespace; it calls their functions
// without std.
// NOLINTBEGIN(modernize-deprecated-headers)
#include <assert.h>
#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
// NOLINTEND(modernize-deprecated-headers)

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/format/image.hpp>

namespace snnbd::inline SNNBD_ISA::image::detail {

/// Memory for the decoder, which knows what to do without. All zero, as it reads tables that a file
/// names and does not have.
inline void* allocate(std::size_t size) {
  return size > decoder_limit ? nullptr : std::calloc(1, size);  // NOLINT: given to a library of C
}
inline void* reallocate(void* memory, std::size_t size) {
  return size > decoder_limit ? nullptr : std::realloc(memory, size);  // NOLINT
}

}  // namespace snnbd::inline SNNBD_ISA::image::detail

// The decoder is built into a namespace of its own, with internal linkage, so that every
// translation unit may have one. A program that uses the same single-file library keeps its own
// macros and may include it before or after this file.
#pragma push_macro("STBI_INCLUDE_STB_IMAGE_H")
#pragma push_macro("STB_IMAGE_IMPLEMENTATION")
#pragma push_macro("STB_IMAGE_STATIC")
#pragma push_macro("STBIDEF")
#pragma push_macro("STBI_NO_STDIO")
#pragma push_macro("STBI_NO_LINEAR")
#pragma push_macro("STBI_NO_HDR")
#pragma push_macro("STBI_NO_SIMD")
#pragma push_macro("STBI_ONLY_PNG")
#pragma push_macro("STBI_ONLY_JPEG")
#pragma push_macro("STBI_MAX_DIMENSIONS")
#pragma push_macro("STBI_MALLOC")
#pragma push_macro("STBI_REALLOC")
#pragma push_macro("STBI_FREE")
#pragma push_macro("STBI_REALLOC_SIZED")
#pragma push_macro("STBI_NO_JPEG")
#pragma push_macro("STBI_NO_PNG")
#pragma push_macro("STBI_NO_BMP")
#pragma push_macro("STBI_NO_PSD")
#pragma push_macro("STBI_NO_TGA")
#pragma push_macro("STBI_NO_GIF")
#pragma push_macro("STBI_NO_PIC")
#pragma push_macro("STBI_NO_PNM")
#undef STBI_INCLUDE_STB_IMAGE_H
#undef STB_IMAGE_IMPLEMENTATION
#undef STB_IMAGE_STATIC
#undef STBIDEF
#undef STBI_NO_STDIO
#undef STBI_NO_LINEAR
#undef STBI_NO_HDR
#undef STBI_NO_SIMD
#undef STBI_ONLY_PNG
#undef STBI_ONLY_JPEG
#undef STBI_MAX_DIMENSIONS
#undef STBI_MALLOC
#undef STBI_REALLOC
#undef STBI_FREE
#undef STBI_REALLOC_SIZED
#undef STBI_NO_JPEG
#undef STBI_NO_PNG
#undef STBI_NO_BMP
#undef STBI_NO_PSD
#undef STBI_NO_TGA
#undef STBI_NO_GIF
#undef STBI_NO_PIC
#undef STBI_NO_PNM
#define STB_IMAGE_IMPLEMENTATION
#define STB_IMAGE_STATIC
#define STBI_NO_STDIO
#define STBI_NO_LINEAR
#define STBI_NO_HDR
// The same image on every machine.
#define STBI_NO_SIMD
#define STBI_ONLY_PNG
#define STBI_ONLY_JPEG
#define STBI_MAX_DIMENSIONS 16384
#define STBI_MALLOC(size) snnbd::image::detail::allocate(size)
#define STBI_REALLOC(memory, size) snnbd::image::detail::reallocate(memory, size)
#define STBI_FREE(memory) free(memory)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-but-set-variable"
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"
#pragma GCC diagnostic ignored "-Wimplicit-fallthrough"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
namespace snnbd::inline SNNBD_ISA::image::stb {
#include <stb/stb_image.h>
}  // namespace snnbd::inline SNNBD_ISA::image::stb
#pragma GCC diagnostic pop
#pragma pop_macro("STBI_NO_PNM")
#pragma pop_macro("STBI_NO_PIC")
#pragma pop_macro("STBI_NO_GIF")
#pragma pop_macro("STBI_NO_TGA")
#pragma pop_macro("STBI_NO_PSD")
#pragma pop_macro("STBI_NO_BMP")
#pragma pop_macro("STBI_NO_PNG")
#pragma pop_macro("STBI_NO_JPEG")
#pragma pop_macro("STBI_REALLOC_SIZED")
#pragma pop_macro("STBI_FREE")
#pragma pop_macro("STBI_REALLOC")
#pragma pop_macro("STBI_MALLOC")
#pragma pop_macro("STBI_MAX_DIMENSIONS")
#pragma pop_macro("STBI_ONLY_JPEG")
#pragma pop_macro("STBI_ONLY_PNG")
#pragma pop_macro("STBI_NO_SIMD")
#pragma pop_macro("STBI_NO_HDR")
#pragma pop_macro("STBI_NO_LINEAR")
#pragma pop_macro("STBI_NO_STDIO")
#pragma pop_macro("STBIDEF")
#pragma pop_macro("STB_IMAGE_STATIC")
#pragma pop_macro("STB_IMAGE_IMPLEMENTATION")
#pragma pop_macro("STBI_INCLUDE_STB_IMAGE_H")

namespace snnbd::inline SNNBD_ISA::image {

namespace detail {

struct Release {
  void operator()(std::uint8_t* memory) const { std::free(memory); }  // NOLINT: of the decoder
};

/// Whether a JPEG segment of Huffman tables, from its length on, is whole, and each of its tables
/// has at most 255 codes. The decoder of Debian 12 (2.27) writes beyond its tables where they claim
/// more than 256, and takes the last of 256 for none; those of images have 176 at most.
inline bool has_sound_tables(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 2) return false;
  const std::size_t length = std::size_t{bytes[0]} * 256 + bytes[1];
  if (length < 2 || length > bytes.size()) return false;
  constexpr std::size_t head = 17;
  for (bytes = bytes.subspan(2, length - 2); !bytes.empty();) {
    if (bytes.size() < head) return false;
    std::size_t codes = 0;
    for (const std::uint8_t count : bytes.subspan(1, head - 1)) codes += count;
    if (codes > 255 || codes > bytes.size() - head) return false;
    bytes = bytes.subspan(head + codes);
  }
  return true;
}

/// Refuses a JPEG file with Huffman tables that overflow. Walks its segments to the first that
/// begins compressed values; from there on, where the decoder may take up a marker anywhere, looks
/// at whatever could be a table.
inline void check_jpeg(std::span<const std::uint8_t> bytes, std::string_view subject) {
  constexpr std::uint8_t tables = 0xC4;
  constexpr std::uint8_t scan = 0xDA;
  const auto check = [&](std::size_t place) {
    if (!has_sound_tables(bytes.subspan(place)))
      reject(subject, "an intact image", "bad Huffman tables");
  };
  std::size_t place = 0;
  std::uint8_t marker = 0;
  while (marker != scan) {
    while (place < bytes.size() && bytes[place] != 0xFF) ++place;
    while (place < bytes.size() && bytes[place] == 0xFF) ++place;
    if (place >= bytes.size()) return;
    marker = bytes[place++];
    if (marker == 0xD8) continue;  // the file's first, which has no length
    if (marker == tables) check(place);
    if (bytes.size() - place < 2) return;
    place += std::size_t{bytes[place]} * 256 + bytes[place + 1];
    if (place > bytes.size()) return;
  }
  for (; place + 1 < bytes.size(); ++place)
    if (bytes[place] == 0xFF && bytes[place + 1] == tables) check(place + 2);
}

/// The pixels around a new one along one side, and what each counts.
struct Weights {
  int first = 0;
  std::vector<double> values;
};

inline std::vector<Weights> triangle_weights(int before, int after) {
  const double scale = static_cast<double>(before) / after;
  const double reach = std::max(scale, 1.0);
  std::vector<Weights> all(static_cast<std::size_t>(after));
  for (int place = 0; place < after; ++place) {
    const double centre = (place + 0.5) * scale - 0.5;
    Weights& weights = all[static_cast<std::size_t>(place)];
    weights.first = std::max(0, static_cast<int>(std::ceil(centre - reach)));
    const int last = std::min(before - 1, static_cast<int>(std::floor(centre + reach)));
    double sum = 0.0;
    for (int from = weights.first; from <= last; ++from) {
      weights.values.push_back(std::max(0.0, 1.0 - std::abs(from - centre) / reach));
      sum += weights.values.back();
    }
    for (double& value : weights.values) value /= sum;
  }
  return all;
}

}  // namespace detail

SNNBD_INLINE Pixels decode(std::span<const std::byte> bytes, int channels,
                           std::string_view subject) {
  if (channels != 1 && channels != 3)
    reject("channels of an image", "1 (grey) or 3 (red, green, blue)", channels);
  if (bytes.size() > largest_file)
    reject(subject, "a file of at most " + std::to_string(largest_file) + " bytes", bytes.size());
  const auto* const first = reinterpret_cast<const std::uint8_t*>(bytes.data());
  const int length = static_cast<int>(bytes.size());
  if (!bytes.empty() && *first == 0xFF) detail::check_jpeg({first, bytes.size()}, subject);
  Pixels pixels;
  int inside = 0;
  if (stb::stbi_info_from_memory(first, length, &pixels.width, &pixels.height, &inside) == 0)
    reject(subject, "a PNG or JPEG file",
           std::string{"none that can be read: "} + stb::stbi_failure_reason());
  const std::string size = std::to_string(pixels.height) + 'x' + std::to_string(pixels.width);
  if (pixels.height < 1 || pixels.width < 1 || pixels.height > longest_side ||
      pixels.width > longest_side ||
      static_cast<std::int64_t>(pixels.height) * pixels.width > largest_image)
    reject(subject,
           "an image of at most " + std::to_string(longest_side) + " pixels a side and " +
               std::to_string(largest_image) + " in all",
           size);
  int height = 0;
  int width = 0;
  const std::unique_ptr<std::uint8_t, detail::Release> decoded{
      stb::stbi_load_from_memory(first, length, &width, &height, &inside, channels)};
  if (!decoded)
    reject(subject, "an intact image of " + size + " pixels", stb::stbi_failure_reason());
  if (height != pixels.height || width != pixels.width)
    reject(subject, "an image of " + size + " pixels, as its header says",
           std::to_string(height) + 'x' + std::to_string(width));
  pixels.channels = channels;
  const auto count = static_cast<std::size_t>(height) * static_cast<std::size_t>(width) *
                     static_cast<std::size_t>(channels);
  pixels.values.assign(decoded.get(), decoded.get() + count);
  return pixels;
}

SNNBD_INLINE Pixels read(const std::string& path, int channels) {
  return read_within_memory(path,
                            [&] { return decode(read_file(path, largest_file), channels, path); });
}

SNNBD_INLINE Pixels resize(const Pixels& image, int height, int width) {
  if (height < 1 || width < 1)
    reject("new size of an image", "at least one pixel",
           std::to_string(height) + 'x' + std::to_string(width));
  const auto columns = detail::triangle_weights(image.width, width);
  const auto rows = detail::triangle_weights(image.height, height);
  const auto channels = static_cast<std::size_t>(image.channels);
  const auto line = static_cast<std::size_t>(width) * channels;
  // Along the rows first, [old row, new column, channel].
  std::vector<double> narrow(static_cast<std::size_t>(image.height) * line);
  for (std::size_t row = 0; row < static_cast<std::size_t>(image.height); ++row)
    for (std::size_t column = 0; column < columns.size(); ++column) {
      const detail::Weights& weights = columns[column];
      const std::uint8_t* from =
          image.values.data() +
          (row * static_cast<std::size_t>(image.width) + static_cast<std::size_t>(weights.first)) *
              channels;
      double* const to = narrow.data() + row * line + column * channels;
      for (const double weight : weights.values)
        for (std::size_t channel = 0; channel < channels; ++channel)
          to[channel] += weight * *from++;
    }
  Pixels result{height, width, image.channels, {}};
  result.values.reserve(static_cast<std::size_t>(height) * line);
  std::vector<double> sums(line);
  for (const detail::Weights& weights : rows) {
    std::fill(sums.begin(), sums.end(), 0.0);
    const double* from = narrow.data() + static_cast<std::size_t>(weights.first) * line;
    for (const double weight : weights.values)
      for (double& sum : sums) sum += weight * *from++;
    for (const double sum : sums)
      result.values.push_back(static_cast<std::uint8_t>(std::lround(std::clamp(sum, 0.0, 255.0))));
  }
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::image
