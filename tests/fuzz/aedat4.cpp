// Recordings in AEDAT 4. Random changes to a packed packet would nearly all end at its frame: most
// are made to the table in it.
#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include <snnbd/core/byte_stream.hpp>
#include <snnbd/event/aedat4.hpp>
#include <snnbd/format/flatbuffer.hpp>
#include <snnbd/format/lz4.hpp>
#include <snnbd/format/zstd.hpp>

#include "../format/flatbuffer_writer.hpp"
#include "../format/packed.hpp"
#include "input_file.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t limit);

namespace {

using Bytes = std::vector<std::byte>;

constexpr std::uint64_t largest_packet = std::uint64_t{1} << 22U;
constexpr std::size_t line_size = 14;
constexpr std::size_t head_size = 8;

/// Where the packets of a file are: behind the header, each behind its own head.
std::vector<std::span<const std::byte>> packets_of(std::span<const std::byte> file) {
  std::vector<std::span<const std::byte>> packets;
  const auto number = [&](std::size_t place) {
    return std::size_t{snnbd::flatbuffer::number_at<std::uint32_t>(file.data() + place)};
  };
  if (file.size() < line_size + 4) return packets;
  std::size_t place = line_size + 4 + number(line_size);
  while (place < file.size() && file.size() - place >= head_size) {
    const std::size_t size = number(place + 4);
    place += head_size;
    if (size > file.size() - place) break;
    packets.push_back(file.subspan(place, size));
    place += size;
  }
  return packets;
}

int compression_of(std::span<const std::byte> file) {
  int compression = 0;
  fuzz::accepts([&] {
    compression = snnbd::flatbuffer::Table::root(file.subspan(line_size), "IOHE", "input")
                      .number<std::int32_t>(0, 0);
  });
  return compression;
}

Bytes unpacked(std::span<const std::byte> packet, int compression) {
  Bytes room;
  Bytes bytes;
  fuzz::accepts([&] {
    auto found = packet;
    if (compression == 1 || compression == 2)
      found = snnbd::lz4::make_unpacker("input")->unpack(packet, room, largest_packet, "input");
    if (compression == 3 || compression == 4)
      found = snnbd::zstd::make_unpacker("input")->unpack(packet, room, largest_packet, "input");
    bytes.assign(found.begin(), found.end());
  });
  return bytes;
}

Bytes packed(const Bytes& bytes, [[maybe_unused]] int compression) {
#if defined(SNNBD_HAS_LZ4)
  if (compression == 1 || compression == 2) return snnbd_tests::lz4_frame(bytes);
#endif
#if defined(SNNBD_HAS_ZSTD)
  if (compression == 3 || compression == 4) return snnbd_tests::zstd_frame(bytes);
#endif
  return bytes;
}

/// The file with one of its packets changed; nothing if it has none.
std::optional<Bytes> with_changed_packet(std::span<const std::byte> file, unsigned seed) {
  const auto packets = packets_of(file);
  if (packets.empty()) return std::nullopt;
  const auto packet = packets[seed % packets.size()];
  const int compression = compression_of(file);
  constexpr std::size_t largest = 1 << 14;
  Bytes table = unpacked(packet, compression);
  const std::size_t before = std::min(table.size(), largest);
  table.resize(largest);
  table.resize(LLVMFuzzerMutate(reinterpret_cast<std::uint8_t*>(table.data()), before, largest));
  // The size that a table gives of itself is right most of the time.
  if (seed % 8 != 0 && table.size() >= 4) snnbd_tests::overwrite(table, 0, table.size() - 4, 4);
  const Bytes content = packed(table, compression);
  const auto place = packet.data() - file.data();
  Bytes changed(file.begin(), file.begin() + place);
  snnbd_tests::overwrite(changed, changed.size() - 4, content.size(), 4);
  changed.insert(changed.end(), content.begin(), content.end());
  changed.insert(changed.end(), file.begin() + place + static_cast<std::ptrdiff_t>(packet.size()),
                 file.end());
  return changed;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace event = snnbd::event;
  const fuzz::InputFile file{data, size};
  fuzz::accepts([&] {
    const auto source =
        event::open_aedat4(snnbd::ByteStream{file.path()}, {.packet_limit = largest_packet});
    const event::Sensor sensor = source->sensor();
    std::uint64_t given = 0;
    for (auto events = source->next(); !events.empty(); events = source->next()) {
      given += events.size();
      for (const event::Event& one : events)
        fuzz::expect((!sensor.is_known() || sensor.holds(one)) && one.on <= 1,
                     "events within the sensor");
    }
    fuzz::expect(source->findings().events == given, "as many events as are counted");
  });
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t limit, unsigned seed) {
  const auto changed = seed % 4 == 0
                           ? std::nullopt
                           : with_changed_packet(std::as_bytes(std::span{data, size}), seed);
  if (!changed || changed->size() > limit) return LLVMFuzzerMutate(data, size, limit);
  std::transform(changed->begin(), changed->end(), data,
                 [](std::byte byte) { return std::to_integer<std::uint8_t>(byte); });
  return changed->size();
}
