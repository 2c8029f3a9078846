#pragma once

#include <vector>

#include <snnbd/core/arena.hpp>
#include <snnbd/layer/concepts.hpp>

#include "../kernels/reference.hpp"

namespace snnbd_tests {

/// One bound layer with the memory of a pass: what a network does for each of its layers.
template <class Spec, snnbd::Signal In, class Scalar = float>
class LayerProbe {
 public:
  using Bound = typename Spec::template Bound<In, Scalar>;
  using Output = typename Bound::Output;

  LayerProbe(const Spec& spec, snnbd::Extent extent, snnbd::layer::PassOptions options = {})
      : spec_{spec}, arena_{needed(extent, options.training)}, context_{scratch_, options, 3} {
    memory_ = reserve(arena_, extent, options.training);
  }

  [[nodiscard]] snnbd::layer::PassOptions& options() { return context_.options; }
  [[nodiscard]] const typename Bound::Memory& memory() const { return memory_; }

  /// Room for what a window leaves for the next.
  void keep_state(snnbd::Index samples) {
    snnbd::Arena counter;
    typename Bound::Memory counted = memory_;
    Bound::reserve_state(counter, samples, counted);
    state_.restart(counter.used());
    Bound::reserve_state(state_, samples, memory_);
  }

  auto forward(const snnbd::ConstViewOf<In, Scalar>& in, const Scalar* parameters = nullptr) {
    return Bound::forward(spec_, parameters, in, memory_, context_);
  }

  /// The input's gradient; that of the parameters is added to `gradient`.
  std::vector<Scalar> backward(const snnbd::ConstViewOf<In, Scalar>& in,
                               const std::vector<Scalar>& output_gradient,
                               const Scalar* parameters = nullptr, Scalar* gradient = nullptr) {
    const snnbd::Index count = in.extent.frames() * In::shape.size();
    std::vector<Scalar> room(reference::at(count + snnbd::spare_values));
    const Scalar* const result =
        Bound::backward(spec_, {parameters, gradient}, {in, output_gradient.data(), room.data()},
                        memory_, context_);
    return {result, result + count};
  }

 private:
  static typename Bound::Memory reserve(snnbd::Arena& arena, snnbd::Extent extent, bool training) {
    auto memory = Bound::reserve(arena, extent, training);
    if constexpr (requires { Bound::reserve_gradients(arena, extent, memory); })
      Bound::reserve_gradients(arena, extent, memory);
    return memory;
  }
  static std::size_t needed(snnbd::Extent extent, bool training) {
    snnbd::Arena counter;
    reserve(counter, extent, training);
    return counter.used();
  }

  Spec spec_;
  snnbd::Arena arena_;
  snnbd::Arena state_;
  snnbd::Scratch scratch_;
  snnbd::layer::LayerContext context_;
  typename Bound::Memory memory_;
};

/// The real values of a signal, unpacked one by one.
template <class Scalar>
std::vector<double> values_of(const snnbd::RealView<Scalar>& view) {
  return {view.data, view.data + view.size()};
}
template <class WordType>
std::vector<double> values_of(const snnbd::SpikeView<WordType>& view) {
  std::vector<double> values;
  const snnbd::Index channels = view.shape.channels;
  for (snnbd::Index unit = 0; unit < view.extent.frames() * view.shape.size(); ++unit) {
    const snnbd::Index word = unit / channels * view.pixel_words() + unit % channels / 64;
    const bool fired = (view.words[word] >> unit % channels % 64 & 1U) != 0;
    values.push_back(fired ? static_cast<double>(view.amplitude) : 0.0);
  }
  return values;
}

}  // namespace snnbd_tests
