#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <snnbd/core/config.hpp>
#include <snnbd/event/source.hpp>

namespace snnbd::inline SNNBD_ISA::event {

/// How a file of AEDAT 4 is read.
struct Aedat4Options {
  /// Number of the stream whose events are read; if none, the first stream of events that the file
  /// lists.
  std::optional<int> stream = std::nullopt;
  /// The most bytes of a packet, packed and unpacked. A reader never holds more than one packet.
  std::uint64_t largest_packet = std::uint64_t{1} << 28U;
};

/// Whether a file that begins so is one of AEDAT 4.
[[nodiscard]] bool is_aedat4(std::span<const std::byte> beginning);

/// Opens a file of AEDAT 4, as iniVation's DV writes it (docs/formats.md). Its packets are unpacked
/// one at a time, and given in blocks of at most 65,536 events. Packets of other streams, such as
/// frames, are skipped and counted in `Findings::others`. Events outside of the sensor are counted
/// and left out. Times are Unix times.
///
/// @throws Error, here and from `next`, that names the file and the packet if the file is damaged
///   or cut short; if it has no such stream of events; if it is packed with LZ4 or Zstandard and
///   the library was built without liblz4 or libzstd
[[nodiscard]] std::unique_ptr<Source> open_aedat4(const std::string& path,
                                                  const Aedat4Options& options = {});

}  // namespace snnbd::inline SNNBD_ISA::event

#if !defined(SNNBD_COMPILED)
#include <snnbd/event/aedat4.ipp>
#endif
