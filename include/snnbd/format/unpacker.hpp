#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>

/// What the readers of packed frames have in common.
namespace snnbd::inline SNNBD_ISA::packed {

/// Unpacks one frame after another, with the same memory: `lz4::make_unpacker` and
/// `zstd::make_unpacker` give one.
class Unpacker {
 public:
  Unpacker() = default;
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  virtual ~Unpacker() = default;

  /// What one frame packs.
  ///
  /// @param packed a whole frame, and nothing else
  /// @param room grows with what is unpacked, not with what a frame claims, and is used again
  /// @param limit the most bytes that are unpacked
  /// @param subject what errors name, mostly the file
  /// @returns the first bytes of `room`
  /// @throws Error if the frame is damaged or cut short, holds more, or is followed by something
  [[nodiscard]] virtual std::span<const std::byte> unpack(std::span<const std::byte> packed,
                                                          std::vector<std::byte>& room,
                                                          std::uint64_t limit,
                                                          std::string_view subject) = 0;
};

}  // namespace snnbd::inline SNNBD_ISA::packed
