#pragma once

#include <cerrno>
#include <string>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>

#include <snnbd/core/config.hpp>
#include <snnbd/core/error.hpp>
#include <snnbd/core/file_operations.hpp>

namespace snnbd::inline SNNBD_ISA::detail {

inline std::string system_message(int code) {
  return std::generic_category().message(code);
}

/// An open file, closed with its scope; what `errno` tells of an earlier failure stays.
class Descriptor {
 public:
  explicit Descriptor(int value) : value_{value} {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  Descriptor(Descriptor&& other) noexcept : value_{std::exchange(other.value_, -1)} {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  ~Descriptor() {
    const int reason = errno;
    static_cast<void>(close());
    errno = reason;
  }

  [[nodiscard]] bool is_open() const { return value_ >= 0; }
  [[nodiscard]] int value() const { return value_; }

  /// Closes the file, and tells whether all went well.
  bool close() { return !is_open() || file_operations().close(std::exchange(value_, -1)) == 0; }

 private:
  int value_;
};

/// Opens a regular file for reading. A pipe or a device may never end, and must not be waited for.
///
/// @param status set to what the system tells of the file
/// @throws Error that names `path` if it is none, or cannot be opened
inline Descriptor open_regular_file(const std::string& path, struct stat& status) {
  const FileOperations& call = file_operations();
  Descriptor file{call.open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0)};
  if (!file.is_open()) reject(path, "a readable file", system_message(errno));
  if (call.status(file.value(), &status) != 0)
    reject(path, "a readable file", system_message(errno));
  if (!S_ISREG(status.st_mode))
    reject(path, "a regular file", S_ISDIR(status.st_mode) ? "a folder" : "something else");
  return file;
}

}  // namespace snnbd::inline SNNBD_ISA::detail
