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

/// Pairs of 32 bits, little-endian: a time stamp, and 14 bits of column, 14 of row, 4 of polarity.
struct PropheseeDecoder {
  static constexpr std::size_t record = 8;

  Decoded operator()(std::span<const std::byte> bytes, std::span<Event> block, Findings& findings);

  Bounds bounds;
  Unwrapped unwrapped;
};

}  // namespace detail

/// `.dat` of Prophesee, version 2: N-Cars among others. Lines that begin with `%`, of which
/// `% Width` and `% Height` tell the sensor, a byte with the kind of the events, one with their
/// size, and the events. Time stamps of 32 bits are unwrapped. The docs of the format say that (0,
/// 0) is at the top left and that 1 is ON; the bits are as docs.prophesee.ai has them.
///
/// @throws Error if there is no such header, if the version is another, if the events are of no
///   pixel (kinds 0 and 12 are) or of another size, or if the file ends within an event
[[nodiscard]] std::unique_ptr<Source> open_prophesee(ByteStream stream,
                                                     const ReadOptions& options = {});

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/prophesee.ipp>
#endif
