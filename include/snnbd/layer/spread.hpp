#pragma once

#include <array>

#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer::detail {

/// A bound layer that copies the pixels of its input into a larger image, values as they are and
/// spikes word by word: `Upsample` and `ZeroPad`.
///
/// @tparam Spec has `spread(values, frames, shape, result)` for numbers and words, and its
///   transpose `gather(output_gradient, frames, shape, input_gradient)`; `shape` is that of the
///   input
/// @tparam Larger the shape of the output
template <class Spec, Signal In, class Scalar, Shape Larger>
struct BoundSpread {
  using Input = In;
  using Output = Reshaped<In, Larger>;
  static constexpr std::array<Parameter, 0> parameters{};

  struct Memory {
    ViewOf<Output, Scalar> out;
    Word* gradient_mask = nullptr;
  };
  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return {take_signal<Output, Scalar>(arena, whole), take_mask<Output>(arena, whole, training)};
  }

  static ConstViewOf<Output, Scalar> forward(const Spec& /*spec*/, const Scalar* /*values*/,
                                             ConstViewOf<In, Scalar> in, Memory& memory,
                                             LayerContext& /*context*/) {
    if constexpr (SpikeSignal<In>) {
      constexpr Shape words{In::shape.height, In::shape.width, words_per_pixel(In::shape.channels)};
      memory.out.amplitude = in.amplitude;
      Spec::spread(in.words, in.extent.frames(), words, memory.out.words);
      if (mask_output(in, memory))
        Spec::spread(in.gradient_mask, in.extent.frames(), words, memory.out.gradient_mask);
    } else {
      Spec::spread(in.data, in.extent.frames(), In::shape, memory.out.data);
    }
    return memory.out;
  }

  static const Scalar* backward(const Spec& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                LayerContext& /*context*/) {
    if (signals.input_gradient != nullptr)
      Spec::gather(signals.output_gradient, signals.in.extent.frames(), In::shape,
                   signals.input_gradient);
    return signals.input_gradient;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::layer::detail
