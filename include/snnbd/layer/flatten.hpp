#pragma once

#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Makes one pixel of all values. A dense layer takes any shape and needs no flattening; with it,
/// the layer's inputs count as channels, [y, x, channel] in memory.
struct Flatten {
  static constexpr std::string_view name = "flatten";

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    return true;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    static constexpr Shape flat{1, 1, static_cast<int>(In::shape.size())};
    using Output = Reshaped<In, flat>;
    static constexpr std::array<Parameter, 0> parameters{};
    static constexpr bool moves_bits =
        SpikeSignal<In> && In::shape.pixels() > 1 && In::shape.channels % word_bits != 0;

    struct Memory {
      ViewOf<Output, Scalar> out;
      Word* gradient_mask = nullptr;
    };
    static Memory reserve(Arena& arena, const Extent& whole, [[maybe_unused]] bool training) {
      if constexpr (moves_bits)
        return {take_signal<Output, Scalar>(arena, whole),
                take_mask<Output>(arena, whole, training)};
      return {};
    }

    static ConstViewOf<Output, Scalar> forward(const Flatten& /*spec*/, const Scalar* /*values*/,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& /*context*/) {
      if constexpr (moves_bits) {
        memory.out.amplitude = in.amplitude;
        kernels::reshape_spikes(in, memory.out);
        if (mask_output(in, memory))
          kernels::reshape_spikes(gradient_mask(in), gradient_mask(memory.out));
        return memory.out;
      } else {
        in.shape = flat;
        return in;
      }
    }

    static const Scalar* backward(const Flatten& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                  LayerContext& /*context*/) {
      return signals.output_gradient;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
