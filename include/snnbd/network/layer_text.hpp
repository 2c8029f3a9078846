#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/members.hpp>
#include <snnbd/core/type_traits.hpp>
#include <snnbd/core/value_text.hpp>
#include <snnbd/layer/sequence.hpp>
#include <snnbd/network/kind_text.hpp>
#include <snnbd/neuron/surrogate.hpp>

/// The layers of a network as a text, `1.neuron.tau = 2`, and back: the kinds of all parts and all
/// members by value, walked by `members::for_each`, so that none can be forgotten.
namespace snnbd::inline SNNBD_ISA::network {

/// What happens if a file's surrogate is of another kind: it decides how training goes on, not what
/// a network gives.
enum class OtherSurrogate { kept_out, refused };

namespace detail {

template <class Part>
inline constexpr bool is_sequence = false;
template <class... Specs>
inline constexpr bool is_sequence<layer::Sequence<Specs...>> = true;

using snnbd::detail::is_optional;
using snnbd::detail::Range;
using snnbd::detail::TupleLike;

/// A text that its part does not own.
template <class Part>
concept FixedText =
    std::convertible_to<const Part&, std::string_view> && !std::same_as<Part, std::string>;

/// `4.branch` and `0` become `4.branch.0`.
std::string joined(const std::string& name, std::string_view below);

/// Calls `visit(name, element)` for each element of a tuple or of a list of layers.
template <class Tuple, class Visit>
void for_each_element(const std::string& name, Tuple& tuple, const Visit& visit) {
  std::apply(
      [&](auto&... element) {
        [[maybe_unused]] std::size_t number = 0;
        (visit(joined(name, std::to_string(number++)), element), ...);
      },
      tuple);
}

/// Adds the lines of a part.
template <class Part>
void add_lines(const std::string& name, const Part& part, Key& key) {
  const auto add = [&](const std::string& below, const auto& element) {
    add_lines(below, element, key);
  };
  if constexpr (PlainValue<Part>) {
    key.set(name, value_text(part));
  } else if constexpr (std::convertible_to<const Part&, std::string_view>) {
    key.set(name, std::string{std::string_view{part}});
  } else if constexpr (is_optional<Part>) {
    key.set(name + '?', value_text(part.has_value()));
    if (part.has_value()) add_lines(name, *part, key);
  } else if constexpr (Range<Part>) {
    std::size_t number = 0;
    for (const typename Part::value_type& element : part)
      add_lines(joined(name, std::to_string(number++)), element, key);
    key.set(joined(name, "size"), std::to_string(number));
  } else if constexpr (TupleLike<Part>) {
    for_each_element(name, part, add);
  } else if constexpr (is_sequence<Part>) {
    for_each_element(name, part.layers, add);
  } else {
    key.set(name, kind_text(part));
    members::for_each(part, [&](std::string_view member, const auto& value) {
      add_lines(joined(name, member), value, key);
    });
  }
}

/// Lines of a file, each of which is to be used once.
class UnreadLines {
 public:
  /// @param subject what errors name: the file
  UnreadLines(const std::string& text, std::string subject);

  /// The value of that name, which then counts as read, or null.
  const std::string* take(const std::string& name);

  /// Counts all names that begin so as read.
  void skip(const std::string& prefix);

  /// The most elements that a list can have.
  [[nodiscard]] std::size_t size() const { return lines_.size(); }

  /// @throws Error that names the first line that was not read, if there is one
  void finish() const;

  [[noreturn]] void refuse(const std::string& name, std::string_view expected,
                           const std::string* found) const;

 private:
  struct Value {
    std::string text;
    bool read = false;
  };
  std::map<std::string, Value> lines_;
  std::string subject_;
};

/// Gives parts the values that lines tell.
class LayerReader {
 public:
  LayerReader(UnreadLines& lines, OtherSurrogate surrogates)
      : lines_{lines}, surrogates_{surrogates} {}

  /// @returns whether there was a line for the part; else it is as it was
  template <class Part>
  bool read(const std::string& name, Part& part) {
    if constexpr (PlainValue<Part>) {
      return read_value(name, part);
    } else if constexpr (std::same_as<Part, std::string>) {
      const std::string* line = lines_.take(name);
      if (line != nullptr) part = *line;
      return line != nullptr;
    } else if constexpr (FixedText<Part>) {
      return is_same(name, std::string{std::string_view{part}});
    } else if constexpr (is_optional<Part>) {
      return read_optional(name, part);
    } else if constexpr (Range<Part>) {
      return read_range(name, part);
    } else if constexpr (TupleLike<Part>) {
      read_elements(name, part);
      return true;
    } else if constexpr (is_sequence<Part>) {
      read_elements(name, part.layers);
      return true;
    } else {
      return read_members(name, part);
    }
  }

 private:
  template <class Value>
  bool read_value(const std::string& name, Value& value) {
    const std::string* line = lines_.take(name);
    if (line == nullptr) return false;
    Value found{};
    if (!parse_value(*line, found))
      lines_.refuse(name, std::same_as<Value, bool> ? "true or false" : "a number in its range",
                    line);
    if constexpr (std::floating_point<Value>) {
      if (!std::isfinite(found) && std::isfinite(value) && !fresh_)
        lines_.refuse(name, "a finite number", line);
    }
    value = found;
    return true;
  }

  /// Reads what must be there.
  template <class Part>
  void demand(const std::string& name, Part& part) {
    if (!read(name, part)) lines_.refuse(name, "a value", nullptr);
  }

  /// The same of what the program has no value of.
  template <class Part>
  void demand_fresh(const std::string& name, Part& part) {
    const bool before = std::exchange(fresh_, true);
    demand(name, part);
    fresh_ = before;
  }

  bool is_same(const std::string& name, const std::string& own) {
    const std::string* line = lines_.take(name);
    if (line != nullptr && *line != own) lines_.refuse(name, own, line);
    return line != nullptr;
  }

  template <class Value>
  bool read_optional(const std::string& name, std::optional<Value>& part) {
    bool there = false;
    if (!read_value(name + '?', there)) return false;
    if (there)
      demand_fresh(name, part.has_value() ? *part : part.emplace());
    else
      part.reset();
    return true;
  }

  template <class List>
  bool read_range(const std::string& name, List& list) {
    std::size_t size = 0;
    const std::string size_name = joined(name, "size");
    if (!read_value(size_name, size)) return false;
    if constexpr (TupleLike<List>) {
      if (size != list.size()) {
        const std::string found = std::to_string(size);
        lines_.refuse(size_name, std::to_string(list.size()), &found);
      }
      for (std::size_t i = 0; i < size; ++i) demand(joined(name, std::to_string(i)), list[i]);
    } else {
      static_assert(
          requires(typename List::value_type value) { list.push_back(value); },
          "snnbd: a list among the members of a layer must have push_back, to be read from a file");
      if (size > lines_.size()) {
        const std::string found = std::to_string(size);
        lines_.refuse(size_name, "the number of its elements", &found);
      }
      List elements;
      for (std::size_t i = 0; i < size; ++i) {
        typename List::value_type element{};
        demand_fresh(joined(name, std::to_string(i)), element);
        elements.push_back(std::move(element));
      }
      list = std::move(elements);
    }
    return true;
  }

  template <class Tuple>
  void read_elements(const std::string& name, Tuple& tuple) {
    for_each_element(name, tuple, [&](const std::string& below, auto& element) {
      if (!read(below, element)) lines_.refuse(below, own_text(element), nullptr);
    });
  }

  template <class Part>
  static std::string own_text(const Part& part) {
    if constexpr (std::is_class_v<Part> && !Range<Part> && !is_optional<Part>)
      return kind_text(part);
    else
      return "a value";
  }

  template <class Part>
  bool read_members(const std::string& name, Part& part) {
    const std::string* kind = lines_.take(name);
    if (kind == nullptr) return false;
    const std::string own = kind_text(part);
    if (*kind != own) {
      if (!neuron::StepSlope<Part> || surrogates_ == OtherSurrogate::refused)
        lines_.refuse(name, own, kind);
      lines_.skip(name + '.');
      return true;
    }
    members::for_each(
        part, [&](std::string_view member, auto& value) { read(joined(name, member), value); });
    return true;
  }

  UnreadLines& lines_;
  OtherSurrogate surrogates_;
  bool fresh_ = false;
};

}  // namespace detail

/// The lines of all layers of a network.
template <class... Specs>
Key layer_key(const std::tuple<Specs...>& layers) {
  Key key;
  detail::add_lines({}, layers, key);
  return key;
}

/// Gives layers the members that such lines tell. A member without a line stays as it is.
///
/// @param text as `layer_key(...).text()` gives it
/// @param subject what an error names: the file
/// @throws Error if a layer or one of its parts is of another kind, a value is none, or a line
///   tells of what is not there; some members may then have changed
template <class... Specs>
void read_layers(const std::string& text, const std::string& subject, OtherSurrogate surrogates,
                 std::tuple<Specs...>& layers) {
  detail::UnreadLines lines{text, subject};
  detail::LayerReader{lines, surrogates}.read({}, layers);
  lines.finish();
}

}  // namespace snnbd::inline SNNBD_ISA::network

#if !defined(SNNBD_COMPILED)
#include <snnbd/network/layer_text.ipp>
#endif
