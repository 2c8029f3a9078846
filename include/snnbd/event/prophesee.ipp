#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/event/prophesee.hpp>

namespace snnbd::inline SNNBD_ISA::event {

namespace detail {

SNNBD_INLINE Decoded PropheseeDecoder::operator()(std::span<const std::byte> bytes,
                                                  std::span<Event> block, Findings& findings) {
  const std::size_t count = std::min(bytes.size() / record, block.size());
  const Bounds within = bounds;
  Unwrapped stamps = unwrapped;
  std::uint64_t outside = 0;
  Event* to = block.data();
  const std::byte* from = bytes.data();
  for (std::size_t i = 0; i < count; ++i, from += record) {
    const std::uint64_t word = load_word(from);
    const auto data = static_cast<std::uint32_t>(word >> 32U);
    const std::uint32_t x = data & 0x3FFFU;
    const std::uint32_t y = data >> 14U & 0x3FFFU;
    put(to, stamps(static_cast<std::uint32_t>(word)), place_word(x, y, data >> 28U & 1U));
    const std::uint64_t kept = x < within.width && y < within.height ? 1 : 0;
    to += kept;
    outside += kept ^ 1U;
  }
  unwrapped = stamps;
  findings.outside += outside;
  findings.overflows = stamps.overflows();
  return {count * record, static_cast<std::size_t>(to - block.data())};
}

/// Reads the header and the two bytes behind it.
///
/// @returns the sensor, if it is told
inline Sensor read_prophesee_header(ByteStream& stream) {
  constexpr std::size_t kept = 512;
  const std::string where = stream.subject() + ", header";
  const auto begins_line = [&] {
    const auto next = stream.peek(1);
    return !next.empty() && next.front() == std::byte{'%'};
  };
  if (!begins_line()) reject(stream.subject(), "a header of lines that begin with %", "none");
  Sensor sensor;
  while (begins_line()) {
    const std::string text = stream.line(kept);
    std::string_view line = text;
    const auto number = [&](std::string_view label) {
      int value = 0;
      if (!line.starts_with(label)) return value;
      line.remove_prefix(label.size());
      line = line.substr(0, line.find_last_not_of(" \r\n") + 1);
      const auto [end, problem] = std::from_chars(line.data(), line.data() + line.size(), value);
      constexpr int most = 1 << 14;
      if (problem != std::errc{} || end != line.data() + line.size() || value < 1 || value > most)
        reject(where, "a number of 1 to 16384 behind '" + std::string{label} + '\'',
               snnbd::quoted(line));
      return value;
    };
    if (const int width = number("% Width "); width > 0) sensor.width = width;
    if (const int height = number("% Height "); height > 0) sensor.height = height;
    if (const int version = number("% Version "); version > 0 && version != 2)
      reject(where, "version 2", version);
  }
  const std::span<const std::byte> kind = stream.peek(2);
  if (kind.size() < 2) reject(where, "the kind and the size of the events", "its end");
  const auto type = std::to_integer<unsigned>(kind[0]);
  const auto size = std::to_integer<unsigned>(kind[1]);
  constexpr unsigned plain = 0;
  constexpr unsigned contrast = 12;
  if ((type != plain && type != contrast) || size != PropheseeDecoder::record)
    reject(where, "events of kind 0 or 12 and of 8 bytes",
           "kind " + std::to_string(type) + " and " + std::to_string(size) + " bytes");
  stream.skip(2);
  return sensor;
}

}  // namespace detail

SNNBD_COLD std::unique_ptr<Source> open_prophesee(ByteStream stream, const ReadOptions& options) {
  const Sensor told = detail::read_prophesee_header(stream);
  const Sensor sensor = detail::chosen_sensor(options.sensor, told.is_known() ? told : Sensor{});
  detail::PropheseeDecoder decoder;
  decoder.bounds = detail::Bounds{sensor};
  return std::make_unique<detail::RecordSource<detail::PropheseeDecoder>>(std::move(stream), sensor,
                                                                          decoder);
}

}  // namespace snnbd::inline SNNBD_ISA::event
