// Recordings in all formats. The first byte chooses the format, the second the size of the buffer:
// wherever it ends, the events must be the same. Changes to an archive would nearly all end at its
// checksums, so that its four arrays are packed here.
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/event/read.hpp>
#include <snnbd/format/zip.hpp>

#include "input_file.hpp"

namespace {

namespace event = snnbd::event;
using Bytes = std::vector<std::byte>;

/// Packs four arrays, each of which begins with its length in two bytes.
Bytes packed(std::span<const std::byte> bytes) {
  std::vector<snnbd::zip::Member> members;
  for (const char* name : {"t.npy", "x.npy", "y.npy", "p.npy"}) {
    std::size_t length = 0;
    if (bytes.size() >= 2) {
      length = std::to_integer<std::size_t>(bytes[0]) | std::to_integer<std::size_t>(bytes[1])
                                                            << 8U;
      bytes = bytes.subspan(2);
    }
    const auto content = bytes.first(std::min(length, bytes.size()));
    bytes = bytes.subspan(content.size());
    members.push_back({name, {content.begin(), content.end()}});
  }
  return snnbd::zip::encode(members);
}

event::ReadOptions options_of(unsigned choice) {
  constexpr std::array formats{event::Format::automatic, event::Format::atis,
                               event::Format::aedat2,    event::Format::aedat3,
                               event::Format::aedat4,    event::Format::prophesee,
                               event::Format::npy,       event::Format::npz};
  event::ReadOptions options;
  options.format = formats[choice % 8];
  constexpr std::array conventions{event::Convention::canonical, event::Convention::spikingjelly,
                                   event::Convention::tonic};
  options.convention = conventions[choice / 8 % 3];
  options.overflow_markers = choice / 24 % 2 == 0;
  if (choice / 48 % 2 == 1) options.sensor = {34, 34};
  options.limit = 1U << 16U;
  options.array_limit = 1U << 20U;
  return options;
}

bool reads(std::span<const std::byte> bytes, const event::ReadOptions& options,
           std::size_t capacity, event::Recording& recording) {
  return fuzz::accepts([&] {
    const auto source = event::open(snnbd::ByteStream{bytes, "input.bin", capacity}, options);
    recording = event::read(*source, "input", options.limit);
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const event::ReadOptions options = options_of(data[0]);
  auto bytes = std::as_bytes(std::span{data, size}).subspan(2);
  Bytes archive;
  if (options.format == event::Format::npz) {
    archive = packed(bytes);
    bytes = archive;
  }
  event::Recording whole;
  event::Recording pieces;
  const bool accepted = reads(bytes, options, std::size_t(-1), whole);
  fuzz::expect(reads(bytes, options, std::size_t{data[1]} + 1, pieces) == accepted,
               "the same verdict whatever the buffer");
  if (!accepted) return 0;
  fuzz::expect(whole.events == pieces.events && whole.findings == pieces.findings,
               "the same events whatever the buffer");
  fuzz::expect(whole.findings.events == whole.events.size(), "all events that were counted");
  for (const event::Event& one : whole.events)
    fuzz::expect(one.on <= 1 && (!whole.sensor.is_known() || whole.sensor.holds(one)),
                 "events within their sensor, ON or OFF");
  return 0;
}
