#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/config.hpp>
#include <snnbd/event/block_source.hpp>
#include <snnbd/event/options.hpp>
#include <snnbd/event/source.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

/// The events of one packet, 16 bytes each: time, x and y with signs, whether it is ON, and three
/// bytes of nothing.
struct Aedat4Decoder {
  static constexpr std::size_t record = 16;

  Decoded operator()(std::span<const std::byte> bytes, std::span<Event> block, Findings& findings);

  Bounds bounds;
};

}  // namespace detail

/// AEDAT 4, as iniVation's DV writes it (docs/formats.md): packets, plain or packed with LZ4 or
/// Zstandard, of which one at a time is in memory. Those of `options.stream` are read, or of the
/// first stream of events that the file lists. Packets of other streams, such as frames, are
/// skipped and counted as `others`. Times are Unix times.
///
/// @throws Error, here and from `next`, that names the file and the packet if the file is damaged
///   or cut short; if it has no such stream of events; if it is packed with LZ4 or Zstandard and
///   the library was built without liblz4 or libzstd
[[nodiscard]] std::unique_ptr<Source> open_aedat4(ByteStream stream,
                                                  const ReadOptions& options = {});

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/aedat4.ipp>
#endif
