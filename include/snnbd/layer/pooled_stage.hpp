#pragma once

#include <tuple>

#include <snnbd/kernels/neuron/fused_scan.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/position.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// A stage that ends in neurons and the max pooling behind them, run as one: the gradient of the
/// spikes, the largest of a pass, is made row by row in cache.
///
/// @tparam Fused a `LinearSpikingStage` or `LinearNormSpikingStage`
template <class Fused, class Pool, Position At>
struct PooledStage {
  using Input = typename Fused::Input;
  using Output = typename Pool::Output;
  static constexpr bool in_place = true;
  static constexpr Index parameter_count = Fused::parameter_count;
  static constexpr int pool_index = At.index + Fused::spec_count;

  struct Memory {
    typename Fused::Memory neurons;
    typename Pool::Memory pool;
  };

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return {Fused::reserve(arena, whole, training), Pool::reserve(arena, whole, training)};
  }
  static void reserve_state(Arena& arena, Index samples, Memory& memory) {
    Fused::reserve_state(arena, samples, memory.neurons);
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, LayerContext& context) {
    const auto spikes = Fused::forward(specs, values, in, memory.neurons, context);
    context.place(At.place + Fused::spec_count);
    return Pool::forward(std::get<pool_index>(specs), values, spikes, memory.pool, context);
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, ParameterSpan<Scalar> parameters,
                                const BackwardSignals<Input, Scalar>& signals, Memory& memory,
                                LayerContext& context) {
    const SpikeView<const Word> spikes = Fused::fired(memory.neurons);
    return Fused::backward_from(
        specs, parameters, signals,
        kernels::PooledGradient<Scalar>{
            spikes, std::tuple_element_t<std::size_t{pool_index}, Specs>::window,
            signals.output_gradient},
        memory.neurons, context);
  }

  /// See `Stage::for_each_site`.
  template <class Specs, class Scalar, class Visit>
  static void for_each_site(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                            const Memory& memory, LayerContext& context, const Visit& visit) {
    Fused::for_each_site(specs, values, in, memory.neurons, context, visit);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::layer
