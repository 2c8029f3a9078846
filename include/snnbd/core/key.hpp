#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/core/kind.hpp>
#include <snnbd/core/members.hpp>
#include <snnbd/core/type_traits.hpp>
#include <snnbd/core/value_text.hpp>

namespace snnbd::inline SNNBD_ISA {

/// All that decides a result, by value and exactly: lines of `name = value`, from the kinds and the
/// members of the parts that it comes from. From a key come names of files and the decision to go
/// on from one.
///
/// ```cpp
/// Key key;
/// key.add("trigger", poison::PixelPatch<>{.size = 3}).add("seed", 7);
/// key.find("trigger.size");  // "3"
/// ```
///
/// What a member function does is not in it: who changes that gives the type another name, or a
/// member.
class Key {
 public:
  using Line = std::pair<std::string, std::string>;

  /// Adds a part: its kind, and its members by name, as deep as they go. Optional values, texts,
  /// tuples, arrays and vectors are among the members that it knows.
  template <class Part>
  Key& add(const std::string& name, const Part& part) {
    if constexpr (PlainValue<Part>) {
      set(name, value_text(part));
    } else if constexpr (std::convertible_to<const Part&, std::string_view>) {
      set(name, std::string{std::string_view{part}});
    } else if constexpr (requires { part.add_to(*this, name); }) {
      part.add_to(*this, name);
    } else {
      add_parts(name, part);
    }
    return *this;
  }

  /// Adds all lines of another key below a name.
  Key& add(const std::string& name, const Key& other);

  /// Adds all lines of another key.
  Key& append(const Key& other);

  /// The lines whose names do not begin with `prefix`.
  [[nodiscard]] Key without(std::string_view prefix) const;

  /// Adds one line.
  ///
  /// @throws Error if there is one of that name
  Key& set(std::string name, std::string value);

  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }

  /// The value of that name, or null.
  [[nodiscard]] const std::string* find(std::string_view name) const;

  /// One line for each name, `name = value`, with what would break a line escaped.
  [[nodiscard]] std::string text() const;

  /// The way back.
  ///
  /// @param subject what an error names: the file
  /// @throws Error if it is no such text
  static Key parse(std::string_view text, std::string_view subject);

  /// 16 hexadecimal digits that follow from all lines, for names of files.
  [[nodiscard]] std::string digest() const;

  /// The names whose values differ, or that only one of them has, with both values:
  /// `seed: expected 1, found 2`; at most five, and then how many more.
  [[nodiscard]] std::string difference(const Key& found) const;

  friend bool operator==(const Key&, const Key&) = default;

 private:
  template <class Part>
  static constexpr bool is_optional = requires(const Part& part) {
    part.has_value();
    *part;
  };
  template <class Part>
  void add_parts(const std::string& name, const Part& part) {
    if constexpr (is_optional<Part>) {
      if (part.has_value())
        add(name, *part);
      else
        set(name, "none");
    } else if constexpr (detail::Range<Part>) {
      std::size_t number = 0;
      for (const auto& element : part) add(name + '.' + std::to_string(number++), element);
      set(name + ".size", std::to_string(number));
    } else if constexpr (detail::TupleLike<Part>) {
      std::apply(
          [&](const auto&... element) {
            std::size_t number = 0;
            (add(name + '.' + std::to_string(number++), element), ...);
          },
          part);
    } else if constexpr (std::is_pointer_v<Part>) {
      static_assert(std::is_void_v<Part>,
                    "snnbd: a member of a part is a value (a number, a text, an enumerator, an "
                    "array of them, or a part itself), as keys and files keep what it holds; a "
                    "pointer is none");
    } else {
      set(name, part_kind<Part>());
      members::for_each(part, [&](std::string_view member, const auto& value) {
        add(name + '.' + std::string{member}, value);
      });
    }
  }

  /// The kind of a part; of a layer that holds others, whose kinds are lines of their own, without
  /// these.
  template <class Part>
  static std::string part_kind() {
    std::string kind = kind_of<Part>();
    if constexpr (requires(const Part& part) {
                    std::tuple_size<std::remove_cvref_t<decltype(part.parts())>>::value;
                  })
      kind.resize(std::min(kind.find('<'), kind.size()));
    return kind;
  }

  std::vector<Line> lines_;
};

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/core/key.ipp>
#endif
