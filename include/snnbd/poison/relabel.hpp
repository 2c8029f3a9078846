#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// What an attacker does to the label of a poisoned training sample. `eligible` tells whether a
/// sample with this label may be poisoned, `relabel` gives its new label. A member
/// `goal(label, classes)`, the class that the attacker wants for a triggered test sample, is
/// optional: without it, it is the new label.
template <class Type>
concept Relabel = requires(const Type& rule, int label, int classes) {
  { Type::name } -> std::convertible_to<std::string_view>;
  { rule.eligible(label, classes) } -> std::convertible_to<bool>;
  { rule.relabel(label, classes) } -> std::convertible_to<int>;
};

/// The class that the attacker wants for a triggered sample.
template <Relabel Rule>
int goal(const Rule& rule, int label, int classes) {
  if constexpr (requires { rule.goal(label, classes); })
    return rule.goal(label, classes);
  else
    return rule.relabel(label, classes);
}

namespace detail {

inline int check_target(int target, int classes) {
  if (target < 0 || target >= classes)
    reject("target class", "a number from 0 to " + std::to_string(classes - 1), target);
  return target;
}

}  // namespace detail

/// Every poisoned sample gets the target's label, samples of the target class among them, as in
/// Jin et al. 2024. The paper's default target is class 1.
struct AllToOne {
  static constexpr std::string_view name = "all_to_one";

  int target = 1;

  /// @throws Error if the target is no class
  [[nodiscard]] bool eligible(int /*label*/, int classes) const {
    return detail::check_target(target, classes) == target;
  }

  /// @throws Error if the target is no class
  [[nodiscard]] int relabel(int /*label*/, int classes) const {
    return detail::check_target(target, classes);
  }
};

/// Every poisoned sample gets the label of the next class: y becomes (y + 1) mod classes.
struct AllToAll {
  static constexpr std::string_view name = "all_to_all";

  [[nodiscard]] bool eligible(int /*label*/, int /*classes*/) const { return true; }
  [[nodiscard]] int relabel(int label, int classes) const { return (label + 1) % classes; }
};

/// Only samples of the target class are poisoned, and keep their label: whoever looks through the
/// labels finds nothing wrong.
struct CleanLabel {
  static constexpr std::string_view name = "clean_label";

  int target = 1;

  /// @throws Error if the target is no class
  [[nodiscard]] bool eligible(int label, int classes) const {
    return label == detail::check_target(target, classes);
  }
  [[nodiscard]] int relabel(int label, int /*classes*/) const { return label; }

  /// @throws Error if the target is no class
  [[nodiscard]] int goal(int /*label*/, int classes) const {
    return detail::check_target(target, classes);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::poison
