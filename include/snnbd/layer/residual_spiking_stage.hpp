#pragma once

#include <tuple>

#include <snnbd/kernels/simd/strided_view.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/position.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// A residual and the neurons behind it, run as one: the sum is made where the neurons read it, and
/// made again on the way back.
///
/// @tparam BoundLayer of a `Residual`
template <class BoundLayer, class Neurons, Position At>
struct ResidualSpikingStage {
  using Bound = BoundLayer;
  using Input = typename Bound::Input;
  using Output = typename Neurons::Output;
  static constexpr Index residual_count = parameter_total(Bound::parameters);
  static constexpr Index parameter_count = residual_count + parameter_total(Neurons::parameters);
  static constexpr bool in_place = true;

  struct Memory {
    typename Bound::Parts residual;
    typename Neurons::Memory neurons;
    decltype(Bound::Memory::out) slopes;  ///< gradient of the sum
  };

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return {
        Bound::reserve_parts(arena, whole, training), Neurons::reserve(arena, whole, training), {}};
  }
  static void reserve_state(Arena& arena, Index samples, Memory& memory) {
    Bound::reserve_part_state(arena, samples, memory.residual);
    Neurons::reserve_state(arena, samples, memory.neurons);
  }
  static void reserve_gradients(Arena& arena, const Extent& whole, Memory& memory) {
    memory.slopes = Bound::reserve_out(arena, whole);
    Bound::reserve_part_gradients(arena, whole, memory.residual);
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, LayerContext& context) -> ConstViewOf<Output, Scalar> {
    context.place(At.place);
    const auto& spec = std::get<At.index + 1>(specs);
    const Scalar* const own = values + At.offset + residual_count;
    Bound::run(
        std::get<At.index>(specs), values + At.offset, in, memory.residual, context,
        [&](const auto& current) { Neurons::scan(spec, own, current, memory.neurons, context); },
        Neurons::sink(spec, own, memory.neurons, context));
    return memory.neurons.out;
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, const Scalar* values, Scalar* gradient,
                                ConstViewOf<Input, Scalar> in, const Scalar* output_gradient,
                                Scalar* input_gradient, Memory& memory, LayerContext& context) {
    context.place(At.place);
    const auto& spec = std::get<At.index>(specs);
    const Index own = At.offset + residual_count;
    Neurons::scan_again(
        std::get<At.index + 1>(specs), values + own, gradient + own,
        Neurons::stored(output_gradient, memory.neurons),
        Bound::input_current(spec, values + At.offset, memory.residual, context),
        kernels::field_of(memory.slopes.data, memory.slopes.shape, memory.slopes.extent.steps,
                          Index{memory.slopes.shape.channels}),
        memory.neurons);
    return Bound::carry_back(spec, values + At.offset, gradient + At.offset, in, memory.slopes,
                             input_gradient, memory.residual, context);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::layer
