#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <type_traits>

#include <snnbd/kernels/elementwise/pool_gate.hpp>
#include <snnbd/layer/neuron_site.hpp>
#include <snnbd/layer/pool.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Max pooling of firing rates: at each step an output passes on what one unit of its window gives,
/// the one that has fired most often up to and with this step, the first of equals. What conversion
/// puts in place of a `MaxPool` (Rueckauer et al. 2017, Sec. 2.2.6). Over many steps its rate is
/// the largest of the window.
///
/// Of real values that change from step to step the gate compares sums; of static ones it is a
/// `MaxPool`. The gradient of an output goes to the unit that it listened to; the choice itself has
/// none. A sequence in windows of steps keeps the totals of all units from one to the next.
///
/// @tparam Padding as that of `MaxPool`: what stands there is never chosen
template <int Size, int Stride = Size, int Padding = 0>
struct GatedMaxPool {
  static constexpr std::string_view name = "gated_max_pool";
  static std::string notation() { return std::string{"GP"}.append(std::to_string(Size)); }
  static constexpr kernels::Window window{Size, Stride, Padding};

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    return detail::verify_window<Size, Stride, Padding, In>();
  }

  template <Signal In, class Scalar>
  struct Bound : HoldsNoNeurons {
    using Input = In;
    static constexpr Shape pooled = window.pooled(In::shape);
    using Output = Reshaped<In, pooled>;
    /// Counts of spikes, or sums of values.
    using Total = std::conditional_t<SpikeSignal<In>, std::int32_t, Scalar>;
    static constexpr std::array<Parameter, 0> parameters{};

    struct Memory {
      ViewOf<Output, Scalar> out;
      Total* totals = nullptr;  ///< from one window to the next, [sample, pixel, channel]
    };
    static Memory reserve(Arena& arena, const Extent& whole, bool /*training*/) {
      return {take_signal<Output, Scalar>(arena, whole)};
    }
    static void reserve_state(Arena& arena, Index samples, Memory& memory) {
      if constexpr (timed<In>) memory.totals = arena.take<Total>(samples * In::shape.size()).data();
    }

    static ConstViewOf<Output, Scalar> forward(const GatedMaxPool& /*spec*/,
                                               const Scalar* /*values*/, ConstViewOf<In, Scalar> in,
                                               Memory& memory, LayerContext& context) {
      kernels::GateTotals<Total> totals;
      if constexpr (timed<In>) {
        const TimeWindow& steps = context.options.window;
        totals = {steps.first_step > 0 ? memory.totals : nullptr,
                  steps.last ? nullptr : memory.totals};
      }
      if constexpr (SpikeSignal<In>) {
        memory.out.amplitude = in.amplitude;
        kernels::gated_max_pool(in, window, totals, memory.out);
      } else {
        kernels::gated_max_pool(in, window, totals, memory.out.data);
      }
      return memory.out;
    }

    static const Scalar* backward(const GatedMaxPool& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                  const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                  LayerContext& /*context*/) {
      if (signals.input_gradient != nullptr)
        kernels::gated_max_pool_backward(signals.in, window, signals.output_gradient,
                                         signals.input_gradient);
      return signals.input_gradient;
    }
  };
};

}  // namespace snnbd::inline SNNBD_ISA::layer
