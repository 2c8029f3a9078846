#pragma once

#include <array>
#include <string>
#include <string_view>

#include <snnbd/kernels/elementwise/border.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// `Border` pixels of zeros around the image, on each side: 28 x 28 digits become 32 x 32 with 2.
template <int Border>
struct ZeroPad {
  static constexpr std::string_view name = "zero_pad";
  static std::string notation() { return std::string{"Z"}.append(std::to_string(Border)); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(Border > 0, "snnbd: a zero padding needs at least one pixel on each side");
    return Border > 0;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    static constexpr Shape padded{In::shape.height + 2 * Border, In::shape.width + 2 * Border,
                                  In::shape.channels};
    using Output = Reshaped<In, padded>;
    static constexpr std::array<Parameter, 0> parameters{};

    struct Memory {
      ViewOf<Output, Scalar> out;
      Word* gradient_mask = nullptr;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool training) {
      return {take_signal<Output, Scalar>(arena, whole), take_mask<Output>(arena, whole, training)};
    }

    static ConstViewOf<Output, Scalar> forward(const ZeroPad& /*spec*/, const Scalar* /*values*/,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& /*context*/) {
      if constexpr (SpikeSignal<In>) {
        constexpr Shape words{In::shape.height, In::shape.width,
                              words_per_pixel(In::shape.channels)};
        memory.out.amplitude = in.amplitude;
        kernels::add_border(in.words, in.extent.frames(), words, Border, memory.out.words);
        if (mask_output(in, memory))
          kernels::add_border(in.gradient_mask, in.extent.frames(), words, Border,
                              memory.out.gradient_mask);
      } else {
        kernels::add_border(in.data, in.extent.frames(), In::shape, Border, memory.out.data);
      }
      return memory.out;
    }

    static const Scalar* backward(const ZeroPad& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                  LayerContext& /*context*/) {
      if (signals.input_gradient != nullptr)
        kernels::cut_border(signals.output_gradient, signals.in.extent.frames(), In::shape, Border,
                            signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
