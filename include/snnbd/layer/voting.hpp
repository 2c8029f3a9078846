#pragma once

#include <array>
#include <string>
#include <string_view>

#include <snnbd/kernels/elementwise/vote.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Units vote for classes: the mean of each `Size` neighbouring channels at each step, 110 neurons
/// for 11 classes. Where single neurons fire or do not, ten of them tell eleven levels apart.
/// Behind it comes a readout, such as `SpikeRate` (Fang et al. 2021, the voting layer of
/// SpikingJelly).
template <int Size>
struct Voting {
  static constexpr std::string_view name = "voting";
  static std::string notation() { return std::string{"V"}.append(std::to_string(Size)); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(Size > 0, "snnbd: a Voting needs at least one unit for each class");
    constexpr bool whole = Size > 0 && In::shape.channels % Size == 0;
    static_assert(Size <= 0 || whole,
                  "snnbd: a Voting's units must divide the number of channels before it");
    return whole;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    static constexpr Shape votes{In::shape.height, In::shape.width, In::shape.channels / Size};
    using Output = RealLike<In, votes>;
    static constexpr std::array<Parameter, 0> parameters{};

    struct Memory {
      RealView<Scalar> out;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
      return {take_signal<Output, Scalar>(arena, whole)};
    }

    static ConstViewOf<Output, Scalar> forward(const Voting& /*spec*/, const Scalar* /*values*/,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& /*context*/) {
      kernels::vote(in, Index{Size}, memory.out.data);
      return memory.out;
    }

    static const Scalar* backward(const Voting& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& /*context*/) {
      if (signals.input_gradient != nullptr)
        kernels::vote_backward(signals.output_gradient, memory.out.size(), Index{Size},
                               signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
