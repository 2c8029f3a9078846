#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>

#include <snnbd/core/error.hpp>
#include <snnbd/format/xml.hpp>

namespace snnbd::inline SNNBD_ISA::xml {

namespace detail {

inline constexpr std::string_view spaces = " \t\r\n";

inline std::string_view without_leading_spaces(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(spaces), text.size()));
  return text;
}

/// The name at the beginning of `text`.
inline std::string_view leading_name(std::string_view text) {
  return text.substr(0, text.find_first_of(" \t\r\n/>=<&\"'"));
}

/// A character in UTF-8; empty if there is no such character.
inline std::string utf8(std::uint32_t code) {
  const auto byte = [](std::uint32_t value) { return static_cast<char>(value); };
  const auto more = [&](std::uint32_t shift) { return byte(0x80U | (code >> shift & 0x3FU)); };
  if (code == 0 || code > 0x10FFFFU || (code >= 0xD800U && code < 0xE000U)) return {};
  if (code < 0x80U) return {byte(code)};
  if (code < 0x800U) return {byte(0xC0U | code >> 6U), more(0)};
  if (code < 0x10000U) return {byte(0xE0U | code >> 12U), more(6), more(0)};
  return {byte(0xF0U | code >> 18U), more(12), more(6), more(0)};
}

/// What stands between `&` and `;`, as text; empty if it is unknown.
inline std::string entity(std::string_view name) {
  if (name == "lt") return "<";
  if (name == "gt") return ">";
  if (name == "amp") return "&";
  if (name == "quot") return "\"";
  if (name == "apos") return "'";
  if (!name.starts_with('#')) return {};
  name.remove_prefix(1);
  const bool hexadecimal = name.starts_with('x');
  if (hexadecimal) name.remove_prefix(1);
  std::uint32_t code = 0;
  const auto [end, failure] =
      std::from_chars(name.data(), name.data() + name.size(), code, hexadecimal ? 16 : 10);
  return failure == std::errc{} && end == name.data() + name.size() ? utf8(code) : std::string{};
}

}  // namespace detail

SNNBD_COLD void Reader::refuse(std::string_view expected, std::size_t place) const {
  constexpr std::size_t shown = 20;
  reject(subject_, "XML with " + std::string{expected},
         place >= text_.size() ? std::string{"its end"}
                               : snnbd::quoted(text_.substr(place, shown)) + " at character " +
                                     std::to_string(place));
}

/// Goes behind the next `end`, if there is one.
SNNBD_COLD bool Reader::skip_to(std::size_t from, std::string_view end) {
  const std::size_t found = text_.find(end, from);
  if (found == std::string_view::npos) return false;
  at_ = found + end.size();
  return true;
}

SNNBD_COLD Reader::Piece Reader::next() {
  if (closes_) {
    closes_ = false;
    return close_element(at_);
  }
  while (at_ < text_.size()) {
    const std::size_t begin = at_;
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with('<')) {
      piece_ = rest.substr(0, rest.find('<'));
      verbatim_ = false;
      at_ += piece_.size();
      if (!within_.empty()) return Piece::text;
      const std::string_view other = detail::without_leading_spaces(piece_);
      if (!other.empty()) refuse("text within elements only", place_of(other));
    } else if (rest.starts_with("<!--")) {
      if (!skip_to(begin + 4, "-->")) refuse("comments that end", text_.size());
    } else if (rest.starts_with("<![CDATA[") && !within_.empty()) {
      constexpr std::size_t opening = 9;
      if (!skip_to(begin + opening, "]]>")) refuse("literal text that ends", text_.size());
      piece_ = text_.substr(begin + opening, at_ - begin - opening - 3);
      verbatim_ = true;
      return Piece::text;
    } else if (rest.starts_with("<?")) {
      if (!skip_to(begin + 2, "?>")) refuse("instructions that end", text_.size());
    } else if (rest.starts_with("<!")) {
      refuse("elements and no declarations", begin);
    } else if (rest.starts_with("</")) {
      name_ = detail::leading_name(rest.substr(2));
      if (!skip_to(begin + 2 + name_.size(), ">")) refuse("elements that end", text_.size());
      return close_element(begin);
    } else {
      return open_element();
    }
  }
  if (!within_.empty())
    refuse("an end of the element " + snnbd::quoted(within_.back()), text_.size());
  return Piece::end;
}

SNNBD_COLD Reader::Piece Reader::open_element() {
  const std::size_t begin = at_;
  name_ = detail::leading_name(text_.substr(begin + 1));
  if (name_.empty()) refuse("names of elements", begin);
  // A value in quotes may hold what else would end the element.
  std::size_t end = begin + 1 + name_.size();
  char quote = '\0';
  for (; end < text_.size() && (quote != '\0' || text_[end] != '>'); ++end) {
    const char letter = text_[end];
    if (quote == '\0' && (letter == '"' || letter == '\''))
      quote = letter;
    else if (letter == quote)
      quote = '\0';
    else if (letter == '<')
      refuse("elements that end", end);
  }
  if (end == text_.size()) refuse("elements that end", end);
  at_ = end + 1;
  attributes_ = text_.substr(begin + 1 + name_.size(), end - begin - 1 - name_.size());
  closes_ = attributes_.ends_with('/');
  if (closes_) attributes_.remove_suffix(1);
  within_.push_back(name_);
  return Piece::open;
}

SNNBD_COLD Reader::Piece Reader::close_element(std::size_t place) {
  if (within_.empty() || within_.back() != name_)
    refuse(within_.empty() ? std::string{"no end without a beginning"}
                           : "an end of the element " + snnbd::quoted(within_.back()),
           place);
  within_.pop_back();
  return Piece::close;
}

SNNBD_COLD std::optional<std::string> Reader::attribute(std::string_view name) const {
  std::string_view rest = detail::without_leading_spaces(attributes_);
  while (!rest.empty()) {
    const std::size_t begin = place_of(rest);
    const std::string_view found = detail::leading_name(rest);
    rest = detail::without_leading_spaces(rest.substr(found.size()));
    if (found.empty() || !rest.starts_with('=')) refuse("attributes like NAME=\"VALUE\"", begin);
    rest = detail::without_leading_spaces(rest.substr(1));
    if (!rest.starts_with('"') && !rest.starts_with('\''))
      refuse("attributes like NAME=\"VALUE\"", begin);
    const std::size_t size = rest.substr(1).find(rest.front());
    if (size == std::string_view::npos) refuse("attributes like NAME=\"VALUE\"", begin);
    if (found == name) return decoded(rest.substr(1, size));
    rest = detail::without_leading_spaces(rest.substr(size + 2));
  }
  return std::nullopt;
}

SNNBD_COLD std::string Reader::text() const {
  return verbatim_ ? std::string{piece_} : decoded(piece_);
}

SNNBD_COLD std::string Reader::decoded(std::string_view raw) const {
  std::string text;
  while (true) {
    const std::size_t place = raw.find('&');
    text += raw.substr(0, place);
    if (place == std::string_view::npos) return text;
    raw.remove_prefix(place);
    const std::size_t end = raw.find(';');
    const std::string met =
        end == std::string_view::npos ? std::string{} : detail::entity(raw.substr(1, end - 1));
    if (met.empty()) refuse("known entities", place_of(raw));
    text += met;
    raw.remove_prefix(end + 1);
  }
}

}  // namespace snnbd::inline SNNBD_ISA::xml
