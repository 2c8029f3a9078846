#pragma once

#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// max(x, 0): what an artificial network has in place of spiking neurons. The gradient at 0 is 0.
struct Relu {
  static constexpr std::string_view name = "relu";

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(!SpikeSignal<In>, "snnbd: a Relu takes real values; spikes are never negative");
    return !SpikeSignal<In>;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    using Output = In;
    static constexpr std::array<Parameter, 0> parameters{};

    struct Memory {
      static constexpr bool is_activation = true;
      RealView<Scalar> out;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
      return {take_signal<Output, Scalar>(arena, whole)};
    }

    static ConstViewOf<Output, Scalar> forward(const Relu& /*spec*/, const Scalar* /*values*/,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& /*context*/) {
      kernels::relu(in.data, in.size(), memory.out.data);
      return memory.out;
    }

    static const Scalar* backward(const Relu& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& /*context*/) {
      if (signals.input_gradient != nullptr)
        kernels::relu_backward(static_cast<const Scalar*>(memory.out.data), signals.output_gradient,
                               signals.in.size(), signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
