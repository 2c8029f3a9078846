#pragma once

#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/linear_norm_stage.hpp>
#include <snnbd/layer/position.hpp>
#include <snnbd/layer/spiking_stage.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Makes normalized currents: while training from what the producer stored, else tile by tile.
template <class Producer, class Norm, Position At>
struct LinearNormSource : HoldsNoNeurons {
  using Normed = NormedProducer<Producer, Norm, At>;
  using Bound = Producer;
  using Memory = typename Normed::Memory;
  static constexpr int spec_count = 2;
  template <class Specs>
  static constexpr int places = 2;
  static constexpr Index parameter_count = Normed::parameter_count;
  static constexpr bool makes_again = true;

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return Normed::reserve(arena, whole, training, training);
  }
  static void reserve_state(Arena& /*arena*/, Index /*samples*/, Memory& /*memory*/) {}
  static void reserve_gradients(Arena& /*arena*/, const Extent& /*whole*/, Memory& /*memory*/) {}

  template <class Specs, class Scalar, class Whole, class Target>
  static void run(const Specs& specs, const Scalar* values,
                  ConstViewOf<typename Normed::Input, Scalar> in, Memory& memory,
                  LayerContext& context, const Whole& whole, const Target& target) {
    if (context.options.training) {
      Normed::measure(specs, values, in, memory, context);
      whole(Normed::input_current(specs, values, memory, context));
    } else {
      Normed::produce(specs, values, in, memory, context, target);
    }
  }

  template <class Specs, class Scalar>
  static auto input_current(const Specs& specs, const Scalar* values, const Memory& memory,
                            const LayerContext& context) {
    return Normed::input_current(specs, values, memory, context);
  }

  template <class Scalar>
  static GradientPlane<Scalar> open_gradient(const Extent& extent, const Memory& /*memory*/,
                                             LayerContext& context) {
    return Producer::open_gradient(extent, context);
  }
  template <class Specs, class Scalar>
  static const Scalar* close_gradient(
      const Specs& specs, ParameterSpan<Scalar> parameters,
      const BackwardSignals<typename Normed::Input, Scalar>& signals,
      const GradientPlane<Scalar>& plane, Memory& memory, LayerContext& context) {
    return Normed::carry_back(specs, parameters, signals, plane.target, plane, memory, context);
  }

  /// With the moments that the last forward pass used.
  template <class Specs, class Scalar>
  static void write_currents(const Specs& specs, const Scalar* values,
                             ConstViewOf<typename Normed::Input, Scalar> in, const Memory& memory,
                             LayerContext& context, const RealView<Scalar>& target) {
    if (context.options.training) {
      kernels::write_current(Normed::input_current(specs, values, memory, context), target);
    } else {
      Normed::produce(specs, values, in, memory, context, kernels::CurrentWriter<Scalar>{target});
    }
  }
};

/// A convolution or dense layer, its batch norm and the neurons behind it: of real values, only
/// what the first gives is stored, and without training nothing.
template <class Producer, class Norm, class Neurons, Position At>
using LinearNormSpikingStage = SpikingStage<LinearNormSource<Producer, Norm, At>, Neurons, At>;

}  // namespace snnbd::inline SNNBD_ISA::layer
