#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>

#include <snnbd/core/number.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace detail {

/// Room for the 309 digits of the largest double, a sign, a point and 60 decimals.
template <class Number, class... Precision>
std::string text_of(Number number, std::chars_format format, Precision... precision) {
  if (std::isnan(number)) return "nan";
  std::array<char, 400> text{};
  const auto written =
      std::to_chars(text.data(), text.data() + text.size(), number, format, precision...);
  return {text.data(), written.ptr};
}

}  // namespace detail

SNNBD_COLD std::string number_text(double number) {
  return detail::text_of(number, std::chars_format::general);
}

SNNBD_COLD std::string number_text(float number) {
  return detail::text_of(number, std::chars_format::general);
}

SNNBD_COLD std::string decimal_text(double number, int decimals) {
  return detail::text_of(number, std::chars_format::fixed, std::clamp(decimals, 0, 60));
}

SNNBD_COLD std::string rounded_text(double number, int digits) {
  return detail::text_of(number, std::chars_format::general, std::clamp(digits, 1, 60));
}

SNNBD_COLD std::string hexadecimal_text(std::uint64_t number, int digits) {
  std::string text(static_cast<std::size_t>(digits), '0');
  for (auto digit = text.rbegin(); digit != text.rend(); ++digit, number >>= 4U)
    *digit = "0123456789abcdef"[number & 0xFU];
  return text;
}

}  // namespace snnbd::inline SNNBD_ISA
