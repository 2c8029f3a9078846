#pragma once

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <unistd.h>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace detail {

inline std::string system_message(int code) {
  return std::generic_category().message(code);
}

/// A file that is removed again unless it was renamed to its place.
class TemporaryFile {
 public:
  explicit TemporaryFile(std::string path)
      : path_{std::move(path)},
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
        descriptor_{::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)} {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (descriptor_ < 0) return;
    if (open_) ::close(descriptor_);
    if (!renamed_) ::unlink(path_.c_str());
  }

  [[nodiscard]] bool exists() const { return descriptor_ >= 0; }

  /// Writes everything, flushes it to the disk and renames it; false with `errno` set on failure.
  bool put(std::span<const std::byte> bytes, const std::string& destination) {
    constexpr std::size_t largest_write = std::size_t{1} << 30U;
    while (!bytes.empty()) {
      const auto wrote = ::write(descriptor_, bytes.data(), std::min(bytes.size(), largest_write));
      if (wrote < 0 && errno == EINTR) continue;
      if (wrote < 0) return false;
      bytes = bytes.subspan(static_cast<std::size_t>(wrote));
    }
    // File systems that cannot flush say EINVAL; the content is as safe there as it can be.
    if (::fsync(descriptor_) != 0 && errno != EINVAL) return false;
    open_ = false;
    if (::close(descriptor_) != 0) return false;
    renamed_ = std::rename(path_.c_str(), destination.c_str()) == 0;
    return renamed_;
  }

 private:
  std::string path_;
  int descriptor_;
  bool open_ = true;
  bool renamed_ = false;
};

}  // namespace detail

SNNBD_INLINE std::vector<std::byte> read_file(const std::string& path, std::uint64_t limit) {
  std::error_code failure;
  const auto status = std::filesystem::status(path, failure);
  if (!std::filesystem::exists(status))
    reject(path, "a readable file", failure ? failure.message() : std::string{"none"});
  // A pipe or a device may never end.
  if (!std::filesystem::is_regular_file(status)) reject(path, "a regular file", "something else");
  const std::uintmax_t size = std::filesystem::file_size(path, failure);
  if (failure) reject(path, "a readable file", failure.message());
  const std::string allowed = "at most " + std::to_string(limit) + " bytes";
  if (size > limit) reject(path, allowed, std::to_string(size));

  errno = 0;
  std::ifstream file{path, std::ios::binary};
  if (!file) reject(path, "a readable file", detail::system_message(errno));
  constexpr std::size_t step = std::size_t{1} << 16U;
  std::vector<std::byte> bytes(static_cast<std::size_t>(size));
  std::size_t used = 0;
  // A file may grow or shrink while it is read, and some tell no size at all.
  while (true) {
    if (used == bytes.size() && file.peek() != std::ifstream::traits_type::eof())
      bytes.resize(used + step);
    if (used == bytes.size()) break;
    file.read(reinterpret_cast<char*>(bytes.data() + used),
              static_cast<std::streamsize>(bytes.size() - used));
    used += static_cast<std::size_t>(file.gcount());
    if (used > limit) reject(path, allowed, "more");
    if (!file) break;
  }
  if (file.bad()) reject(path, "a readable file", "an error while reading");
  bytes.resize(used);
  return bytes;
}

SNNBD_INLINE void write_file_atomically(const std::string& path, std::span<const std::byte> bytes) {
  namespace fs = std::filesystem;
  std::error_code failure;
  fs::path destination{path};
  if (fs::is_symlink(destination, failure)) {
    const fs::path followed = fs::canonical(destination, failure);
    if (!failure) destination = followed;
  }
  const auto status = fs::status(destination, failure);
  if (destination.filename().empty() || (fs::exists(status) && !fs::is_regular_file(status)))
    reject(path, "the name of a file", fs::is_directory(status) ? "a folder" : "something else");
  const fs::path folder = destination.parent_path();
  if (!folder.empty() && !fs::is_directory(folder, failure)) {
    fs::create_directories(folder, failure);
    if (failure) reject(path, "a folder that can be made", failure.message());
  }

  static std::atomic<unsigned> counter{0};
  const std::string name =
      ".snnbd-" + std::to_string(::getpid()) + '-' + std::to_string(counter++) + ".tmp";
  detail::TemporaryFile temporary{(folder / name).string()};
  if (!temporary.exists())
    reject(path, "a folder that can be written", detail::system_message(errno));
  if (!temporary.put(bytes, destination.string()))
    reject(path, "a file that can be written", detail::system_message(errno));
}

SNNBD_INLINE void write_file_atomically(const std::string& path, std::string_view text) {
  write_file_atomically(path, std::as_bytes(std::span{text.data(), text.size()}));
}

}  // namespace snnbd::inline SNNBD_ISA
