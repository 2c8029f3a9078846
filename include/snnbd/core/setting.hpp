#pragma once

#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/members.hpp>
#include <snnbd/core/type_traits.hpp>

/// Structs of settings: each member is listed once, with its name, its help and its range, and from
/// that list come checks, reports, command lines, keys and pages.
namespace snnbd::inline SNNBD_ISA {

/// What a struct of settings tells of one member, by a static function `list(self, visit)` that
/// calls `visit(Setting{...}, self.member)` for each of them in their order.
struct Setting {
  std::string_view name;  ///< `test_samples`; `--test-samples` on a command line
  std::string_view help;  ///< what it is, with its unit and what stands for nothing
  double low = std::numeric_limits<double>::lowest();  ///< of a number, or the numbers in a list
  double high = std::numeric_limits<double>::max();
  bool above = false;           ///< whether `low` itself is out of range
  std::string_view names = {};  ///< of an enumeration's values, separated by commas
  bool decides = true;          ///< whether a result may depend on it by itself
  bool option = true;           ///< whether command lines have it
};

/// A struct that lists its settings.
template <class Type>
concept SettingsList = requires(const Type& settings) {
  Type::list(settings, [](const Setting& /*setting*/, const auto& /*member*/) {});
};

namespace detail {

template <class Type>
consteval std::size_t listed_settings() {
  std::size_t number = 0;
  Type::list(members::detail::example_of<Type>(),
             [&](const Setting& /*setting*/, const auto& /*member*/) { ++number; });
  return number;
}

/// `poisoning rate` for `poisoning_rate`.
std::string setting_label(std::string_view name);

/// `a number from 0 to 1`, as the range of a setting says.
std::string setting_range(const Setting& setting);

/// The value of that number among names separated by commas; empty if there are not so many.
std::string_view name_number(std::string_view names, std::size_t number);

template <class Value>
void check_setting(const Setting& setting, const Value& value) {
  if constexpr (is_optional<Value>) {
    if (value) check_setting(setting, *value);
  } else if constexpr (is_vector<Value>) {
    for (const auto& element : value) check_setting(setting, element);
  } else if constexpr (std::is_enum_v<Value>) {
    const auto number = static_cast<std::size_t>(value);
    if (!setting.names.empty() && name_number(setting.names, number).empty())
      reject(setting_label(setting.name), "one of " + std::string{setting.names}, number);
  } else if constexpr (std::is_arithmetic_v<Value> && !std::same_as<Value, bool>) {
    const auto number = static_cast<double>(value);
    const bool low_enough = setting.above ? number > setting.low : number >= setting.low;
    if (!low_enough || !(number <= setting.high))
      reject(setting_label(setting.name), setting_range(setting), value);
  }
}

}  // namespace detail

/// Calls `visit(setting, member)` for each member of a struct of settings.
template <SettingsList Type, class Visit>
constexpr void for_each_setting(Type& settings, const Visit& visit) {
  using Plain = std::remove_const_t<Type>;
  static_assert(detail::listed_settings<Plain>() == members::count<Plain>,
                "snnbd: list() of a struct of settings must name each of its members");
  Plain::list(settings, visit);
}

/// Refuses numbers out of their ranges and enumerators without a name.
///
/// @throws Error that names the setting, what is expected and what was found
template <SettingsList Type>
void check_settings(const Type& settings) {
  for_each_setting(settings, [](const Setting& setting, const auto& value) {
    detail::check_setting(setting, value);
  });
}

/// Adds those settings to a key that a result may depend on.
template <SettingsList Type>
void add_settings(const Type& settings, const std::string& name, Key& key) {
  for_each_setting(settings, [&](const Setting& setting, const auto& value) {
    if (setting.decides) key.add(name + '.' + std::string{setting.name}, value);
  });
}

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/setting.ipp>
#endif
