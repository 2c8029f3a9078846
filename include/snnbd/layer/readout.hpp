#pragma once

#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/neuron/readout.hpp>
#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

namespace detail {

/// scale * sum over the steps: all readouts. In a sequence that is run window by window it gives,
/// behind each window, what a sequence of the steps so far would. Of a static signal it gives the
/// signal itself, once.
template <class Spec, Signal In, class Scalar>
struct BoundReadout {
  using Input = In;
  using Output = Static<In::shape>;
  static constexpr std::array<Parameter, 0> parameters{};

  struct Memory {
    RealView<Scalar> out;
    Scalar* sums = nullptr;  ///< of the windows so far, not scaled
  };
  static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
    return {take_signal<Output, Scalar>(arena, whole)};
  }

  static void reserve_state(Arena& arena, Index samples, Memory& memory) {
    memory.sums = take_signal<Output, Scalar>(arena, {samples, 1}).data;
  }

  static ConstViewOf<Output, Scalar> forward(const Spec& spec, const Scalar* /*values*/,
                                             ConstViewOf<In, Scalar> in, Memory& memory,
                                             LayerContext& context) {
    const Index before = timed<In> ? context.options.window.first_step : 0;
    kernels::sum_window(in, before > 0, static_cast<Scalar>(spec.scale(before + in.extent.steps)),
                        memory.sums == nullptr ? memory.out.data : memory.sums, memory.out.data);
    return memory.out;
  }

  static const Scalar* backward(const Spec& spec, ParameterSpan<Scalar> /*own*/,
                                const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                LayerContext& /*context*/) {
    if (signals.input_gradient != nullptr)
      kernels::spread_over_time(signals.output_gradient, signals.in.extent, In::shape.size(),
                                static_cast<Scalar>(spec.scale(signals.in.extent.steps)),
                                signals.input_gradient);
    return signals.input_gradient;
  }
};

}  // namespace detail

/// The mean over time of real values: the logits of a network that ends in a dense layer without
/// neurons, as the paper's VGG11 and ResNet18 do (Tables 5 and 6).
struct MeanOverTime {
  static constexpr std::string_view name = "mean_over_time";

  [[nodiscard]] double scale(Index steps) const { return 1.0 / static_cast<double>(steps); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(!SpikeSignal<In>,
                  "snnbd: MeanOverTime takes real values; for spikes use SpikeRate");
    return !SpikeSignal<In>;
  }
  template <Signal In, class Scalar>
  using Bound = detail::BoundReadout<MeanOverTime, In, Scalar>;
};

/// The firing rate of the output neurons, (factor / T) * sum of the spikes. As rates lie in [0, 1],
/// cross entropy needs a factor of 10 or so; mean squared error takes 1.
struct SpikeRate {
  static constexpr std::string_view name = "spike_rate";
  float factor = 1.0F;

  void check() const { require_positive("spike rate factor", factor); }
  [[nodiscard]] double scale(Index steps) const { return factor / static_cast<double>(steps); }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(timed<In>, "snnbd: SpikeRate takes the output of spiking neurons");
    return timed<In>;
  }
  template <Signal In, class Scalar>
  using Bound = detail::BoundReadout<SpikeRate, In, Scalar>;
};

/// The membrane of output neurons that neither leak nor fire: the sum of their currents. Logits
/// grow with T; `divide_by_steps` keeps their scale.
struct AccumulatedMembrane {
  static constexpr std::string_view name = "accumulated_membrane";
  bool divide_by_steps = false;

  [[nodiscard]] double scale(Index steps) const {
    return divide_by_steps ? 1.0 / static_cast<double>(steps) : 1.0;
  }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(RealSignal<In>,
                  "snnbd: AccumulatedMembrane takes the currents of a sequence, such as those of a "
                  "dense layer on spikes");
    return RealSignal<In>;
  }
  template <Signal In, class Scalar>
  using Bound = detail::BoundReadout<AccumulatedMembrane, In, Scalar>;
};

}  // namespace snnbd::inline SNNBD_ISA::layer
