#pragma once

#include <memory>
#include <span>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/config.hpp>
#include <snnbd/event/block_source.hpp>
#include <snnbd/event/options.hpp>
#include <snnbd/event/source.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

/// The polarity events of one packet: 32 bits of data and 32 of time, little-endian. Bit 0 of the
/// data is whether the event is valid, bit 1 the polarity, 2 to 16 the row, 17 to 31 the column.
struct PolarityDecoder {
  static constexpr std::size_t record = 8;

  Decoded operator()(std::span<const std::byte> bytes, std::span<Event> block, Findings& findings);

  Bounds bounds;
  std::int64_t base = 0;        ///< of the packet's time stamps, 2^31 for each overflow
  std::uint32_t bottom = 0;     ///< the last row, if rows are counted from it, else 0
  std::uint32_t all_valid = 0;  ///< 1 in a packet that says so
  std::uint32_t stamps = 0;     ///< all time stamps so far, joined by "or": bit 31 must not be set
};

}  // namespace detail

/// AEDAT 3.0 and 3.1, as cAER writes them: DVS128 Gesture among others. Packets of polarity events
/// are read: as many events as `eventNumber` says, at times that `eventTSOverflow` is part of. An
/// event is valid if its bit says so, or if `eventValid` says so of all in its packet, as some
/// programs leave the bits out. Events of other packets are skipped and counted as `others`.
///
/// The sensor is that of the header's first `#Source` line, if it is a known camera (DVS128,
/// DAVIS). Version 3.0 counts rows from the bottom, so that its sensor must be known; SpikingJelly
/// and tonic take them as they are, and so do their conventions here.
///
/// @throws Error if the header is not one of AEDAT 3, if events are packed, if a packet claims what
///   it cannot have or more than the file has, or if two sources give polarity events
[[nodiscard]] std::unique_ptr<Source> open_aedat3(ByteStream stream,
                                                  const ReadOptions& options = {});

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/aedat3.ipp>
#endif
