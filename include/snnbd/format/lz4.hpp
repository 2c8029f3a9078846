#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>

/// Frames that LZ4 packed, read by liblz4, which a build may lack.
namespace snnbd::inline SNNBD_ISA::lz4 {

/// Whether the library was built with liblz4 (`SNNBD_HAS_LZ4`).
[[nodiscard]] bool is_available();

/// Unpacks one frame after another, with the same memory.
class Unpacker {
 public:
  /// @param subject what the error names, mostly the file
  /// @throws Error without liblz4; it says which package to install, and how to configure
  explicit Unpacker(std::string_view subject);
  Unpacker(const Unpacker&) = delete;
  Unpacker& operator=(const Unpacker&) = delete;
  ~Unpacker();

  /// What one frame packs.
  ///
  /// @param packed a whole frame (`LZ4F`), and nothing else
  /// @param room grows with what is unpacked, not with what a frame claims, and is used again
  /// @param limit the most bytes that are unpacked
  /// @param subject what errors name, mostly the file
  /// @returns the first bytes of `room`
  /// @throws Error if the frame is damaged or cut short, holds more, or is followed by something
  [[nodiscard]] std::span<const std::byte> unpack(std::span<const std::byte> packed,
                                                  std::vector<std::byte>& room, std::uint64_t limit,
                                                  std::string_view subject);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace snnbd::inline SNNBD_ISA::lz4

#if !defined(SNNBD_COMPILED)
#include <snnbd/format/lz4.ipp>
#endif
