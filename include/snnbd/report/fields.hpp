#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/core/type_traits.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// One value of a report; the first alternative is its absence.
using Value = std::variant<std::monostate, bool, std::int64_t, std::uint64_t, double, std::string,
                           std::vector<double>>;

/// The `double` with the shortest decimal form of `value`, so that 0.1F is reported as 0.1.
inline double shortest(float value) {
  char text[32];
  const auto written = std::to_chars(text, text + sizeof(text), value);
  double result = static_cast<double>(value);
  std::from_chars(text, written.ptr, result);
  return result;
}

/// Anything that a report can hold, as its value.
template <class Type>
Value make_value(const Type& value) {
  if constexpr (std::same_as<Type, Value>)
    return value;
  else if constexpr (snnbd::detail::is_optional<Type>)
    return value ? make_value(*value) : Value{};
  else if constexpr (std::same_as<Type, std::nullopt_t> || std::same_as<Type, std::monostate>)
    return Value{};
  else if constexpr (std::same_as<Type, bool> || std::same_as<Type, std::vector<double>>)
    return Value{value};
  else if constexpr (std::same_as<Type, float>)
    return Value{shortest(value)};
  else if constexpr (std::floating_point<Type>)
    return Value{static_cast<double>(value)};
  else if constexpr (std::signed_integral<Type>)
    return Value{static_cast<std::int64_t>(value)};
  else if constexpr (std::unsigned_integral<Type>)
    return Value{static_cast<std::uint64_t>(value)};
  else
    return Value{std::string{std::string_view{value}}};
}

/// A value as a text: numbers in the shortest form that reads back as the same, lists joined by
/// semicolons; empty if it is absent or not a number.
[[nodiscard]] std::string text_of(const Value& value);

/// Named values in the order in which they were first set.
class Fields {
 public:
  using Entry = std::pair<std::string, Value>;

  /// Sets a truth value, a number, a text, a list of numbers or, with an empty optional, nothing.
  template <class Type>
  Fields& set(std::string_view name, const Type& value) {
    place(name) = make_value(value);
    return *this;
  }

  /// The value of that name, or null.
  [[nodiscard]] const Value* find(std::string_view name) const {
    for (const Entry& entry : entries_)
      if (entry.first == name) return &entry.second;
    return nullptr;
  }

  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] auto begin() const { return entries_.begin(); }
  [[nodiscard]] auto end() const { return entries_.end(); }

 private:
  Value& place(std::string_view name) {
    for (Entry& entry : entries_)
      if (entry.first == name) return entry.second;
    return entries_.emplace_back(std::string{name}, Value{}).second;
  }

  std::vector<Entry> entries_;
};

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/fields.ipp>
#endif
