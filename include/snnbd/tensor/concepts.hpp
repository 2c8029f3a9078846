#pragma once

#include <concepts>
#include <cstddef>
#include <string>
#include <type_traits>

#include <snnbd/core/error.hpp>
#include <snnbd/core/tensor.hpp>

/// Eigen tensors at the edge of the library: what a program gives and gets. All of them are
/// row-major, so that signals are seen without a copy.
namespace snnbd::inline SNNBD_ISA::tensor {

/// An Eigen tensor that lies in memory, its own or somebody's: a `Tensor`, a `TensorView` or a
/// `ConstTensorView`. An expression, `a + b`, is none: give it a `Tensor` to lie in first.
template <class Type>
concept InMemory = requires(const std::remove_cvref_t<Type>& values) {
  typename std::remove_cvref_t<Type>::Scalar;
  { std::remove_cvref_t<Type>::NumDimensions } -> std::convertible_to<int>;
  { values.data() } -> std::convertible_to<const void*>;
  { values.dimension(std::size_t{0}) } -> std::convertible_to<Index>;
};

/// The type of a tensor's values.
template <InMemory Type>
using ValueOf = std::remove_const_t<typename std::remove_cvref_t<Type>::Scalar>;

/// The number of a tensor's indices.
template <InMemory Type>
inline constexpr int rank_of = std::remove_cvref_t<Type>::NumDimensions;

/// Whether the last index of a tensor is the fastest in memory.
template <InMemory Type>
inline constexpr bool is_row_major = static_cast<int>(std::remove_cvref_t<Type>::Layout) ==
                                     static_cast<int>(Eigen::RowMajor);

/// The values of a tensor as a view that is only looked at.
///
/// @tparam Rank the rank that is wanted, `Scalar` the type of its values
template <class Scalar, int Rank, InMemory Type>
ConstTensorView<Scalar, Rank> const_view(const Type& values) {
  static_assert(is_row_major<Type>,
                "snnbd: tensors are row-major here, such as snnbd::Tensor<float, 4>");
  static_assert(rank_of<Type> == Rank, "snnbd: this tensor has another number of indices");
  static_assert(std::is_same_v<ValueOf<Type>, Scalar>,
                "snnbd: the values of this tensor are not those of the network, float or double");
  return {values.data(), values.dimensions()};
}

/// `2x8x28x28x1`, as errors print the sizes of a tensor.
template <InMemory Type>
std::string sizes_text(const Type& values) {
  std::string text;
  for (const auto size : values.dimensions())
    text.append(text.empty() ? "" : "x").append(std::to_string(size));
  return text;
}

/// Sizes as Eigen takes them.
template <class... Sizes>
auto sizes(Sizes... each) {
  return Eigen::DSizes<Eigen::Index, sizeof...(Sizes)>{static_cast<Eigen::Index>(each)...};
}

}  // namespace snnbd::inline SNNBD_ISA::tensor
