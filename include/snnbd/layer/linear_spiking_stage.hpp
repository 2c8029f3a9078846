#pragma once

#include <tuple>

#include <snnbd/kernels/neuron/fused_scan.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/position.hpp>
#include <snnbd/layer/spiking_stage.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// Makes currents tile by tile and stores none.
template <class Producer, Position At>
struct LinearSource : HoldsNoNeurons {
  using Bound = Producer;
  using Memory = std::tuple<>;
  static constexpr int spec_count = 1;
  template <class Specs>
  static constexpr int places = 1;
  static constexpr Index parameter_count = parameter_total(Producer::parameters);
  static constexpr bool makes_again = false;

  static Memory reserve(Arena& /*arena*/, const Extent& /*whole*/, bool /*training*/) { return {}; }
  static void reserve_state(Arena& /*arena*/, Index /*samples*/, Memory& /*memory*/) {}
  static void reserve_gradients(Arena& /*arena*/, const Extent& /*whole*/, Memory& /*memory*/) {}

  template <class Specs, class Scalar, class Whole, class Target>
  static void run(const Specs& /*specs*/, const Scalar* values,
                  ConstViewOf<typename Producer::Input, Scalar> in, Memory& /*memory*/,
                  LayerContext& context, const Whole& /*whole*/, const Target& target) {
    Producer::produce(values + At.offset, in, context, target);
  }

  template <class Scalar>
  static GradientPlane<Scalar> open_gradient(const Extent& extent, const Memory& /*memory*/,
                                             LayerContext& context) {
    return Producer::open_gradient(extent, context);
  }
  template <class Specs, class Scalar>
  static const Scalar* close_gradient(
      const Specs& /*specs*/, ParameterSpan<Scalar> parameters,
      const BackwardSignals<typename Producer::Input, Scalar>& signals,
      const GradientPlane<Scalar>& plane, Memory& /*memory*/, LayerContext& context) {
    return Producer::close_gradient(parameters.from(At.offset), signals, plane, context);
  }

  template <class Specs, class Scalar>
  static void write_currents(const Specs& /*specs*/, const Scalar* values,
                             ConstViewOf<typename Producer::Input, Scalar> in,
                             const Memory& /*memory*/, LayerContext& context,
                             const RealView<Scalar>& target) {
    Producer::produce(values + At.offset, in, context, kernels::TileWriter<Scalar>{target});
  }
};

/// A convolution or dense layer and the neurons behind it, run as one: the currents become spikes
/// in cache, and the gradient of the currents goes straight to where the layer wants it.
template <class Producer, class Neurons, Position At>
using LinearSpikingStage = SpikingStage<LinearSource<Producer, At>, Neurons, At>;

}  // namespace snnbd::inline SNNBD_ISA::layer
