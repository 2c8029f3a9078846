#pragma once

#include <cstddef>

#include <sys/stat.h>
#include <sys/types.h>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::detail {

/// The calls of the system by which files are read and written. They are reached through a table so
/// that a test can let each of them fail in turn.
struct FileOperations {
  int (*open)(const char* path, int flags, mode_t mode);
  int (*status)(int descriptor, struct stat* result);
  ssize_t (*read)(int descriptor, void* bytes, std::size_t count);
  ssize_t (*write)(int descriptor, const void* bytes, std::size_t count);
  int (*flush)(int descriptor);
  int (*lock)(int descriptor, int operation);
  int (*duplicate)(int descriptor);
  int (*close)(int descriptor);
  int (*rename)(const char* from, const char* to);
  int (*make_folder)(const char* path, mode_t mode);
  int (*remove)(const char* path);
};

/// The calls themselves.
const FileOperations& system_file_operations();

/// What is called: the system, or what was put in its place.
const FileOperations& file_operations();

/// For tests.
///
/// @param operations outlive their use; null for those of the system
void replace_file_operations(const FileOperations* operations);

}  // namespace snnbd::inline SNNBD_ISA::detail

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/file_operations.ipp>
#endif
