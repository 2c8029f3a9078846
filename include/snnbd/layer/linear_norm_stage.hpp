#pragma once

#include <tuple>
#include <type_traits>

#include <snnbd/kernels/neuron/input_current.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/neuron_site.hpp>
#include <snnbd/layer/position.hpp>

/// Convolutions and dense layers with a batch norm behind them. While training, what the first
/// gives is in memory, as the moments of the batch are known only when all of it is there; what the
/// second gives is made where it is read. The gradient of the first is made where it wants it.
namespace snnbd::inline SNNBD_ISA::layer {

/// What the stages below share.
template <class Producer, class Norm, Position At>
struct NormedProducer {
  using Input = typename Producer::Input;
  using Output = typename Norm::Output;
  static constexpr Index producer_count = parameter_total(Producer::parameters);
  static constexpr Index parameter_count = producer_count + parameter_total(Norm::parameters);

  struct Memory {
    typename Producer::Memory producer;
    typename Norm::Measured measured;
  };

  /// @param stores whether the producer's values are to be in memory
  static Memory reserve(Arena& arena, const Extent& whole, bool training, bool stores) {
    Memory memory;
    if (stores) memory.producer = Producer::reserve(arena, whole, training);
    memory.measured = Norm::reserve_measured(arena, whole, training);
    return memory;
  }

  /// Stores the producer's values and takes their moments.
  template <class Specs, class Scalar>
  static ConstViewOf<Output, Scalar> measure(const Specs& specs, const Scalar* values,
                                             ConstViewOf<Input, Scalar> in, Memory& memory,
                                             LayerContext& context) {
    const auto made = Producer::forward(std::get<At.index>(specs), values + At.offset, in,
                                        memory.producer, context);
    Norm::measure(made, memory.measured, context);
    return made;
  }

  template <class Specs, class Scalar>
  static kernels::ChannelMap<Scalar> map(const Specs& specs, const Scalar* values,
                                         const Memory& memory, const LayerContext& context) {
    return Norm::map(std::get<At.index + 1>(specs), values + At.offset + producer_count,
                     memory.measured, context);
  }

  /// The stored values as they are normalized.
  template <class Specs, class Scalar>
  static kernels::NormedCurrent<Scalar> input_current(const Specs& specs, const Scalar* values,
                                                      const Memory& memory,
                                                      const LayerContext& context) {
    return {memory.producer.out, map(specs, values, memory, context)};
  }

  /// Gives normalized tiles to `target` while they are in cache, if the moments are known.
  template <class Specs, class Scalar, class Target>
  static void produce(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      const Memory& memory, LayerContext& context, const Target& target) {
    Producer::produce(
        values + At.offset, in, context,
        kernels::NormedTiles<Scalar, Target>{map(specs, values, memory, context), target});
  }

  /// @param slopes the gradient of the normalized values; may be `plane.target`
  /// @param plane from `Producer::open_gradient`
  template <class Specs, class Scalar>
  static const Scalar* carry_back(const Specs& specs, ParameterSpan<Scalar> parameters,
                                  const BackwardSignals<Input, Scalar>& signals,
                                  const std::type_identity_t<kernels::Field<const Scalar>>& slopes,
                                  const GradientPlane<Scalar>& plane, Memory& memory,
                                  LayerContext& context) {
    Norm::carry_back(std::get<At.index + 1>(specs), parameters.from(At.offset + producer_count),
                     memory.producer.out, slopes, plane.target, memory.measured, context);
    return Producer::close_gradient(parameters.from(At.offset), signals, plane, context);
  }

  /// The same for a gradient that lies in memory.
  template <class Specs, class Scalar>
  static const Scalar* carry_back(const Specs& specs, ParameterSpan<Scalar> parameters,
                                  const BackwardSignals<Input, Scalar>& signals, Memory& memory,
                                  LayerContext& context) {
    const Extent extent = memory.producer.out.extent;
    return carry_back(specs, parameters, signals,
                      kernels::field_of(signals.output_gradient, Output::shape, extent.steps,
                                        Index{Output::shape.channels}),
                      Producer::open_gradient(extent, context), memory, context);
  }
};

/// A convolution or dense layer and its batch norm, whose result is stored.
template <class Producer, class Norm, Position At>
struct LinearNormStage : HoldsNoNeurons {
  using Normed = NormedProducer<Producer, Norm, At>;
  using Input = typename Normed::Input;
  using Output = typename Normed::Output;
  static constexpr Index parameter_count = Normed::parameter_count;
  static constexpr bool in_place = true;

  struct Memory {
    typename Normed::Memory normed;
    decltype(Producer::Memory::out) out;
  };

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    Memory memory{Normed::reserve(arena, whole, training, training), {}};
    memory.out = Producer::reserve(arena, whole, training).out;
    return memory;
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, LayerContext& context) -> ConstViewOf<Output, Scalar> {
    context.place(At.place);
    if (context.options.training) {
      Normed::measure(specs, values, in, memory.normed, context);
      kernels::write_current(Normed::input_current(specs, values, memory.normed, context),
                             memory.out);
    } else {
      Normed::produce(specs, values, in, memory.normed, context,
                      kernels::CurrentWriter<Scalar>{memory.out});
    }
    return memory.out;
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, ParameterSpan<Scalar> parameters,
                                const BackwardSignals<Input, Scalar>& signals, Memory& memory,
                                LayerContext& context) {
    context.place(At.place);
    return Normed::carry_back(specs, parameters, signals, memory.normed, context);
  }
};

/// The same at the end of a list whose result is added to another's: it gives the values before
/// they are normalized, and `Normed::input_current` what is to be done to them.
///
/// @tparam Stores whether they are stored without training too
template <class Producer, class Norm, Position At, bool Stores>
struct DeferredLinearNormStage : HoldsNoNeurons {
  using Normed = NormedProducer<Producer, Norm, At>;
  using Input = typename Normed::Input;
  using Output = typename Normed::Output;
  using Memory = typename Normed::Memory;
  static constexpr Index parameter_count = Normed::parameter_count;
  static constexpr bool in_place = true;
  static constexpr bool defers = true;

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return Normed::reserve(arena, whole, training, training || Stores);
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, LayerContext& context) {
    context.place(At.place);
    return Normed::measure(specs, values, in, memory, context);
  }

  template <class Specs, class Scalar, class Target>
  static void produce(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      const Memory& memory, LayerContext& context, const Target& target) {
    context.place(At.place);
    Normed::produce(specs, values, in, memory, context, target);
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, ParameterSpan<Scalar> parameters,
                                const BackwardSignals<Input, Scalar>& signals, Memory& memory,
                                LayerContext& context) {
    context.place(At.place);
    return Normed::carry_back(specs, parameters, signals, memory, context);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::layer
