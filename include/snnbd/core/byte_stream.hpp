#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/core/descriptor.hpp>

namespace snnbd::inline SNNBD_ISA {

/// A regular file, or bytes in memory, read from the beginning to the end through a buffer of fixed
/// size: memory is bounded, however large the file is. A file is read as far as it goes, whatever
/// size it claims.
///
/// ```cpp
/// ByteStream stream{"events.bin"};
/// while (!stream.peek(1).empty()) stream.skip(stream.peek(1).size());
/// ```
class ByteStream {
 public:
  /// Half of a second cache, so that what was read is still near when it is used.
  static constexpr std::size_t default_capacity = std::size_t{1} << 18U;

  /// @param capacity the size of the buffer in bytes, at least 1
  /// @throws Error that names `path` if it is no readable regular file
  explicit ByteStream(const std::string& path, std::size_t capacity = default_capacity);

  /// @param bytes outlive the stream; nothing is copied
  /// @param subject what errors name
  /// @param capacity at most so many bytes are given at once, unless more are asked for
  ByteStream(std::span<const std::byte> bytes, std::string subject,
             std::size_t capacity = std::size_t(-1));

  /// The next bytes, which stay unread: at least so many, or all that are left. They stay valid
  /// until the next call; `skip` leaves them where they are.
  ///
  /// @param least a number that the caller knows, never one from the file: the buffer grows to it
  /// @throws Error that names the file if it cannot be read
  [[nodiscard]] std::span<const std::byte> peek(std::size_t least);

  /// Takes bytes that `peek` gave.
  void skip(std::size_t count);

  /// Passes over bytes that need not be in the buffer.
  ///
  /// @returns how many were there, fewer than asked only at the end of the file
  std::uint64_t pass(std::uint64_t count);

  /// The next bytes up to a line break, which is taken, too. Of a longer line only the first
  /// `kept` bytes are given, and all of it is taken.
  [[nodiscard]] std::string line(std::size_t kept);

  /// Bytes taken so far.
  [[nodiscard]] std::uint64_t position() const { return position_; }
  [[nodiscard]] const std::string& subject() const { return subject_; }

 private:
  /// Reads more behind what the buffer holds.
  void fill(std::size_t least);

  std::string subject_;
  detail::Descriptor file_{-1};
  std::vector<std::byte> buffer_;
  std::size_t capacity_;
  std::span<const std::byte> rest_;  ///< what is left: of the buffer, or of the bytes in memory
  std::uint64_t position_ = 0;
  bool at_end_ = false;
};

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/byte_stream.ipp>
#endif
