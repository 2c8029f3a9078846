#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ranges>
#include <span>
#include <type_traits>
#include <vector>

#include <snnbd/core/config.hpp>

/// The arrays of numbers that files and data sets are made of: Eigen tensors and maps of them,
/// xtensor's arrays, spans, vectors. They are known by their members, so that neither library is
/// included here.
namespace snnbd::inline SNNBD_ISA {

namespace detail {

/// An Eigen tensor, or a map of one: values in memory, of a rank known at compile time.
template <class Type>
concept EigenTensor = requires(const Type& tensor) {
  typename Type::Scalar;
  Type::NumDimensions;
  { Type::Layout + 0 } -> std::convertible_to<int>;
  tensor.dimension(0);
  { tensor.data() } -> std::convertible_to<const typename Type::Scalar*>;
};

/// An array or an expression of xtensor: what walks it goes in row-major order by default.
template <class Type>
concept XtensorArray = requires(const Type& array) {
  typename Type::value_type;
  array.dimension();
  array.shape();
  array.begin();
  array.end();
};

template <class Type>
concept NumberRange =
    std::ranges::contiguous_range<const Type> && std::ranges::sized_range<const Type>;

/// The type of an array's numbers; of anything else, void.
template <class Type>
constexpr auto number_of() {
  if constexpr (EigenTensor<Type>)
    return std::type_identity<std::remove_cv_t<typename Type::Scalar>>{};
  else if constexpr (XtensorArray<Type>)
    return std::type_identity<std::remove_cv_t<typename Type::value_type>>{};
  else if constexpr (NumberRange<Type>)
    return std::type_identity<std::remove_cv_t<std::ranges::range_value_t<const Type>>>{};
  else
    return std::type_identity<void>{};
}

}  // namespace detail

/// The type of an array's numbers.
template <class Array>
using NumberOf = typename decltype(detail::number_of<Array>())::type;

/// What is an array of numbers: an Eigen tensor (no expression of one), an array of xtensor's, a
/// span, a vector.
template <class Type>
concept NumberArray = std::is_arithmetic_v<NumberOf<Type>>;

/// The sizes of an array, the slowest first; one for spans and vectors.
template <NumberArray Array>
std::vector<std::int64_t> sizes_of(const Array& array) {
  std::vector<std::int64_t> sizes;
  if constexpr (detail::EigenTensor<Array>) {
    for (const auto size : array.dimensions()) sizes.push_back(static_cast<std::int64_t>(size));
  } else if constexpr (detail::XtensorArray<Array>) {
    for (const auto size : array.shape()) sizes.push_back(static_cast<std::int64_t>(size));
  } else {
    sizes.push_back(static_cast<std::int64_t>(std::ranges::size(array)));
  }
  return sizes;
}

/// Copies the numbers of an array, the last index fastest whatever its order in memory is.
///
/// @param out room for all of them
template <NumberArray Array, class Out>
void copy_row_major(const Array& array, Out out) {
  if constexpr (detail::EigenTensor<Array>) {
    constexpr int row_major = 1;
    const auto* const values = array.data();
    const std::vector<std::int64_t> sizes = sizes_of(array);
    std::int64_t count = 1;
    for (const std::int64_t size : sizes) count *= size;
    if constexpr (static_cast<int>(Array::Layout) == row_major) {
      std::copy_n(values, count, out);
    } else {
      // The first index is the fastest in memory: walks the last one first.
      std::vector<std::int64_t> strides(sizes.size(), 1);
      for (std::size_t axis = 1; axis < sizes.size(); ++axis)
        strides[axis] = strides[axis - 1] * sizes[axis - 1];
      for (std::int64_t place = 0; place < count; ++place) {
        std::int64_t rest = place;
        std::int64_t from = 0;
        for (std::size_t axis = sizes.size(); axis-- > 0; rest /= sizes[axis])
          from += rest % sizes[axis] * strides[axis];
        *out++ = values[from];
      }
    }
  } else if constexpr (detail::XtensorArray<Array>) {
    std::copy(array.begin(), array.end(), out);
  } else {
    std::ranges::copy(array, out);
  }
}

}  // namespace snnbd::inline SNNBD_ISA
