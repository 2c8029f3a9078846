#pragma once

#include <concepts>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Which half of a data set.
enum class Part { train, test };

/// The values that images may have, both ends included.
struct Range {
  float low = 0.0F;
  float high = 1.0F;

  friend constexpr bool operator==(const Range&, const Range&) = default;
};

/// A set of labelled images. `shape`, `classes` and `name` are known at compile time; `read` writes
/// one image as values in [0, 1], [height, width, channel]; labels are 0 to classes - 1. Reading
/// the same index twice gives the same bytes, from any thread. A set whose values are others says
/// so by `static constexpr data::Range range`.
template <class Type>
concept Dataset = requires(const Type& set, std::size_t index, std::span<float> image) {
  requires std::same_as<std::remove_cvref_t<decltype(Type::shape)>, Shape>;
  requires std::convertible_to<decltype(Type::classes), int>;
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { set.size() } -> std::convertible_to<std::size_t>;
  { set.label(index) } -> std::convertible_to<int>;
  set.read(index, image);
};

/// The values that the images of a set may have: what it declares, or else [0, 1].
template <Dataset Set>
constexpr Range range_of() {
  if constexpr (requires { Set::range; }) {
    static_assert(std::same_as<std::remove_cvref_t<decltype(Set::range)>, Range>,
                  "snnbd: the range of a set is a static constexpr data::Range");
    constexpr Range range = Set::range;
    static_assert(range.low >= std::numeric_limits<float>::lowest() && range.low <= range.high &&
                      range.high <= std::numeric_limits<float>::max(),
                  "snnbd: the range of a set goes from a finite number up to another");
    return range;
  } else {
    return {};
  }
}

/// The label before any attacker touched a sample; the same as `label` for a set that knows no
/// other.
template <Dataset Set>
int original_label(const Set& set, std::size_t index) {
  if constexpr (requires { set.original_label(index); })
    return set.original_label(index);
  else
    return set.label(index);
}

/// Whether an attacker touched a sample; false for a set that knows nothing of it.
template <Dataset Set>
bool is_poisoned([[maybe_unused]] const Set& set, [[maybe_unused]] std::size_t index) {
  if constexpr (requires { set.is_poisoned(index); })
    return set.is_poisoned(index);
  else
    return false;
}

/// The triggers that a sample carries, as reports name them, the first stamped first; empty for
/// none, and for a set that knows nothing of it.
template <Dataset Set>
std::string triggers_on([[maybe_unused]] const Set& set, [[maybe_unused]] std::size_t index) {
  if constexpr (requires { set.triggers_on(index); })
    return set.triggers_on(index);
  else
    return {};
}

}  // namespace snnbd::inline SNNBD_ISA::data
