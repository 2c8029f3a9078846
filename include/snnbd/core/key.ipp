#pragma once

#include <algorithm>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/number.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace detail {

/// Without line ends and equals signs, and with a backslash in front of what stands for one.
inline std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (c == '\\')
      result += "\\\\";
    else if (c == '\n')
      result += "\\n";
    else if (c == '=')
      result += "\\e";
    else
      result += c;
  }
  return result;
}

inline std::string unescaped(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      ++i;
      result += text[i] == 'n' ? '\n' : text[i] == 'e' ? '=' : text[i];
    } else {
      result += text[i];
    }
  }
  return result;
}

inline std::string shown(const std::string* value) {
  constexpr std::size_t most = 100;
  if (value == nullptr) return "nothing";
  return value->size() > most ? value->substr(0, most) + "..." : *value;
}

}  // namespace detail

SNNBD_COLD Key& Key::set(std::string name, std::string value) {
  if (find(name) != nullptr) reject("key", "each name once", "'" + name + "' twice");
  lines_.emplace_back(std::move(name), std::move(value));
  return *this;
}

SNNBD_COLD Key& Key::add(const std::string& name, const Key& other) {
  for (const Line& line : other.lines_) set(name + '.' + line.first, line.second);
  return *this;
}

SNNBD_COLD Key& Key::append(const Key& other) {
  for (const Line& line : other.lines_) set(line.first, line.second);
  return *this;
}

SNNBD_COLD Key Key::without(std::string_view prefix) const {
  Key rest;
  for (const Line& line : lines_)
    if (!line.first.starts_with(prefix)) rest.lines_.push_back(line);
  return rest;
}

SNNBD_COLD const std::string* Key::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(lines_, [&](const Line& line) { return line.first == name; });
  return found == lines_.end() ? nullptr : &found->second;
}

SNNBD_COLD std::string Key::text() const {
  std::string text;
  for (const Line& line : lines_)
    text.append(detail::escaped(line.first))
        .append(" = ")
        .append(detail::escaped(line.second))
        .append("\n");
  return text;
}

SNNBD_COLD Key Key::parse(std::string_view text, std::string_view subject) {
  constexpr std::string_view between = " = ";
  Key key;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    const std::size_t middle = line.find(between);
    if (end == std::string_view::npos || middle == std::string_view::npos)
      reject(subject, "a key of lines 'name = value'", "another text");
    key.lines_.emplace_back(detail::unescaped(line.substr(0, middle)),
                            detail::unescaped(line.substr(middle + between.size())));
    text.remove_prefix(end + 1);
  }
  // Sorted, as a text from a file may have millions of lines.
  std::vector<std::string_view> names;
  names.reserve(key.lines_.size());
  for (const Line& line : key.lines_) names.push_back(line.first);
  std::ranges::sort(names);
  if (std::ranges::adjacent_find(names) != names.end())
    reject(subject, "a key with each name once", "one twice");
  return key;
}

SNNBD_COLD std::string Key::digest() const {
  // FNV-1a, 64 bits.
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text()) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hexadecimal_text(hash, 16);
}

SNNBD_COLD std::string Key::difference(const Key& found) const {
  constexpr std::size_t most = 5;
  std::string text;
  std::size_t count = 0;
  const auto differ = [&](const std::string& name, const std::string* expected,
                          const std::string* there) {
    if (++count > most) return;
    text.append(text.empty() ? "" : "; ")
        .append(name)
        .append(": expected ")
        .append(detail::shown(expected))
        .append(", found ")
        .append(detail::shown(there));
  };
  for (const Line& line : lines_) {
    const std::string* there = found.find(line.first);
    if (there == nullptr || *there != line.second) differ(line.first, &line.second, there);
  }
  for (const Line& line : found.lines_)
    if (find(line.first) == nullptr) differ(line.first, nullptr, &line.second);
  if (count > most) text += "; and " + std::to_string(count - most) + " more";
  return text;
}

}  // namespace snnbd::inline SNNBD_ISA
