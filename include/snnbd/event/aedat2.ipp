#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/event/aedat2.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

/// The loop of both cameras.
///
/// @param place_of (address, place) -> 0 for an event, 1 for one outside, 2 for another record
template <class PlaceOf>
Decoded decode_aedat2(std::span<const std::byte> bytes, std::span<Event> block, Unwrapped& stamps,
                      Findings& findings, const PlaceOf& place_of) {
  const std::size_t count = std::min(bytes.size() / 8, block.size());
  Unwrapped unwrapped = stamps;
  std::uint64_t outside = 0;
  std::uint64_t others = 0;
  Event* to = block.data();
  const std::byte* from = bytes.data();
  for (std::size_t i = 0; i < count; ++i, from += 8) {
    const std::uint64_t word = __builtin_bswap64(load_word(from));
    std::uint64_t place = 0;
    const std::uint64_t kind = place_of(static_cast<std::uint32_t>(word >> 32U), place);
    put(to, unwrapped(static_cast<std::uint32_t>(word)), place);
    to += kind == 0 ? 1 : 0;
    outside += kind & 1U;
    others += kind >> 1U;
  }
  stamps = unwrapped;
  findings.outside += outside;
  findings.others += others;
  findings.overflows = unwrapped.overflows();
  return {count * 8, static_cast<std::size_t>(to - block.data())};
}

/// 0, 1 or 2, as `decode_aedat2` has it.
inline std::uint64_t kind_of(bool other, bool inside) {
  return other ? 2 : inside ? 0 : 1;
}

SNNBD_INLINE Decoded Dvs128Decoder::operator()(std::span<const std::byte> bytes,
                                               std::span<Event> block, Findings& findings) {
  const Bounds within = bounds;
  // 127 - v is v ^ 127 for seven bits.
  const std::uint64_t turned =
      convention == Convention::tonic ? place_word(0, 0, 0) : place_word(127, 127, 1);
  const bool exchanged = convention != Convention::canonical;
  const std::uint32_t x_shift = exchanged ? 8 : 1;
  const std::uint32_t y_shift = exchanged ? 1 : 8;
  return decode_aedat2(
      bytes, block, unwrapped, findings, [=](std::uint32_t address, std::uint64_t& place) {
        place =
            place_word(address >> x_shift & 127U, address >> y_shift & 127U, address & 1U) ^ turned;
        const bool inside =
            (place & 0xFFFFU) < within.width && (place >> 16U & 0xFFFFU) < within.height;
        return kind_of((address & 0x8000'8000U) != 0, inside);
      });
}

SNNBD_INLINE Decoded DavisDecoder::operator()(std::span<const std::byte> bytes,
                                              std::span<Event> block, Findings& findings) {
  const Bounds within = bounds;
  const auto width = static_cast<std::uint32_t>(chip.width);
  const auto height = static_cast<std::uint32_t>(chip.height);
  return decode_aedat2(
      bytes, block, unwrapped, findings, [=](std::uint32_t address, std::uint64_t& place) {
        // Columns and rows beyond the chip become huge numbers, which are outside.
        const std::uint32_t x = width - 1 - (address >> 12U & 1023U);
        const std::uint32_t y = height - 1 - (address >> 22U & 511U);
        place = place_word(x & 0xFFFFU, y & 0xFFFFU, address >> 11U & 1U);
        const bool inside =
            x < std::min(width, within.width) && y < std::min(height, within.height);
        return kind_of((address & 0x8000'0400U) != 0, inside);
      });
}

/// A camera by the name of its class in jAER, in small letters.
struct Aedat2Chip {
  std::string_view name;
  Sensor sensor;
  bool davis;
};

inline constexpr std::array<Aedat2Chip, 6> aedat2_chips{{{"dvs128", {128, 128}, false},
                                                         {"tmpdiff128", {128, 128}, false},
                                                         {"davis240", {240, 180}, true},
                                                         {"davis346", {346, 260}, true},
                                                         {"davis640", {640, 480}, true},
                                                         {"davis128", {128, 128}, true}}};

/// Whether a line of the header is next.
inline bool at_header_line(ByteStream& stream) {
  constexpr std::size_t word = 4;
  const std::span<const std::byte> next = stream.peek(word);
  if (next.empty() || next.front() != std::byte{'#'}) return false;
  for (const std::byte byte : next.first(std::min(next.size(), word))) {
    if (byte == std::byte{'\n'}) return true;
    if (byte == std::byte{0}) return false;
  }
  return true;
}

inline std::string small_letters(std::string text) {
  for (char& letter : text)
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  return text;
}

/// Reads the header.
///
/// @returns the camera that it names
inline Aedat2Chip read_aedat2_header(ByteStream& stream) {
  constexpr std::size_t kept = 512;
  constexpr std::string_view label = "aechip:";
  Aedat2Chip chip = aedat2_chips.front();
  while (at_header_line(stream)) {
    const std::string whole = stream.line(kept);
    const std::string line = small_letters(whole);
    if (line.starts_with("#end of ascii header")) break;
    const std::size_t place = line.find(label);
    if (place == std::string::npos || line.find_first_not_of("# \t") != place) continue;
    // `ch.unizh.ini.jaer.chip.retina.DVS128`: the class is behind the last dot.
    std::string name = line.substr(place + label.size());
    name = name.substr(name.rfind('.') + 1);
    name = name.substr(std::min(name.find_first_not_of(" \t"), name.size()));
    const auto known = std::ranges::find_if(
        aedat2_chips, [&](const Aedat2Chip& one) { return name.starts_with(one.name); });
    if (known == aedat2_chips.end())
      reject(stream.subject(), "the recording of a DVS128 or a DAVIS (240, 346, 640, 128)",
             snnbd::quoted(whole.substr(0, whole.find_last_not_of("\r\n") + 1)));
    chip = *known;
  }
  return chip;
}

}  // namespace detail

SNNBD_COLD std::unique_ptr<Source> open_aedat2(ByteStream stream, const ReadOptions& options) {
  const detail::Aedat2Chip chip = detail::read_aedat2_header(stream);
  const Sensor sensor = detail::chosen_sensor(options.sensor, chip.sensor);
  if (!chip.davis) {
    detail::Dvs128Decoder decoder;
    decoder.bounds = detail::Bounds{sensor};
    decoder.convention = options.convention;
    return std::make_unique<detail::RecordSource<detail::Dvs128Decoder>>(std::move(stream), sensor,
                                                                         decoder);
  }
  if (options.convention != Convention::canonical)
    reject(stream.subject(),
           "the recording of a DVS128, for the convention " +
               std::string{to_string(options.convention)},
           "one of a " + std::string{chip.name});
  detail::DavisDecoder decoder;
  decoder.chip = chip.sensor;
  decoder.bounds = detail::Bounds{sensor};
  return std::make_unique<detail::RecordSource<detail::DavisDecoder>>(std::move(stream), sensor,
                                                                      decoder);
}

SNNBD_COLD void write_aedat2(const std::string& path, std::span<const Event> events) {
  constexpr std::string_view header =
      "#!AER-DAT2.0\r\n"
      "# Data format is int32 address, int32 timestamp (8 bytes total), repeated for each event\r\n"
      "# Timestamps tick is 1 us\r\n"
      "# AEChip: ch.unizh.ini.jaer.chip.retina.DVS128\r\n"
      "#End Of ASCII Header\r\n";
  constexpr std::int64_t latest = std::numeric_limits<std::uint32_t>::max();
  read_within_memory(path, [&] {
    std::vector<std::byte> bytes;
    bytes.reserve(header.size() + events.size() * detail::Dvs128Decoder::record);
    const auto text = std::as_bytes(std::span{header.data(), header.size()});
    bytes.insert(bytes.end(), text.begin(), text.end());
    for (std::size_t i = 0; i < events.size(); ++i) {
      const Event& event = events[i];
      const auto where = [&] { return path + ", event " + std::to_string(i); };
      if (event.x > 127 || event.y > 127)
        reject(where(), "a pixel within 128x128, as the camera has",
               '(' + std::to_string(event.x) + ", " + std::to_string(event.y) + ')');
      if (event.time < 0 || event.time > latest)
        reject(where(), "a time of 0 to " + std::to_string(latest) + " microseconds", event.time);
      if (event.on > 1) reject(where(), "a polarity of 0 or 1", unsigned{event.on});
      const std::uint32_t address =
          (127U - event.x) << 1U | (127U - event.y) << 8U | (1U - event.on);
      for (const std::uint32_t word : {address, static_cast<std::uint32_t>(event.time)})
        for (unsigned shift = 32; shift > 0; shift -= 8)
          bytes.push_back(static_cast<std::byte>(word >> (shift - 8) & 0xFFU));
    }
    write_file_atomically(path, std::span<const std::byte>{bytes});
  });
}

}  // namespace snnbd::inline SNNBD_ISA::event
