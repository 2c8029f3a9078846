#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <snnbd/core/config.hpp>

/// Animated GIF files.
namespace snnbd::inline SNNBD_ISA::gif {

struct Color {
  std::uint8_t red = 0;
  std::uint8_t green = 0;
  std::uint8_t blue = 0;

  // NOLINTNEXTLINE(modernize-use-nullptr): the compiler's own comparison with zero
  friend constexpr auto operator<=>(const Color&, const Color&) = default;
};

/// Pictures that are shown one after another.
struct Animation {
  int width = 0;
  int height = 0;
  std::vector<Color> palette;        ///< 1 to 256 colours
  std::vector<std::uint8_t> pixels;  ///< [frame, row, column], places in the palette
  std::vector<int> delays;           ///< how long each frame is shown, in 1/100 s
  int turns = 0;                     ///< how often all is shown; 0 for ever
};

/// The bytes of a GIF 89a file. All frames are whole, of the size of the picture; their pixels are
/// packed by LZW with codes of up to 12 bits.
///
/// @throws Error if a side is not from 1 to 65,535 pixels, there is no frame, a delay or `turns`
///         does not fit into 16 bits, the sizes disagree, or a pixel is not in the palette
std::vector<std::byte> encode(const Animation& animation);

/// Writes such a file, whole or not at all.
void write(const std::string& path, const Animation& animation);

/// Frames of at most 256 different colours as places in a palette, in which they are exact. More
/// colours are made fewer by rounding red, green and blue to as many levels as the palette allows.
///
/// @param colors [frame, row, column]
/// @param delays one for each frame, in 1/100 s
/// @throws Error if the sizes disagree
Animation with_palette(int width, int height, std::span<const Color> colors,
                       std::vector<int> delays);

}  // namespace snnbd::inline SNNBD_ISA::gif

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/gif.ipp>
#endif
