#pragma once

#include <algorithm>
#include <array>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/neuron/fused_scan.hpp>
#include <snnbd/kernels/neuron/input_current.hpp>
#include <snnbd/kernels/neuron/scan_batch.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/neuron/cell.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// A layer of neurons: real currents in, spikes out. After a convolution or a dense layer the two
/// run as one, so that the currents never reach memory; after a batch norm or a residual, so that
/// what these give does not.
template <neuron::NeuronModel Neuron>
struct Spiking {
  static constexpr std::string_view name = "spiking";
  using NeuronType = Neuron;
  Neuron neuron{};
  double amplitude = 1.0;  ///< the real value of one spike: a converted layer's threshold
  double start = 0.0;      ///< the membrane before the first step, in thresholds above rest

  void check() const {
    neuron::check(neuron);
    require_positive("amplitude of spikes", amplitude);
    require_finite("start of the membranes", start);
  }

  template <int LayerIndex, Signal In>
  static constexpr bool verify() {
    static_assert(!SpikeSignal<In>,
                  "snnbd: spiking neurons take currents; put a convolution, a dense layer or an "
                  "average pooling between two spiking layers");
    return !SpikeSignal<In>;
  }

  template <Signal In, class Scalar>
  struct Bound {
    using Input = In;
    using Cell = neuron::Cell<Neuron, lanes::Batch<Scalar>>;
    static constexpr Shape shape = In::shape;
    using Fired = std::conditional_t<Cell::compact, MaskedSpikes<shape>, Spikes<shape>>;
    using Output = std::conditional_t<Cell::smooth, Real<shape>, Fired>;
    static constexpr auto parameters = [] {
      if constexpr (Neuron::parameter_count > 0) {
        return std::array{
            Parameter{"w", ParameterKind::neuron, {1, 1, 1, Neuron::parameter_count}}};
      } else {
        return std::array<Parameter, 0>{};
      }
    }();

    struct Memory {
      ViewOf<Output, Scalar> out;
      Scalar* charge = nullptr;       ///< kept for currents that change from step to step
      Scalar* current = nullptr;      ///< kept for static currents: the charge is made again
      Word* gradient_mask = nullptr;  ///< the units that a gradient can enter
      Scalar* membrane = nullptr;     ///< from one window to the next, [sample, pixel, channel]
    };

    static void reserve_state(Arena& arena, Index samples, Memory& memory) {
      memory.membrane = take_signal<Static<shape>, Scalar>(arena, {samples, 1}).data;
    }

    /// Nothing real is kept for the way back: the charge is made again from the layer's input.
    static Memory reserve(Arena& arena, const Extent& whole, bool training) {
      Memory memory{take_signal<Output, Scalar>(arena, whole)};
      memory.gradient_mask = take_mask<Output>(arena, whole, training);
      return memory;
    }

    /// For neurons whose currents are never in memory.
    static Memory reserve_keeping(Arena& arena, const Extent& whole, bool training) {
      Memory memory = reserve(arena, whole, training);
      if (!training) return memory;
      if constexpr (timed<In>) {
        memory.charge = take_signal<Real<shape>, Scalar>(arena, whole).data;
      } else {
        memory.current = take_signal<Static<shape>, Scalar>(arena, whole).data;
      }
      return memory;
    }

    static Scalar amplitude(const Spiking& spec) { return static_cast<Scalar>(spec.amplitude); }

    static Cell cell(const Spiking& spec, const Scalar* values) {
      if constexpr (Neuron::parameter_count > 0) {
        std::array<double, std::size_t{Neuron::parameter_count}> own;
        std::copy_n(values, own.size(), own.begin());
        return Cell{neuron::rounded<Scalar>(spec.neuron).with(own), amplitude(spec),
                    static_cast<Scalar>(spec.start)};
      } else {
        static_cast<void>(values);
        return Cell{neuron::rounded<Scalar>(spec.neuron), amplitude(spec),
                    static_cast<Scalar>(spec.start)};
      }
    }

    /// Which membranes a scan reads and writes: none if it runs a whole sequence.
    static kernels::Membranes<Scalar*> membranes(const Memory& memory, const TimeWindow& window) {
      return {window.first_step > 0 ? memory.membrane : nullptr,
              window.last ? nullptr : memory.membrane};
    }

    /// What turns tiles of currents into spikes.
    static kernels::TileScan<Cell, Scalar> sink(const Spiking& spec, const Scalar* values,
                                                Memory& memory, const LayerContext& context) {
      kernels::TileScan<Cell, Scalar> scan{cell(spec, values), memory.out.extent, shape};
      if (context.options.training) {
        scan.charge = memory.charge;
        scan.current = memory.current;
      }
      if constexpr (Cell::smooth) {
        scan.fired = memory.out.data;
      } else {
        scan.spikes = memory.out.words;
        scan.gradient_mask = memory.out.gradient_mask =
            context.options.training ? memory.gradient_mask : nullptr;
        memory.out.amplitude = amplitude(spec);
      }
      scan.membranes = membranes(memory, context.options.window);
      return scan;
    }

    static ConstViewOf<Output, Scalar> forward(const Spiking& spec, const Scalar* values,
                                               ConstViewOf<In, Scalar> in, Memory& memory,
                                               LayerContext& context) {
      scan(spec, values, kernels::StoredCurrent<Scalar>{in}, memory, context);
      return memory.out;
    }

    /// Fires by an input current, such as `kernels::NormedCurrent`.
    template <class Current>
    static void scan(const Spiking& spec, const Scalar* values, const Current& current,
                     Memory& memory, LayerContext& context) {
      const Index steps = memory.out.extent.steps;
      kernels::Field<Word> spikes;
      kernels::Field<Scalar> fired;
      kernels::Field<Word> mask;
      if constexpr (Cell::smooth) {
        fired = kernels::field_of(memory.out.data, shape, steps, Index{shape.channels});
      } else {
        const Index words = memory.out.pixel_words();
        spikes = kernels::field_of(memory.out.words, shape, steps, words);
        memory.out.gradient_mask = context.options.training ? memory.gradient_mask : nullptr;
        mask = kernels::field_of(memory.out.gradient_mask, shape, steps, words);
        memory.out.amplitude = amplitude(spec);
      }
      const auto [before, after] = membranes(memory, context.options.window);
      kernels::scan_forward<Cell, Scalar>(cell(spec, values), memory.out.extent, shape, current,
                                          kernels::Field<Scalar>{}, spikes, fired, mask,
                                          {membrane_field(before), membrane_field(after)});
    }

    static kernels::Field<Scalar> membrane_field(Scalar* data) {
      return kernels::field_of(data, shape, Index{1}, Index{shape.channels});
    }

    /// The gradient of the spikes as it lies in memory.
    static kernels::StoredGradient<Scalar> stored(const Scalar* output_gradient,
                                                  const Memory& memory) {
      return {kernels::field_of(output_gradient, shape, memory.out.extent.steps,
                                Index{shape.channels})};
    }

    /// Scans back by what was kept, and writes the gradient of the currents where `target` says.
    template <class Source>
    static void scan_back(const Spiking& spec, ParameterSpan<Scalar> own, const Source& source,
                          const kernels::Field<Scalar>& target, Memory& memory) {
      kernels::Field<const Scalar> charge;
      if (memory.charge != nullptr)
        charge = kernels::field_of(static_cast<const Scalar*>(memory.charge), shape,
                                   memory.out.extent.steps, Index{shape.channels});
      scan_back(
          spec, own, source, charge,
          kernels::StoredCurrent<Scalar>{{memory.current, {memory.out.extent.samples, 1}, shape}},
          target, memory);
    }

    /// The same by what drove the neurons, from which the charge is made again.
    template <class Source, class Current>
    static void scan_again(const Spiking& spec, ParameterSpan<Scalar> own, const Source& source,
                           const Current& current, const kernels::Field<Scalar>& target,
                           Memory& memory) {
      scan_back(spec, own, source, kernels::Field<const Scalar>{}, current, target, memory);
    }

    static const Scalar* backward(const Spiking& spec, ParameterSpan<Scalar> own,
                                  const BackwardSignals<In, Scalar>& signals, Memory& memory,
                                  LayerContext& /*context*/) {
      if (signals.input_gradient == nullptr && Neuron::parameter_count == 0) return nullptr;
      Scalar* target = signals.input_gradient;
      std::vector<Scalar> unused;
      if (target == nullptr) {
        unused.resize(static_cast<std::size_t>(signals.in.size()));
        target = unused.data();
      }
      scan_again(spec, own, stored(signals.output_gradient, memory),
                 kernels::StoredCurrent<Scalar>{signals.in},
                 kernels::field_of(target, shape, signals.in.extent.steps, Index{shape.channels}),
                 memory);
      return signals.input_gradient;
    }

   private:
    template <class Source, class Current>
    static void scan_back(const Spiking& spec, ParameterSpan<Scalar> own, const Source& source,
                          const kernels::Field<const Scalar>& charge, const Current& current,
                          const kernels::Field<Scalar>& target, Memory& memory) {
      const auto sums = kernels::scan_backward<Scalar>(cell(spec, own.values), memory.out.extent,
                                                       shape, charge, current, source, target);
      for (std::size_t p = 0; p < sums.size(); ++p) own.gradient[p] += sums[p];
    }
  };
};

/// Whether a spec is a layer of neurons.
template <class Spec>
inline constexpr bool is_spiking = false;
template <class Neuron>
inline constexpr bool is_spiking<Spiking<Neuron>> = true;

}  // namespace snnbd::inline SNNBD_ISA::layer
