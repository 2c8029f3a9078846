#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>

/// Files of single images, PNG and JPEG.
namespace snnbd::inline SNNBD_ISA::image {

/// An image of 8 bits a value, [row, column, channel].
struct Pixels {
  int height = 0;
  int width = 0;
  int channels = 1;
  std::vector<std::uint8_t> values;

  friend bool operator==(const Pixels&, const Pixels&) = default;
};

/// The largest image that is decoded, in pixels, and along one side.
inline constexpr std::int64_t largest_image = std::int64_t{1} << 24U;
inline constexpr int longest_side = 16'384;

/// The largest file that is read, in bytes.
inline constexpr std::uint64_t largest_file = std::uint64_t{1} << 26U;

/// The most memory that the decoder takes at once, in bytes: a small file may claim to unpack to
/// anything.
inline constexpr std::size_t decoder_limit = std::size_t{1} << 28U;

/// What the bytes of a PNG or JPEG file show. Colours are turned to grey by their luminance and
/// grey to colours of three alike, as `channels` asks; transparency is left out, and 16 bits are
/// cut to
/// 8. The size is looked at before anything is decoded.
///
/// @param channels 1 for grey, 3 for red, green and blue
/// @param subject what an error names, mostly the path
/// @throws Error if they are of no such file, damaged, or too large
Pixels decode(std::span<const std::byte> bytes, int channels, std::string_view subject);

/// Reads a file; see `decode`.
Pixels read(const std::string& path, int channels);

/// An image of another size: each new pixel is the mean of the old ones around it, weighed by a
/// triangle that is one pixel wide to each side, of the old image or the new one, whichever is
/// larger. Bilinear where it grows; without aliases where it shrinks. Weights are in double.
///
/// @param height, width at least 1
Pixels resize(const Pixels& image, int height, int width);

}  // namespace snnbd::inline SNNBD_ISA::image

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/image.ipp>
#endif
