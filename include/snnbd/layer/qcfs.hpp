#pragma once

#include <array>
#include <string_view>

#include <snnbd/kernels/elementwise/qcfs.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// A rectifier that clips and rounds as neurons do in `Levels` steps: y = limit *
/// clip(floor(x Levels / limit + 1/2) / Levels, 0, 1), with a trained limit (Bu et al. 2022, Eq.
/// 12). A network that is trained with it loses little when it is converted to neurons of threshold
/// `limit` whose membranes begin at half of it. The gradient takes the floor for the identity.
///
/// Parameter: `limit`, one for the layer. Adam moves it by about its rate at each step, whatever
/// its size, so `FirstLimit` is to be near what activations come to: 2 behind batch norms.
///
/// @tparam FirstLimit where the limit begins; 8 in the code of Bu et al., who train by Sgd
template <int Levels = 8, int FirstLimit = 8>
struct Qcfs {
  static constexpr std::string_view name = "qcfs";

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(Levels > 0, "snnbd: a Qcfs needs at least one level above zero");
    static_assert(FirstLimit > 0, "snnbd: the limit of a Qcfs begins above zero");
    static_assert(!SpikeSignal<In>, "snnbd: a Qcfs takes real values; spikes have two levels");
    return Levels > 0 && FirstLimit > 0 && !SpikeSignal<In>;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    using Output = In;
    static constexpr std::array parameters{
        Parameter{"limit", ParameterKind::neuron, {1, 1, 1, 1}, static_cast<float>(FirstLimit)}};

    struct Memory {
      static constexpr bool is_activation = true;
      RealView<Scalar> out;
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
      return {take_signal<Output, Scalar>(arena, whole)};
    }

    static ConstViewOf<Output, Scalar> forward(const Qcfs& /*spec*/, const Scalar* values,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& /*context*/) {
      kernels::qcfs(in.data, in.size(), values[0], Levels, memory.out.data);
      return memory.out;
    }

    static const Scalar* backward(const Qcfs& /*spec*/, ParameterSpan<Scalar> own,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& /*context*/) {
      own.gradient[0] += kernels::qcfs_backward(
          signals.in.data, static_cast<const Scalar*>(memory.out.data), signals.output_gradient,
          signals.in.size(), own.values[0], signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

/// Whether a spec is a rectifier with levels.
template <class Spec>
inline constexpr bool is_qcfs = false;
template <int Levels, int FirstLimit>
inline constexpr bool is_qcfs<Qcfs<Levels, FirstLimit>> = true;

}  // namespace snnbd::inline SNNBD_ISA::layer
