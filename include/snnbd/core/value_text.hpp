#pragma once

#include <charconv>
#include <concepts>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include <snnbd/core/config.hpp>

/// Numbers and truth values as texts that give the same bits back, whatever the locale.
namespace snnbd::inline SNNBD_ISA {

/// A value that `value_text` can write and `parse_value` can read.
template <class Type>
concept PlainValue = std::is_arithmetic_v<Type> || std::is_enum_v<Type>;

/// `true`, `-3`, `0.1`: a real number as the shortest decimal that is it, an enumerator as its
/// number.
template <PlainValue Type>
std::string value_text(Type value) {
  if constexpr (std::same_as<Type, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::is_enum_v<Type>) {
    return value_text(static_cast<std::underlying_type_t<Type>>(value));
  } else {
    char text[64];
    const auto written = [&] {
      if constexpr (std::is_integral_v<Type> && sizeof(Type) == 1)
        return std::to_chars(text, text + sizeof(text), static_cast<int>(value));
      else
        return std::to_chars(text, text + sizeof(text), value);
    }();
    return {text, written.ptr};
  }
}

/// Reads such a text, all of it.
///
/// @returns whether it was one; `value` is else as it was. Infinity and what is not a number are
///   read too
template <PlainValue Type>
bool parse_value(std::string_view text, Type& value) {
  if constexpr (std::same_as<Type, bool>) {
    if (text != "true" && text != "false") return false;
    value = text == "true";
    return true;
  } else if constexpr (std::is_enum_v<Type>) {
    std::underlying_type_t<Type> number{};
    if (!parse_value(text, number)) return false;
    value = static_cast<Type>(number);
    return true;
  } else {
    Type read{};
    const auto result = std::from_chars(text.data(), text.data() + text.size(), read);
    if (result.ec != std::errc{} || result.ptr != text.data() + text.size()) return false;
    value = read;
    return true;
  }
}

}  // namespace snnbd::inline SNNBD_ISA
