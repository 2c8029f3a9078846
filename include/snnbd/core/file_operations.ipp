#pragma once

#include <atomic>
#include <cstdio>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <snnbd/core/file_operations.hpp>

namespace snnbd::inline SNNBD_ISA::detail {

inline std::atomic<const FileOperations*>& replaced_file_operations() {
  static std::atomic<const FileOperations*> replaced{nullptr};
  return replaced;
}

SNNBD_COLD const FileOperations& system_file_operations() {
  static constexpr FileOperations operations{
      [](const char* path, int flags, mode_t mode) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
        return ::open(path, flags, mode);
      },
      [](int descriptor, struct stat* result) { return ::fstat(descriptor, result); },
      [](int descriptor, void* bytes, std::size_t count) {
        return ::read(descriptor, bytes, count);
      },
      [](int descriptor, const void* bytes, std::size_t count) {
        return ::write(descriptor, bytes, count);
      },
      [](int descriptor) { return ::fsync(descriptor); },
      [](int descriptor, int operation) { return ::flock(descriptor, operation); },
      [](int descriptor) {
        // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
        return ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
      },
      [](int descriptor) { return ::close(descriptor); },
      [](const char* from, const char* to) { return std::rename(from, to); },
      [](const char* path, mode_t mode) { return ::mkdir(path, mode); },
      [](const char* path) { return ::unlink(path); }};
  return operations;
}

SNNBD_COLD const FileOperations& file_operations() {
  const FileOperations* replaced = replaced_file_operations().load();
  return replaced == nullptr ? system_file_operations() : *replaced;
}

SNNBD_COLD void replace_file_operations(const FileOperations* operations) {
  replaced_file_operations().store(operations);
}

}  // namespace snnbd::inline SNNBD_ISA::detail
