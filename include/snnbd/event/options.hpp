#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/core/config.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::event {

/// Which corner is (0, 0) and which polarity is ON: ours, or what a toolkit makes of the same file.
///
/// They differ in recordings of the DVS128 in AEDAT 2.0, and in AEDAT 3.0, where rows are counted
/// from the bottom and toolkits take them as they are. With xr, yr and b the bits of a DVS128
/// address (`addr >> 1 & 127`, `addr >> 8 & 127`, `addr & 1`):
///
/// | | x | y | on |
/// |---|---|---|---|
/// | canonical | 127 - xr | 127 - yr | 1 - b |
/// | spikingjelly | 127 - yr | 127 - xr | 1 - b |
/// | tonic | yr | xr | b |
///
/// Canonical is what jAER's viewer shows: its class `DVS128` takes 127 - xr for the column, yr for
/// the row from the bottom, and a bit of 0 as ON. (The text on the formats at docs.inivation.com
/// says otherwise of the column and the bit; the program that wrote the files decides.)
/// SpikingJelly's is the canonical one with rows and columns exchanged. Tonic's has them exchanged,
/// turned by half a turn, and ON and OFF exchanged, too.
enum class Convention { canonical, spikingjelly, tonic };

[[nodiscard]] constexpr std::string_view to_string(Convention convention) {
  switch (convention) {
    case Convention::spikingjelly:
      return "spikingjelly";
    case Convention::tonic:
      return "tonic";
    default:
      return "canonical";
  }
}

/// What a file of events is.
enum class Format {
  automatic,  ///< as its first bytes tell, or its ending
  atis,       ///< `.bin` of N-MNIST and N-Caltech101
  aedat2,     ///< AEDAT 2.0, as jAER writes it
  aedat3,     ///< AEDAT 3.0 and 3.1
  aedat4,     ///< AEDAT 4.0
  prophesee,  ///< `.dat` of Prophesee
  npy,        ///< one array of NumPy: columns x, y, p, t, or fields of these names
  npz         ///< arrays t, x, y and p, as SpikingJelly keeps them
};

/// How a file of events is read.
struct ReadOptions {
  Format format = Format::automatic;

  /// Events outside are left out and counted. As the file tells unless set; files that do not tell
  /// (`.bin`, `.npy`, `.npz`) give all events unless set.
  Sensor sensor{};

  Convention convention = Convention::canonical;

  /// In `.bin` files a y of 240 marks an overflow of the time stamps by 2^13 microseconds, which
  /// all later events get. SpikingJelly takes it for an event: false gives its events.
  bool overflow_markers = true;

  /// Microseconds of one unit of the times in `.npy` and `.npz`; 0 is 1,000 for columns, as tonic's
  /// gestures have milliseconds, and 1 for fields and for `.npz`.
  std::int64_t time_unit = 0;

  /// In AEDAT 4, the number of the stream that is read; if none, the first one of events.
  std::optional<int> stream = std::nullopt;

  /// In AEDAT 4, the most bytes of a packet, packed and unpacked.
  std::uint64_t packet_limit = std::uint64_t{1} << 28U;

  /// `read` refuses a recording of more events.
  std::uint64_t limit = std::uint64_t{1} << 28U;

  /// The largest `.npz`, or `.npy` in Fortran's order, in bytes, packed and unpacked: they cannot
  /// be read from the beginning to the end, and lie in memory.
  std::uint64_t array_limit = std::uint64_t{1} << 30U;

  /// Bytes of the file that are in memory at a time.
  std::size_t buffer = ByteStream::default_capacity;
};

}  // namespace snnbd::inline SNNBD_ISA::event
