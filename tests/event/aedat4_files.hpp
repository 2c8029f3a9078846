#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <ios>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/event/event.hpp>

#include "../format/flatbuffer_writer.hpp"
#include "../format/packed.hpp"

namespace snnbd_tests {

/// An event as AEDAT 4 has it, whose coordinates have a sign.
struct StoredEvent {
  std::int64_t time = 0;
  int x = 0;
  int y = 0;
  int on = 0;
};

/// How the packets of a file are packed.
enum class Packing { none, lz4, lz4_high, zstd, zstd_high };

/// Those that this build knows.
inline std::vector<Packing> packings() {
  std::vector<Packing> known{Packing::none};
#if defined(SNNBD_HAS_LZ4)
  known.insert(known.end(), {Packing::lz4, Packing::lz4_high});
#endif
#if defined(SNNBD_HAS_ZSTD)
  known.insert(known.end(), {Packing::zstd, Packing::zstd_high});
#endif
  return known;
}

inline ByteVector packed(const ByteVector& bytes, Packing packing) {
  switch (packing) {
#if defined(SNNBD_HAS_LZ4)
    case Packing::lz4:
      return lz4_frame(bytes, 0);
    case Packing::lz4_high:
      return lz4_frame(bytes, 9);
#endif
#if defined(SNNBD_HAS_ZSTD)
    case Packing::zstd:
      return zstd_frame(bytes, 3);
    case Packing::zstd_high:
      return zstd_frame(bytes, 9);
#endif
    default:
      return bytes;
  }
}

/// The description of a stream.
inline std::string stream_node(int number, std::string_view kind, int width = 0, int height = 0) {
  const auto attribute = [](std::string_view key, const std::string& value) {
    return "<attr key=\"" + std::string{key} + "\">" + value + "</attr>";
  };
  std::string info;
  if (width > 0)
    info = "<node name=\"info\">" + attribute("sizeX", std::to_string(width)) +
           attribute("sizeY", std::to_string(height)) + "</node>";
  return "<node name=\"" + std::to_string(number) + "\">" +
         attribute("typeIdentifier", std::string{kind}) + info + "</node>";
}

/// Writes files of AEDAT 4 byte by byte.
class Aedat4Writer {
 public:
  explicit Aedat4Writer(const std::string& streams, Packing packing = Packing::none)
      : streams_{streams}, packing_{packing} {}

  static ByteVector table(const std::vector<StoredEvent>& events) {
    ByteVector structs;
    for (const StoredEvent& event : events) {
      append(structs, static_cast<std::uint64_t>(event.time), 8);
      append(structs, static_cast<std::uint64_t>(event.x), 2);
      append(structs, static_cast<std::uint64_t>(event.y), 2);
      append(structs, static_cast<std::uint64_t>(event.on), 1);
      append(structs, 0, 3);
    }
    return FlatbufferWriter{}.structs(0, events.size(), structs).finish("EVTS");
  }

  Aedat4Writer& packet(int stream, const std::vector<StoredEvent>& events) {
    return packet(stream, table(events));
  }
  Aedat4Writer& packet(int stream, const ByteVector& table) {
    return raw_packet(stream, packed(table, packing_));
  }
  Aedat4Writer& raw_packet(int stream, const ByteVector& content) {
    append(packets_, static_cast<std::uint64_t>(stream), 4);
    append(packets_, content.size(), 4);
    packets_.insert(packets_.end(), content.begin(), content.end());
    return *this;
  }

  [[nodiscard]] ByteVector header(std::int64_t end) const {
    return FlatbufferWriter{}
        .number(0, static_cast<std::uint64_t>(packing_), 4)
        .number(1, static_cast<std::uint64_t>(end), 8)
        .text(2, "<dv version=\"2.0\"><node name=\"outInfo\">" + streams_ + "</node></dv>")
        .finish("IOHE");
  }

  /// The whole file.
  ///
  /// @param ended whether the header tells where the packets end, and a table follows there
  [[nodiscard]] ByteVector file(bool ended = false) const {
    ByteVector bytes;
    for (const char letter : std::string_view{"#!AER-DAT4.0\r\n"})
      bytes.push_back(static_cast<std::byte>(letter));
    const std::size_t size = bytes.size() + header(-1).size() + packets_.size();
    const ByteVector head = header(ended ? static_cast<std::int64_t>(size) : -1);
    bytes.insert(bytes.end(), head.begin(), head.end());
    bytes.insert(bytes.end(), packets_.begin(), packets_.end());
    if (ended) {
      const ByteVector table = packed(FlatbufferWriter{}.finish("FTAB"), packing_);
      bytes.insert(bytes.end(), table.begin(), table.end());
    }
    return bytes;
  }

 private:
  std::string streams_;
  Packing packing_;
  ByteVector packets_;
};

inline void write_bytes(const std::string& path, std::span<const std::byte> bytes) {
  std::ofstream{path, std::ios::binary}.write(reinterpret_cast<const char*>(bytes.data()),
                                              static_cast<std::streamsize>(bytes.size()));
}

}  // namespace snnbd_tests
