#pragma once

#include <array>
#include <string>
#include <string_view>

#include <snnbd/kernels/elementwise/upsample.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Repeats each pixel `Factor` times in both directions, PyTorch's nearest neighbour: 4 x 4 become
/// 8 x 8 with 2. With convolutions behind it, the way back to the size before convolutions with
/// strides, as in autoencoders.
template <int Factor>
struct Upsample {
  static constexpr std::string_view name = "upsample";
  static std::string notation() { return std::string{"U"}.append(std::to_string(Factor)); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(Factor > 0, "snnbd: an upsampling needs a factor of at least 1");
    return Factor > 0;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    static constexpr Shape enlarged{In::shape.height * Factor, In::shape.width* Factor,
                                    In::shape.channels};
    using Output = Reshaped<In, enlarged>;
    static constexpr std::array<Parameter, 0> parameters{};

    struct Memory {
      ViewOf<Output, Scalar> out;
      Word* gradient_mask = nullptr;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool training) {
      return {take_signal<Output, Scalar>(arena, whole), take_mask<Output>(arena, whole, training)};
    }

    static ConstViewOf<Output, Scalar> forward(const Upsample& /*spec*/, const Scalar* /*values*/,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& /*context*/) {
      if constexpr (SpikeSignal<In>) {
        constexpr Shape words{In::shape.height, In::shape.width,
                              words_per_pixel(In::shape.channels)};
        memory.out.amplitude = in.amplitude;
        kernels::upsample(in.words, in.extent.frames(), words, Factor, memory.out.words);
        if (mask_output(in, memory))
          kernels::upsample(in.gradient_mask, in.extent.frames(), words, Factor,
                            memory.out.gradient_mask);
      } else {
        kernels::upsample(in.data, in.extent.frames(), In::shape, Factor, memory.out.data);
      }
      return memory.out;
    }

    static const Scalar* backward(const Upsample& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                  LayerContext& /*context*/) {
      if (signals.input_gradient != nullptr)
        kernels::upsample_backward(In::shape, signals.in.extent.frames(), Factor,
                                   signals.output_gradient, signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
