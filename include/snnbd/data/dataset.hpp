#pragma once

#include <concepts>
#include <cstddef>
#include <span>
#include <string_view>

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Which half of a data set.
enum class Part { train, test };

/// A set of labelled images. `shape`, `classes` and `name` are known at compile time; `read` writes
/// one image as values in [0, 1], [height, width, channel]; labels are 0 to classes - 1. Reading
/// the same index twice gives the same bytes, from any thread.
template <class Type>
concept Dataset = requires(const Type& set, std::size_t index, std::span<float> image) {
  requires std::same_as<std::remove_cvref_t<decltype(Type::shape)>, Shape>;
  requires std::convertible_to<decltype(Type::classes), int>;
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { set.size() } -> std::convertible_to<std::size_t>;
  { set.label(index) } -> std::convertible_to<int>;
  set.read(index, image);
};

}  // namespace snnbd::inline SNNBD_ISA::data
