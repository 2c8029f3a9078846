#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <snnbd/core/error.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace detail {

/// Whether a terminal shows nothing for this character, or writes what follows elsewhere.
constexpr bool is_hidden(std::uint32_t code) {
  struct Range {
    std::uint32_t first;
    std::uint32_t last;
  };
  constexpr std::array<Range, 8> hidden{{{0x00, 0x1F},
                                         {0x7F, 0x9F},
                                         {0x61C, 0x61C},
                                         {0x200B, 0x200F},
                                         {0x2028, 0x202E},
                                         {0x2060, 0x206F},
                                         {0xFEFF, 0xFEFF},
                                         {0xE0000, 0xE007F}}};
  for (const Range& range : hidden)
    if (code >= range.first && code <= range.last) return true;
  return false;
}

/// The bytes of the character that `text` begins with; 0 if it is hidden or no UTF-8.
constexpr std::size_t printable_bytes(std::string_view text) {
  const auto byte = [&](std::size_t place) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(text[place]));
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return is_hidden(first) ? 0 : 1;
  const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  std::uint32_t code = first & (0x7FU >> length);
  for (std::size_t place = 1; place < length; ++place) {
    if ((byte(place) & 0xC0U) != 0x80U) return 0;
    code = code << 6U | (byte(place) & 0x3FU);
  }
  constexpr std::array<std::uint32_t, 5> smallest{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < smallest[length] || code > 0x10FFFF || surrogate || is_hidden(code)) return 0;
  return length;
}

/// A byte as it is written out.
inline std::string escaped(char byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  switch (byte) {
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      const auto value = static_cast<unsigned char>(byte);
      return {'\\', 'x', digits[value / 16U], digits[value % 16U]};
  }
}

/// As much of a text as a sentence has room for.
inline std::string cut_part(std::string_view text) {
  constexpr std::size_t most = 4096;
  if (text.size() <= most) return std::string{text};
  return std::string{text.substr(0, most)} + "... (" + std::to_string(text.size()) + " bytes)";
}

SNNBD_COLD std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = printable_bytes(text);
    if (length == 0)
      result += escaped(text.front());
    else
      result += text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result;
}

}  // namespace detail

SNNBD_COLD std::string quoted(std::string_view text) {
  constexpr std::size_t most = 80;
  const std::size_t whole = text.size();
  std::string result = "'";
  for (std::size_t characters = 0; !text.empty();) {
    const std::size_t length = detail::printable_bytes(text);
    const bool sign = text.front() == '\'' || text.front() == '\\';
    std::string next = length == 0 ? detail::escaped(text.front())
                                   : (sign ? "\\" : "") + std::string{text.substr(0, length)};
    characters += length > 1 ? 1 : next.size();
    if (characters > most) return result + "'... (" + std::to_string(whole) + " bytes)";
    result += next;
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return result + '\'';
}

SNNBD_COLD void reject(std::string_view subject, std::string_view expected,
                       std::string_view found) {
  throw Error{detail::cut_part(subject) + ": expected " + detail::cut_part(expected) + ", found " +
              detail::cut_part(found)};
}

}  // namespace snnbd::inline SNNBD_ISA
