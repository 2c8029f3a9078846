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

/// Pairs of 32 bits, big-endian: an address of the DVS128, whose bits 1 to 7 are the column, 8 to
/// 14 the row and bit 0 the polarity, and a time stamp. Bits 15 and 31 mark events that are none
/// of a pixel.
struct Dvs128Decoder {
  static constexpr std::size_t record = 8;

  Decoded operator()(std::span<const std::byte> bytes, std::span<Event> block, Findings& findings);

  Bounds bounds;
  Convention convention = Convention::canonical;
  Unwrapped unwrapped;
};

/// The same with an address of a DAVIS, as jAER's `DavisChip` lays it out: bit 31 marks samples of
/// frames and of inertia, bit 10 external events, bits 22 to 30 are the row, 12 to 21 the column,
/// bit 11 the polarity.
struct DavisDecoder {
  static constexpr std::size_t record = 8;

  Decoded operator()(std::span<const std::byte> bytes, std::span<Event> block, Findings& findings);

  Sensor chip;
  Bounds bounds;
  Unwrapped unwrapped;
};

}  // namespace detail

/// AEDAT 2.0, as jAER writes it. The line `# AEChip: ...` of the header tells the camera: a DVS128,
/// or a DAVIS (240, 346, 640, 128), whose samples of frames and of inertia are skipped and counted.
/// Without the line it is a DVS128. Time stamps of 32 bits are unwrapped.
///
/// The header is every line that begins with `#`, up to the line `#End Of ASCII Header` if there is
/// one. A first event whose address begins with that character is told from a line by the zero that
/// such an address has in its four bytes.
///
/// @throws Error if it is the recording of another camera, if a convention other than the canonical
///   is asked for a DAVIS, or if the file ends within an event
[[nodiscard]] std::unique_ptr<Source> open_aedat2(ByteStream stream,
                                                  const ReadOptions& options = {});

/// Writes a recording of a DVS128 in AEDAT 2.0, which jAER, SpikingJelly and `open_aedat2` read.
///
/// @param events canonical, with pixels within 128x128 and times from 0 to 2^32 - 1 microseconds
/// @throws Error that names `path` and the event if one does not fit, or if the file cannot be
///   written
void write_aedat2(const std::string& path, std::span<const Event> events);

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/aedat2.ipp>
#endif
