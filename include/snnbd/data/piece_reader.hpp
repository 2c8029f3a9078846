#pragma once

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <snnbd/core/crc32.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

inline std::uint32_t checksum_of_bytes(std::span<const std::byte> bytes) {
  return crc32({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

/// A file that is read in pieces, anywhere in it.
class PieceReader {
 public:
  explicit PieceReader(const std::string& path)
      : descriptor_{::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC)} {
    struct stat status {};
    if (descriptor_ < 0 || ::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode)) return;
    size_ = static_cast<std::uint64_t>(status.st_size);
    changed_ = std::int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
    regular_ = true;
  }
  PieceReader(const PieceReader&) = delete;
  PieceReader& operator=(const PieceReader&) = delete;
  ~PieceReader() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }

  /// Whether it is a regular file that can be read.
  [[nodiscard]] bool is_open() const { return regular_; }
  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// When it was changed last, in nanoseconds.
  [[nodiscard]] std::int64_t changed() const { return changed_; }

  /// Whether all bytes of the piece are there.
  [[nodiscard]] bool read(std::uint64_t offset, std::span<std::byte> to) const {
    while (!to.empty()) {
      const auto count = ::pread(descriptor_, to.data(), to.size(), static_cast<off_t>(offset));
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) return false;
      offset += static_cast<std::uint64_t>(count);
      to = to.subspan(static_cast<std::size_t>(count));
    }
    return true;
  }

 private:
  int descriptor_;
  std::uint64_t size_ = 0;
  std::int64_t changed_ = 0;
  bool regular_ = false;
};

}  // namespace snnbd::inline SNNBD_ISA::data::detail
