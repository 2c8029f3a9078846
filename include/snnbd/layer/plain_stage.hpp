#pragma once

#include <tuple>
#include <type_traits>

#include <snnbd/kernels/neuron/input_current.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/neuron_site.hpp>
#include <snnbd/layer/position.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// One layer of a pass.
template <class BoundType, Position At>
struct Stage {
  using Bound = BoundType;
  using Input = typename Bound::Input;
  using Output = typename Bound::Output;
  static constexpr Position position = At;
  using Memory = typename Bound::Memory;
  static constexpr Index parameter_count = parameter_total(Bound::parameters);
  /// Whether the output's gradient is read before the input's is written, so that both may lie in
  /// the same place.
  static constexpr bool in_place = requires { requires Bound::in_place; };

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return Bound::reserve(arena, whole, training);
  }
  static void reserve_gradients(Arena& arena, const Extent& whole, Memory& memory) {
    if constexpr (requires { Bound::reserve_gradients(arena, whole, memory); })
      Bound::reserve_gradients(arena, whole, memory);
  }
  static void reserve_state(Arena& arena, Index samples, Memory& memory) {
    if constexpr (requires { Bound::reserve_state(arena, samples, memory); })
      Bound::reserve_state(arena, samples, memory);
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, LayerContext& context) {
    context.place(At.place);
    return Bound::forward(std::get<At.index>(specs), values + At.offset, in, memory, context);
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, ParameterSpan<Scalar> parameters,
                                const BackwardSignals<Input, Scalar>& signals, Memory& memory,
                                LayerContext& context) {
    context.place(At.place);
    return Bound::backward(std::get<At.index>(specs), parameters.from(At.offset), signals, memory,
                           context);
  }

  /// Calls `visit` with a `NeuronSite` for each layer of neurons that the stage holds, and with an
  /// `ActivationSite` for each of rectifiers, from the first to the last.
  ///
  /// @param in what reached the stage in the last forward pass
  /// @param memory as that pass left it
  template <class Specs, class Scalar, class Visit>
  static void for_each_site(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                            const Memory& memory, LayerContext& context, const Visit& visit) {
    context.place(At.place);
    const auto& spec = std::get<At.index>(specs);
    using Spec = std::remove_cvref_t<decltype(spec)>;
    const Scalar* const own = values + At.offset;
    if constexpr (CurrentConsumer<Bound, Spec, Scalar>) {
      visit_neurons<Bound>(
          context.index, spec, own, memory,
          [&](const auto& target) {
            kernels::write_current(kernels::StoredCurrent<Scalar>{in}, target);
          },
          visit);
    } else if constexpr (requires { Bound::for_each_site(spec, own, memory, context, visit); }) {
      Bound::for_each_site(spec, own, memory, context, visit);
    } else if constexpr (requires { Memory::is_activation; }) {
      visit(ActivationSite<Scalar>{context.index, memory.out});
    }
  }
};

}  // namespace snnbd::inline SNNBD_ISA::layer
