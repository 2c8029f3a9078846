#pragma once

#include <array>

#include <snnbd/tensor/concepts.hpp>

/// The order of a tensor's indices here and elsewhere.
namespace snnbd::inline SNNBD_ISA::tensor {

namespace detail {

template <InMemory Type>
auto shuffled(const Type& values, const std::array<int, 5>& signal,
              const std::array<int, 4>& image) {
  constexpr int rank = rank_of<Type>;
  static_assert(rank == 5 || rank == 4,
                "snnbd: only signals, of rank 5, and images, of rank 4, have another order "
                "elsewhere");
  const auto seen = const_view<ValueOf<Type>, rank>(values);
  if constexpr (rank == 5) {
    return Tensor<ValueOf<Type>, 5>{seen.shuffle(signal)};
  } else {
    return Tensor<ValueOf<Type>, 4>{seen.shuffle(image)};
  }
}

}  // namespace detail

/// From the library's order to that of PyTorch and its toolkits for spiking networks:
///
/// | here | there |
/// |---|---|
/// | [sample, step, height, width, channel] | [step, sample, channel, height, width] |
/// | images [sample, height, width, channel] | [sample, channel, height, width] |
template <InMemory Type>
auto to_pytorch(const Type& values) {
  return detail::shuffled(values, {1, 0, 4, 2, 3}, {0, 3, 1, 2});
}

/// From PyTorch's order to the library's: the reverse of `to_pytorch`.
template <InMemory Type>
auto from_pytorch(const Type& values) {
  return detail::shuffled(values, {1, 0, 3, 4, 2}, {0, 2, 3, 1});
}

}  // namespace snnbd::inline SNNBD_ISA::tensor
