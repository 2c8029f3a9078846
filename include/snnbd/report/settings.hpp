#pragma once

#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <snnbd/core/setting.hpp>
#include <snnbd/report/fields.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// One setting as a report holds it: an enumerator by its name, a list of numbers or of what has a
/// `name()`, and what has a `name()` by that.
template <class Type>
Value setting_value(const Setting& setting, const Type& value) {
  if constexpr (snnbd::detail::is_optional<Type>) {
    return value ? setting_value(setting, *value) : Value{};
  } else if constexpr (std::is_enum_v<Type>) {
    return make_value(snnbd::detail::name_number(setting.names, static_cast<std::size_t>(value)));
  } else if constexpr (requires { std::string_view{value.name()}; }) {
    return make_value(std::string{value.name()});
  } else if constexpr (requires { std::string{value.text()}; }) {
    return make_value(value.text());
  } else if constexpr (snnbd::detail::is_vector<Type>) {
    if constexpr (std::is_arithmetic_v<typename Type::value_type>) {
      return Value{std::vector<double>(value.begin(), value.end())};
    } else {
      std::string text;
      for (const auto& element : value)
        text.append(text.empty() ? "" : ", ").append(element.name());
      return make_value(text);
    }
  } else {
    return make_value(value);
  }
}

/// Sets fields to the values of a struct of settings, under their names and in their order.
template <SettingsList Type>
void add_settings(const Type& settings, Fields& fields) {
  for_each_setting(settings, [&](const Setting& setting, const auto& value) {
    fields.set(setting.name, setting_value(setting, value));
  });
}

}  // namespace snnbd::inline SNNBD_ISA::report
