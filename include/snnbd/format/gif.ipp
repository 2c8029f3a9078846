#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <string_view>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/format/gif.hpp>

namespace snnbd::inline SNNBD_ISA::gif {

namespace detail {

/// The bytes of a file, as they come.
class Bytes {
 public:
  void byte(unsigned value) { bytes_.push_back(static_cast<std::byte>(value)); }
  void number(unsigned value) {
    byte(value & 0xFFU);
    byte(value >> 8U);
  }
  void text(std::string_view letters) {
    for (const char letter : letters) byte(static_cast<unsigned char>(letter));
  }
  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

/// Codes of some bits, the lowest first, in blocks of up to 255 bytes with their length before.
class Codes {
 public:
  explicit Codes(Bytes& out) : out_{out} {}

  void put(unsigned code, unsigned bits) {
    waiting_ |= code << bits_;
    bits_ += bits;
    for (; bits_ >= 8; bits_ -= 8, waiting_ >>= 8U) add(waiting_ & 0xFFU);
  }

  /// Fills the last byte, and ends the blocks by an empty one.
  void finish() {
    if (bits_ > 0) add(waiting_ & 0xFFU);
    if (size_ > 0) flush();
    out_.byte(0);
  }

 private:
  void add(unsigned byte) {
    block_[size_++] = static_cast<std::uint8_t>(byte);
    if (size_ == block_.size()) flush();
  }
  void flush() {
    out_.byte(static_cast<unsigned>(size_));
    for (std::size_t i = 0; i < size_; ++i) out_.byte(block_[i]);
    size_ = 0;
  }

  Bytes& out_;
  std::uint32_t waiting_ = 0;  // never more than 7 + 12 bits
  unsigned bits_ = 0;
  std::array<std::uint8_t, 255> block_{};
  std::size_t size_ = 0;
};

/// The strings of pixels that have a code: each is another string and one pixel more.
class Strings {
 public:
  Strings() { clear(); }

  void clear() { entries_.fill({}); }

  /// The code of a string with a pixel behind it. If there is none, it gets `next`.
  ///
  /// @returns the code, or -1 if there was none
  int find_or_add(unsigned string, unsigned pixel, unsigned next) {
    const std::uint32_t wanted = (string << 8U | pixel) + 1;
    // Multiplied by the golden ratio of 2^32: neighbours lie apart.
    std::size_t at = (wanted * 2'654'435'769U) >> 19U;
    for (; entries_[at].string != 0; at = (at + 1) % entries_.size())
      if (entries_[at].string == wanted) return static_cast<int>(entries_[at].code);
    entries_[at] = {wanted, next};
    return -1;
  }

 private:
  struct Entry {
    std::uint32_t string = 0;  ///< code and pixel, plus one; 0 for none
    std::uint32_t code = 0;
  };
  std::array<Entry, 8192> entries_;  // twice as many as there are codes
};

/// Packs the pixels of one frame.
inline void pack(std::span<const std::uint8_t> pixels, unsigned pixel_bits, Strings& strings,
                 Bytes& out) {
  constexpr unsigned most_bits = 12;
  const unsigned clear = 1U << pixel_bits;
  const unsigned end = clear + 1;
  out.byte(pixel_bits);
  Codes codes{out};
  unsigned bits = pixel_bits + 1;
  unsigned next = end + 1;
  strings.clear();
  codes.put(clear, bits);
  unsigned string = pixels[0];
  for (const std::uint8_t pixel : pixels.subspan(1)) {
    const int longer = strings.find_or_add(string, pixel, next);
    if (longer >= 0) {
      string = static_cast<unsigned>(longer);
      continue;
    }
    codes.put(string, bits);
    string = pixel;
    // The reader knows a string one code later than the writer.
    if (next == 1U << bits) ++bits;
    if (++next < 1U << most_bits) continue;
    codes.put(clear, bits);
    strings.clear();
    bits = pixel_bits + 1;
    next = end + 1;
  }
  codes.put(string, bits);
  // The reader adds a string for this code, too, and may then read one bit more.
  if (next == 1U << bits) ++bits;
  codes.put(end, bits);
  codes.finish();
}

inline void check(const Animation& animation) {
  constexpr int most = 65'535;
  if (animation.width < 1 || animation.width > most || animation.height < 1 ||
      animation.height > most)
    reject("GIF", "sides of 1 to 65535 pixels",
           std::to_string(animation.width) + 'x' + std::to_string(animation.height));
  if (animation.palette.empty() || animation.palette.size() > 256)
    reject("palette of a GIF", "1 to 256 colours", animation.palette.size());
  if (animation.delays.empty()) reject("frames of a GIF", "at least one", "none");
  for (const int delay : animation.delays)
    if (delay < 0 || delay > most)
      reject("delay of a frame of a GIF", "0 to 65535 hundredths of a second", delay);
  if (animation.turns < 0 || animation.turns > most)
    reject("turns of a GIF", "a number from 0 to 65535", animation.turns);
  const auto size =
      static_cast<std::size_t>(animation.width) * static_cast<std::size_t>(animation.height);
  if (animation.pixels.size() / size != animation.delays.size() ||
      animation.pixels.size() % size != 0)
    reject("pixels of a GIF",
           std::to_string(animation.delays.size()) + " frames of " + std::to_string(size),
           animation.pixels.size());
  for (const std::uint8_t pixel : animation.pixels)
    if (pixel >= animation.palette.size())
      reject("pixel of a GIF", "a colour of the " + std::to_string(animation.palette.size()),
             static_cast<int>(pixel));
}

inline Color rounded(Color color, int levels) {
  if (levels == 256) return color;
  const auto one = [levels](std::uint8_t value) {
    const int level = (value * (levels - 1) + 127) / 255;
    return static_cast<std::uint8_t>((level * 255 + (levels - 1) / 2) / (levels - 1));
  };
  return {one(color.red), one(color.green), one(color.blue)};
}

/// The different ones of some colours, ascending.
inline std::vector<Color> different(std::span<const Color> colors) {
  // Runs are left out first: pictures are full of them.
  std::vector<Color> some;
  for (const Color color : colors)
    if (some.empty() || color != some.back()) some.push_back(color);
  std::ranges::sort(some);
  some.erase(std::unique(some.begin(), some.end()), some.end());
  return some;
}

}  // namespace detail

SNNBD_COLD std::vector<std::byte> encode(const Animation& animation) {
  detail::check(animation);
  // A palette has a power of two of colours, at least 2, and codes have at least 2 bits.
  const auto color_bits =
      std::max(1U, static_cast<unsigned>(std::bit_width(animation.palette.size() - 1)));
  const unsigned pixel_bits = std::max(2U, color_bits);
  const auto width = static_cast<unsigned>(animation.width);
  const auto height = static_cast<unsigned>(animation.height);

  detail::Bytes out;
  out.text("GIF89a");
  out.number(width);
  out.number(height);
  out.byte(0x80U | 0x70U | (color_bits - 1));  // a palette for all frames, of 8 bits a colour
  out.byte(0);                                 // the background is its first colour
  out.byte(0);                                 // pixels are as wide as high
  for (std::size_t i = 0; i < std::size_t{1} << color_bits; ++i) {
    const Color color = i < animation.palette.size() ? animation.palette[i] : Color{};
    out.byte(color.red);
    out.byte(color.green);
    out.byte(color.blue);
  }
  // Without this block, all is shown once; it counts the turns after the first.
  if (animation.turns != 1) {
    out.byte(0x21);
    out.byte(0xFF);
    out.byte(11);
    out.text("NETSCAPE2.0");
    out.byte(3);
    out.byte(1);
    out.number(animation.turns == 0 ? 0U : static_cast<unsigned>(animation.turns) - 1);
    out.byte(0);
  }
  detail::Strings strings;
  const std::size_t size = std::size_t{width} * height;
  for (std::size_t frame = 0; frame < animation.delays.size(); ++frame) {
    out.byte(0x21);
    out.byte(0xF9);
    out.byte(4);
    out.byte(0x04);  // it stays until the next one
    out.number(static_cast<unsigned>(animation.delays[frame]));
    out.byte(0);
    out.byte(0);
    out.byte(0x2C);
    out.number(0);
    out.number(0);
    out.number(width);
    out.number(height);
    out.byte(0);
    detail::pack(std::span{animation.pixels}.subspan(frame * size, size), pixel_bits, strings, out);
  }
  out.byte(0x3B);
  return out.take();
}

SNNBD_COLD void write(const std::string& path, const Animation& animation) {
  write_file_atomically(path, std::span<const std::byte>{encode(animation)});
}

SNNBD_COLD Animation with_palette(int width, int height, std::span<const Color> colors,
                                  std::vector<int> delays) {
  constexpr std::size_t most = 256;
  Animation animation{width, height, {}, {}, std::move(delays), 0};
  const auto all = detail::different(colors);
  int levels = 256;
  animation.palette = all;
  while (animation.palette.size() > most) {
    levels -= std::max(1, levels / 8);  // 6 are few enough for any picture
    std::vector<Color> fewer = all;
    for (Color& color : fewer) color = detail::rounded(color, levels);
    animation.palette = detail::different(fewer);
  }
  animation.pixels.reserve(colors.size());
  for (std::size_t i = 0; i < colors.size(); ++i) {
    if (i > 0 && colors[i] == colors[i - 1]) {
      animation.pixels.push_back(animation.pixels.back());
      continue;
    }
    const auto place =
        std::ranges::lower_bound(animation.palette, detail::rounded(colors[i], levels));
    animation.pixels.push_back(static_cast<std::uint8_t>(place - animation.palette.begin()));
  }
  detail::check(animation);
  return animation;
}

}  // namespace snnbd::inline SNNBD_ISA::gif
