#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::report::detail {

/// What `std::printf` would print, of at most 399 characters.
template <class... Values>
std::string formatted(const char* format, Values... values) {
  char text[400];
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): the shortest way to a number of places
  const int length = std::snprintf(text, sizeof(text), format, values...);
  return {text, static_cast<std::size_t>(length)};
}

}  // namespace snnbd::inline SNNBD_ISA::report::detail
