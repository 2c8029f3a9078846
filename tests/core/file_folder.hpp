#pragma once

#include <filesystem>
#include <string>
#include <system_error>

#include <unistd.h>

#include <snnbd/core/file.hpp>
#include <snnbd/core/file_operations.hpp>

namespace snnbd_tests {

/// A folder of this process that goes with all that is in it.
struct Folder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("snnbd-file-" + std::to_string(::getpid()));
  Folder() {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all, ignored);
    std::filesystem::remove_all(path, ignored);
  }
  [[nodiscard]] std::string at(const std::string& name) const { return (path / name).string(); }
  [[nodiscard]] int entries() const {
    int count = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator{path}) ++count;
    return count;
  }
};

inline std::string text_of(const std::string& path) {
  const auto bytes = snnbd::read_file(path, 1U << 20U);
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// While it lives, files are read and written by other calls.
class Replaced {
 public:
  explicit Replaced(const snnbd::detail::FileOperations& operations) : operations_{operations} {
    snnbd::detail::replace_file_operations(&operations_);
  }
  Replaced(const Replaced&) = delete;
  Replaced& operator=(const Replaced&) = delete;
  ~Replaced() { snnbd::detail::replace_file_operations(nullptr); }

 private:
  snnbd::detail::FileOperations operations_;
};

}  // namespace snnbd_tests
