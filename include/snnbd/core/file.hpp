#pragma once

#include <cstddef>
#include <cstdint>
#include <new>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/core/error.hpp>

namespace snnbd::inline SNNBD_ISA {

/// Calls `read`, which makes something of a file.
///
/// @returns what `read` returns
/// @throws Error that names `path` if memory has no room for it
template <class Read>
decltype(auto) read_within_memory(const std::string& path, const Read& read) {
  try {
    return read();
  } catch (const std::bad_alloc&) {
    reject(path, "a file that memory has room for", "a larger one");
  }
}

/// The content of a regular file.
///
/// @param limit the largest size in bytes that is read
/// @returns the bytes of the file
/// @throws Error if it is no readable regular file, larger than `limit` or than memory has room for
std::vector<std::byte> read_file(const std::string& path, std::uint64_t limit);

/// Writes a file beside its place and renames it, so that a reader sees the previous content or the
/// new one and a failure leaves the previous one. File and folder are flushed to the disk. Missing
/// parent folders are made; a link stays a link.
///
/// A process that is killed leaves its unfinished file, `.snnbd-NUMBER.tmp`, behind. The next that
/// writes into the folder removes it if it is an hour old and no process holds it.
///
/// @param bytes the whole content
/// @throws Error that names `path` if the folder or the file cannot be written
void write_file_atomically(const std::string& path, std::span<const std::byte> bytes);

/// The same for text.
void write_file_atomically(const std::string& path, std::string_view text);

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/file.ipp>
#endif
