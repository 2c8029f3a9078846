#pragma once

#include <memory>
#include <span>
#include <string>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/config.hpp>
#include <snnbd/event/block_source.hpp>
#include <snnbd/event/options.hpp>
#include <snnbd/event/source.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

/// Records of five bytes: x, y, and 24 bits, big-endian: the polarity and a time stamp of 23 bits.
struct AtisDecoder {
  static constexpr std::size_t record = 5;

  Decoded operator()(std::span<const std::byte> bytes, std::span<Event> block, Findings& findings);

  Bounds bounds;
  bool markers = true;
  std::int64_t base = 0;  ///< of the time stamps: 2^13 for each marker so far
};

}  // namespace detail

/// `.bin` of N-MNIST and N-Caltech101, as the ATIS camera's tools write it. The file has no header
/// and does not tell its sensor.
///
/// @throws Error if the file ends within an event; nothing else of it can be told to be wrong
[[nodiscard]] std::unique_ptr<Source> open_atis(ByteStream stream, const ReadOptions& options = {});

/// Writes events as N-MNIST has them. Files of no event are written, too.
///
/// @param events with x of at most 255, y below 240, which marks overflows, and times from 0 to
///   8,388,607 microseconds; in their order
/// @throws Error that names `path` and the event if one does not fit, or if the file cannot be
///   written
void write_atis(const std::string& path, std::span<const Event> events);

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/atis.ipp>
#endif
