#pragma once

#include <limits>
#include <string>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/tensor/concepts.hpp>

/// Signals as tensors and tensors as signals, [sample, step, height, width, channel].
namespace snnbd::inline SNNBD_ISA::tensor {

namespace detail {

inline auto signal_sizes(const Extent& extent, const Shape& shape) {
  return sizes(extent.samples, extent.steps, shape.height, shape.width, shape.channels);
}

/// The shape of the last three indices of a tensor.
///
/// @throws Error if one of them does not fit into a shape
template <InMemory Type>
Shape frame_shape(const Type& values) {
  constexpr std::size_t first = rank_of<Type> - 3;
  const auto& all = values.dimensions();
  const auto side = [&](std::size_t index) {
    const Index size = all[index];
    if (size < 1 || size > std::numeric_limits<int>::max())
      reject("sizes of a tensor", "at least 1 and at most 2147483647 each", sizes_text(values));
    return static_cast<int>(size);
  };
  return {side(first), side(first + 1), side(first + 2)};
}

}  // namespace detail

/// A signal of real values as a tensor, which looks at the same memory.
template <class Scalar>
auto view(const RealView<Scalar>& signal) {
  const auto sizes = detail::signal_sizes(signal.extent, signal.shape);
  if constexpr (std::is_const_v<Scalar>) {
    return ConstTensorView<std::remove_const_t<Scalar>, 5>{signal.data, sizes};
  } else {
    return TensorView<Scalar, 5>{signal.data, sizes};
  }
}

/// A tensor as a signal, which looks at the same memory: [sample, step, height, width, channel], or
/// images [sample, height, width, channel], which are one step.
///
/// @throws Error if a size does not fit into a shape
template <InMemory Type>
RealView<const ValueOf<Type>> signal(const Type& values) {
  static_assert(rank_of<Type> == 5 || rank_of<Type> == 4,
                "snnbd: a signal is a tensor [sample, step, height, width, channel] or images "
                "[sample, height, width, channel]");
  const auto seen = const_view<ValueOf<Type>, rank_of<Type>>(values);
  const Index steps = rank_of<Type> == 5 ? static_cast<Index>(seen.dimension(1)) : 1;
  return {seen.data(), {seen.dimension(0), steps}, detail::frame_shape(seen)};
}

/// What a spike counts when spikes become numbers.
enum class SpikeValue {
  one,        ///< 1, whatever its amplitude
  amplitude,  ///< its amplitude: the real value that the layer after it sees
};

/// Packed spikes as a tensor of numbers, 0 where a unit did not fire.
template <class Scalar, class WordType>
Tensor<Scalar, 5> unpack(SpikeView<WordType> spikes, SpikeValue value = SpikeValue::one) {
  if (value == SpikeValue::one) spikes.amplitude = 1.0;
  Tensor<Scalar, 5> values{detail::signal_sizes(spikes.extent, spikes.shape)};
  kernels::unpack<Scalar>(spikes, 0, spikes.extent.samples, values.data());
  return values;
}

/// Spikes in memory of their own.
class PackedSpikes {
 public:
  PackedSpikes(const Extent& extent, const Shape& shape, double amplitude)
      : view_{nullptr, extent, shape, amplitude} {
    words_.resize(static_cast<std::size_t>(view_.size()));
  }

  [[nodiscard]] SpikeView<Word> view() {
    SpikeView<Word> seen = view_;
    seen.words = words_.data();
    return seen;
  }
  [[nodiscard]] SpikeView<const Word> view() const {
    return {words_.data(), view_.extent, view_.shape, view_.amplitude};
  }

 private:
  SpikeView<Word> view_;
  AlignedVector<Word> words_;
};

/// A tensor of zeros and amplitudes as packed spikes, one bit each.
///
/// @param amplitude the one value besides 0 that the tensor may have
/// @throws Error that names the first value that is neither
template <InMemory Type>
PackedSpikes pack(const Type& values, double amplitude = 1.0) {
  const auto real = signal(values);
  const auto one = static_cast<ValueOf<Type>>(amplitude);
  for (Index place = 0; place < real.size(); ++place)
    if (const auto value = real.data[place]; value != 0 && value != one)
      reject("tensor of spikes, value " + std::to_string(place) + " in memory",
             "0 or the amplitude " + std::to_string(amplitude), std::to_string(value));
  PackedSpikes spikes{real.extent, real.shape, amplitude};
  kernels::pack<ValueOf<Type>>(real, spikes.view());
  return spikes;
}

}  // namespace snnbd::inline SNNBD_ISA::tensor
