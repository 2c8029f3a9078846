#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace snnbd_tests {

/// What a GIF file shows, read by another way than it is written: strings of pixels as such.
struct GifFile {
  int width = 0;
  int height = 0;
  int loops = -1;                                  ///< of the loop block; -1 if there is none
  std::vector<std::vector<std::uint8_t>> palette;  ///< [colour, red green blue]
  std::vector<std::vector<std::uint8_t>> frames;   ///< [frame, pixel], places in the palette
  std::vector<int> delays;

  [[nodiscard]] std::vector<std::uint8_t> color(std::size_t frame, int y, int x) const {
    return palette.at(frames.at(frame).at(static_cast<std::size_t>(y * width + x)));
  }
};

class GifReader {
 public:
  explicit GifReader(const std::vector<std::byte>& bytes) {
    for (const std::byte byte : bytes) bytes_.push_back(std::to_integer<std::uint8_t>(byte));
  }

  GifFile read() {
    GifFile file;
    for (const char letter : std::string{"GIF89a"})
      require(byte() == static_cast<unsigned char>(letter), "signature");
    file.width = number();
    file.height = number();
    const int flags = byte();
    require((flags & 0x80) != 0, "palette");
    byte();
    byte();
    for (int i = 0; i < 2 << (flags & 7); ++i) {
      std::vector<std::uint8_t> color;
      for (int part = 0; part < 3; ++part) color.push_back(static_cast<std::uint8_t>(byte()));
      file.palette.push_back(color);
    }
    for (;;) {
      const int kind = byte();
      if (kind == 0x3B) break;
      if (kind == 0x21) {
        const int label = byte();
        const auto data = blocks();
        if (label == 0xF9) {
          require(data.size() == 4, "control");
          file.delays.push_back(data[1] + 256 * data[2]);
        } else if (label == 0xFF) {
          require(std::string(data.begin(), data.begin() + 11) == "NETSCAPE2.0", "application");
          require(data.size() == 14 && data[11] == 1, "loop");
          file.loops = data[12] + 256 * data[13];
        }
        continue;
      }
      require(kind == 0x2C, "kind of block");
      require(number() == 0 && number() == 0, "offset");
      require(number() == file.width && number() == file.height, "size of a frame");
      require(byte() == 0, "flags of a frame");
      const int bits = byte();
      file.frames.push_back(unpack(blocks(), bits));
      require(file.frames.back().size() == static_cast<std::size_t>(file.width * file.height),
              "number of pixels");
    }
    require(at_ == bytes_.size(), "end");
    return file;
  }

 private:
  static void require(bool holds, const char* what) {
    if (!holds) throw std::runtime_error{std::string{"GIF: "} + what};
  }
  int byte() { return bytes_.at(at_++); }
  int number() {
    const int low = byte();
    return low + 256 * byte();
  }
  std::vector<std::uint8_t> blocks() {
    std::vector<std::uint8_t> data;
    while (const int size = byte())
      for (int i = 0; i < size; ++i) data.push_back(static_cast<std::uint8_t>(byte()));
    return data;
  }

  static std::vector<std::uint8_t> unpack(const std::vector<std::uint8_t>& data, int pixel_bits) {
    const int clear = 1 << pixel_bits;
    std::vector<std::vector<std::uint8_t>> strings;
    const auto reset = [&] {
      strings.assign(static_cast<std::size_t>(clear) + 2, {});
      for (int i = 0; i < clear; ++i)
        strings[static_cast<std::size_t>(i)] = {static_cast<std::uint8_t>(i)};
    };
    reset();
    std::vector<std::uint8_t> pixels;
    std::vector<std::uint8_t> before;
    int bits = pixel_bits + 1;
    for (std::size_t at = 0;;) {
      int code = 0;
      for (int i = 0; i < bits; ++i, ++at) code |= (data.at(at / 8) >> (at % 8) & 1) << i;
      if (code == clear + 1) {
        require((at + 7) / 8 == data.size(), "end of the codes");
        return pixels;
      }
      if (code == clear) {
        reset();
        before.clear();
        bits = pixel_bits + 1;
        continue;
      }
      std::vector<std::uint8_t> string;
      if (static_cast<std::size_t>(code) < strings.size()) {
        string = strings[static_cast<std::size_t>(code)];
      } else {
        require(static_cast<std::size_t>(code) == strings.size() && !before.empty(), "code");
        string = before;
        string.push_back(before[0]);
      }
      pixels.insert(pixels.end(), string.begin(), string.end());
      if (!before.empty() && strings.size() < 4096) {
        before.push_back(string[0]);
        strings.push_back(before);
      }
      before = string;
      if (strings.size() == std::size_t{1} << bits && bits < 12) ++bits;
    }
  }

  std::vector<std::uint8_t> bytes_;
  std::size_t at_ = 0;
};

inline GifFile read_gif(const std::vector<std::byte>& bytes) {
  return GifReader{bytes}.read();
}

}  // namespace snnbd_tests
