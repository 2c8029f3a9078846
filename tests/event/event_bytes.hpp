#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/event/read.hpp>
#include <snnbd/event/source.hpp>

// Event has no operator<<: Catch2 shows what a test compares.
namespace Catch {
template <>
struct StringMaker<snnbd::event::Event> {
  static std::string convert(const snnbd::event::Event& event) {
    return '(' + std::to_string(event.time) + ", " + std::to_string(event.x) + ", " +
           std::to_string(event.y) + ", " + std::to_string(event.on) + ')';
  }
};
}  // namespace Catch

namespace snnbd_tests {

using snnbd::event::Event;
using Events = std::vector<Event>;

/// A file, byte by byte.
class EventBytes {
 public:
  EventBytes& text(std::string_view text) {
    for (const char letter : text) bytes_.push_back(static_cast<std::byte>(letter));
    return *this;
  }
  EventBytes& big(std::uint64_t value, unsigned size) {
    for (unsigned shift = 8 * size; shift > 0; shift -= 8)
      bytes_.push_back(static_cast<std::byte>(value >> (shift - 8) & 0xFFU));
    return *this;
  }
  EventBytes& little(std::uint64_t value, unsigned size) {
    for (unsigned place = 0; place < size; ++place)
      bytes_.push_back(static_cast<std::byte>(value >> 8 * place & 0xFFU));
    return *this;
  }
  EventBytes& cut(std::size_t count) {
    bytes_.resize(bytes_.size() - count);
    return *this;
  }

  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::span<const std::byte> view() const { return bytes_; }
  [[nodiscard]] const std::vector<std::byte>& bytes() const { return bytes_; }

  /// A stream whose subject is `name`, whose ending may tell the format.
  [[nodiscard]] snnbd::ByteStream stream(const std::string& name,
                                         std::size_t capacity = std::size_t(-1)) const {
    return {bytes_, name, capacity};
  }

 private:
  std::vector<std::byte> bytes_;
};

inline snnbd::event::Recording recording_of(const EventBytes& file, const std::string& name,
                                            const snnbd::event::ReadOptions& options = {},
                                            std::size_t capacity = std::size_t(-1)) {
  const auto source = snnbd::event::open(file.stream(name, capacity), options);
  return snnbd::event::read(*source, name, options.limit);
}

/// Wherever the buffer ends, events and findings are the same.
inline void check_any_buffer(const EventBytes& file, const std::string& name,
                             const snnbd::event::ReadOptions& options = {}) {
  const auto expected = recording_of(file, name, options);
  for (std::size_t capacity = 1; capacity <= 80; ++capacity) {
    const auto found = recording_of(file, name, options, capacity);
    REQUIRE(found.events == expected.events);
    REQUIRE(found.findings == expected.findings);
  }
}

/// The sentence by which a file is refused.
inline std::string refusal(const EventBytes& file, const std::string& name,
                           const snnbd::event::ReadOptions& options = {}) {
  try {
    static_cast<void>(recording_of(file, name, options));
  } catch (const snnbd::Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace snnbd_tests
