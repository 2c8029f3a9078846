#pragma once

#include <memory>
#include <span>
#include <string>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/config.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/event/options.hpp>
#include <snnbd/event/source.hpp>

namespace snnbd::inline SNNBD_ISA::event {

/// What a file holds, by its first bytes; by the ending of its name where these do not tell.
///
/// @param path for its ending and for errors
/// @throws Error that names `path` if it is none of the formats
[[nodiscard]] Format format_of(std::span<const std::byte> first_bytes, const std::string& path);

/// Opens a recording, whatever its format is. Only what is needed is read.
///
/// ```cpp
/// const auto source = event::open("recording.aedat");
/// for (auto block = source->next(); !block.empty(); block = source->next()) { /* ... */ }
/// ```
///
/// @throws Error that names the file if it cannot be read, is of no known format, or has a damaged
///   header
[[nodiscard]] std::unique_ptr<Source> open(const std::string& path,
                                           const ReadOptions& options = {});

/// The same for bytes in memory, or for a file that is open.
///
/// @param stream whose subject has the ending
[[nodiscard]] std::unique_ptr<Source> open(ByteStream stream, const ReadOptions& options = {});

/// All events of a recording.
///
/// @throws Error that names `path` if it is damaged, if it holds more events than `options.limit`,
///   or more than memory has room for
[[nodiscard]] Recording read(const std::string& path, const ReadOptions& options = {});

/// The rest of a source.
///
/// @param subject what an error names
/// @param limit the most events
[[nodiscard]] Recording read(Source& source, const std::string& subject,
                             std::uint64_t limit = ReadOptions{}.limit);

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/read.ipp>
#endif
