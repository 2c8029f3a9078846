#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/event/event.hpp>

/// Files of events that tests write, byte by byte.
namespace event_files {

/// A folder of its own, removed at the end.
struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "snnbd-events-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() { std::filesystem::remove_all(path); }

  [[nodiscard]] std::string string() const { return path.string(); }

  /// Writes a file, and the folders that it is in.
  void write(const std::string& name, std::string_view content) const {
    std::filesystem::create_directories((path / name).parent_path());
    std::ofstream{path / name, std::ios::binary} << content;
  }
};

/// The bytes of an `.bin` of N-MNIST.
inline std::string atis(const std::vector<snnbd::event::Event>& events) {
  std::string bytes;
  for (const auto& event : events) {
    const auto stamp = static_cast<std::uint32_t>(event.time) | std::uint32_t{event.on} << 23U;
    for (const std::uint32_t byte :
         {std::uint32_t{event.x}, std::uint32_t{event.y}, stamp >> 16U, stamp >> 8U, stamp})
      bytes += static_cast<char>(byte & 255U);
  }
  return bytes;
}

inline void append(std::string& bytes, std::uint64_t number, std::size_t size, bool big) {
  for (std::size_t i = 0; i < size; ++i)
    bytes += static_cast<char>(number >> 8 * (big ? size - 1 - i : i) & 255U);
}

/// The bytes of an AEDAT 2.0 of a DVS128, given events in canonical orientation.
inline std::string aedat2(const std::vector<snnbd::event::Event>& events) {
  std::string bytes = "#!AER-DAT2.0\r\n# made by a test\r\n";
  for (const auto& event : events) {
    append(bytes, (127U - event.y) << 8U | (127U - event.x) << 1U | (1U - event.on), 4, true);
    append(bytes, static_cast<std::uint64_t>(event.time), 4, true);
  }
  return bytes;
}

/// The bytes of an AEDAT 3.1, one packet.
inline std::string aedat31(const std::vector<snnbd::event::Event>& events) {
  std::string bytes = "#!AER-DAT3.1\r\n#Format: RAW\r\n#Source 1: DVS128\r\n#!END-HEADER\r\n";
  append(bytes, 1, 2, false);
  append(bytes, 1, 2, false);
  for (const std::uint64_t number :
       {std::uint64_t{8}, std::uint64_t{4}, std::uint64_t{0}, std::uint64_t{events.size()},
        std::uint64_t{events.size()}, std::uint64_t{events.size()}})
    append(bytes, number, 4, false);
  for (const auto& event : events) {
    append(bytes,
           std::uint32_t{event.x} << 17U | std::uint32_t{event.y} << 2U |
               std::uint32_t{event.on} << 1U | 1U,
           4, false);
    append(bytes, static_cast<std::uint64_t>(event.time), 4, false);
  }
  return bytes;
}

}  // namespace event_files
