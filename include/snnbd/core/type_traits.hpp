#pragma once

#include <optional>
#include <tuple>
#include <vector>

#include <snnbd/core/config.hpp>

/// What members of parts may be besides numbers, texts and parts.
namespace snnbd::inline SNNBD_ISA::detail {

template <class Type>
inline constexpr bool is_optional = false;
template <class Type>
inline constexpr bool is_optional<std::optional<Type>> = true;

template <class Type>
inline constexpr bool is_vector = false;
template <class Type>
inline constexpr bool is_vector<std::vector<Type>> = true;

template <class Type>
concept Range = requires(const Type& range) {
  range.begin();
  range.end();
};

template <class Type>
concept TupleLike = requires {
  std::tuple_size<Type>::value;
};

}  // namespace snnbd::inline SNNBD_ISA::detail
