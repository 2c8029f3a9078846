#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA {

/// The content of a regular file.
///
/// @param limit the largest size in bytes that is read
/// @returns the bytes of the file
/// @throws Error if it is no readable regular file or larger than `limit`
std::vector<std::byte> read_file(const std::string& path, std::uint64_t limit);

/// Writes a file beside its place and renames it, so that a reader sees the previous content or the
/// new one and a failure leaves the previous one. Missing parent folders are made.
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
