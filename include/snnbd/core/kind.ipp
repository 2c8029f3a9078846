#pragma once

#include <snnbd/core/kind.hpp>

namespace snnbd::inline SNNBD_ISA::detail {

SNNBD_COLD std::string bare_spelling(std::string_view text) {
  constexpr std::string_view before = "Type = ";
  const std::size_t begin = text.find(before);
  if (begin == std::string_view::npos) return std::string{text};
  text.remove_prefix(begin + before.size());
  std::size_t end = text.rfind("; std::string_view");
  if (end == std::string_view::npos) end = text.rfind(']');
  std::string name{text.substr(0, end)};
  constexpr std::string_view inner = SNNBD_QUOTED(SNNBD_ISA) "::";
  for (std::size_t at = name.find(inner); at != std::string::npos; at = name.find(inner, at))
    name.erase(at, inner.size());
  return name;
}

}  // namespace snnbd::inline SNNBD_ISA::detail
