#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <limits>
#include <system_error>

#include <snnbd/core/error.hpp>
#include <snnbd/event/aedat4_streams.hpp>
#include <snnbd/format/xml.hpp>

namespace snnbd::inline SNNBD_ISA::event::detail {

namespace aedat4 {

inline std::string_view trimmed(std::string_view text) {
  constexpr std::string_view spaces = " \t\r\n";
  const std::size_t first = text.find_first_not_of(spaces);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(spaces) + 1 - first);
}

inline int whole_number(std::string_view text, std::string_view subject, std::string_view what,
                        int least, int most) {
  int value = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc{} || end != text.data() + text.size() || value < least || value > most)
    reject(subject,
           std::string{what} + " from " + std::to_string(least) + " to " + std::to_string(most),
           snnbd::quoted(text));
  return value;
}

}  // namespace aedat4

SNNBD_COLD Sensor Aedat4Stream::sensor(std::string_view subject) const {
  if (width.empty() || height.empty()) return {};
  // Coordinates are signed numbers of 16 bits.
  constexpr int most = std::numeric_limits<std::int16_t>::max() + 1;
  return {.width = aedat4::whole_number(width, subject, "columns of the sensor (sizeX)", 1, most),
          .height = aedat4::whole_number(height, subject, "rows of the sensor (sizeY)", 1, most)};
}

SNNBD_COLD std::vector<Aedat4Stream> aedat4_streams(std::string_view description,
                                                    std::string_view subject) {
  using Piece = xml::Reader::Piece;
  xml::Reader xml{description, subject};
  std::vector<Aedat4Stream> streams;
  // Of each element around: its name, and what it is called.
  std::vector<std::string> path;
  std::string text;
  const auto is_stream = [&] {
    return path.size() >= 3 && path[0] == "dv" && path[1] == "node outInfo" &&
           path[2].starts_with("node ");
  };
  for (Piece piece = xml.next(); piece != Piece::end; piece = xml.next()) {
    if (piece == Piece::text) {
      text += xml.text();
    } else if (piece == Piece::open) {
      text.clear();
      std::string label{xml.name()};
      const auto called = xml.attribute(label == "attr" ? "key" : "name");
      path.push_back(called ? label + ' ' + *called : label);
      if (path.size() != 3 || !is_stream()) continue;
      const int number = aedat4::whole_number(*called, subject, "numbers of streams", 0,
                                              std::numeric_limits<std::int32_t>::max());
      const auto same = [&](const Aedat4Stream& stream) { return stream.number == number; };
      if (std::any_of(streams.begin(), streams.end(), same))
        reject(subject, "streams with numbers that differ", std::to_string(number) + " twice");
      streams.push_back({.number = number, .kind = {}, .width = {}, .height = {}});
    } else {
      if (is_stream()) {
        Aedat4Stream& stream = streams.back();
        const bool in_info = path.size() == 5 && path[3] == "node info";
        if (path.size() == 4 && path.back() == "attr typeIdentifier")
          stream.kind = aedat4::trimmed(text);
        if (in_info && path.back() == "attr sizeX") stream.width = aedat4::trimmed(text);
        if (in_info && path.back() == "attr sizeY") stream.height = aedat4::trimmed(text);
      }
      text.clear();
      path.pop_back();
    }
  }
  return streams;
}

}  // namespace snnbd::inline SNNBD_ISA::event::detail
