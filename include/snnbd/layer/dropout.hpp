#pragma once

#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Drops units with probability `rate` while training and scales the others by 1/(1 - rate).
///
/// One mask for a whole sequence: a fresh one at each step would destroy the rate code. On spikes
/// the mask is an AND and the scale goes into the amplitude.
struct Dropout {
  static constexpr std::string_view name = "dropout";
  float rate = 0.5F;

  void check() const { require_part("dropout rate", rate); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    return true;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    using Output = In;
    static constexpr std::array<Parameter, 0> parameters{};

    struct Memory {
      ViewOf<Output, Scalar> out;
      Word* mask = nullptr;
      Word* gradient_mask = nullptr;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool training) {
      if (!training) return {};
      Memory memory{take_signal<Output, Scalar>(arena, whole)};
      memory.mask =
          arena.take<Word>(whole.samples * In::shape.pixels() * words_per_pixel(In::shape.channels))
              .data();
      memory.gradient_mask = take_mask<Output>(arena, whole, training);
      return memory;
    }

    static ConstViewOf<Output, Scalar> forward(const Dropout& spec, const Scalar* /*values*/,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& context) {
      spec.check();
      if (!context.options.varies() || spec.rate == 0.0F) return in;
      kernels::draw_mask(context.options.seed, context.options.draw, context.index, 1.0 - spec.rate,
                         In::shape, in.extent.samples, memory.mask);
      const double scale = 1.0 / (1.0 - static_cast<double>(spec.rate));
      if constexpr (SpikeSignal<In>) {
        memory.out.amplitude = static_cast<Scalar>(in.amplitude * scale);
        kernels::mask_spikes(in, memory.mask, memory.out);
        if (mask_output(in, memory))
          kernels::mask_spikes(gradient_mask(in), memory.mask, gradient_mask(memory.out));
      } else {
        kernels::mask_values(in, memory.mask, static_cast<Scalar>(scale), memory.out.data);
      }
      return memory.out;
    }

    static const Scalar* backward(const Dropout& spec, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& context) {
      if (signals.input_gradient == nullptr || !context.options.varies() || spec.rate == 0.0F)
        return signals.output_gradient;
      const double scale = 1.0 / (1.0 - static_cast<double>(spec.rate));
      kernels::mask_values(
          RealView<const Scalar>{signals.output_gradient, signals.in.extent, In::shape},
          static_cast<const Word*>(memory.mask), static_cast<Scalar>(scale),
          signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
