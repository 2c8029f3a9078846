#pragma once

#include <tuple>

#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/neuron_site.hpp>
#include <snnbd/layer/position.hpp>

namespace snnbd::inline SNNBD_ISA::layer {

/// What makes currents and the neurons behind it, run as one: the currents become spikes where they
/// are made, and their gradient goes straight to where it is wanted. What the three kinds of it,
/// `LinearSpikingStage`, `LinearNormSpikingStage` and `ResidualSpikingStage`, share.
///
/// @tparam Source what makes the currents, all static:
///   - `spec_count`, the specs that it is made of; `parameter_count`, of their parameters;
///   - `Bound`, the bound form of the first of them;
///   - `Memory`, `reserve`, `reserve_state`, `reserve_gradients`: as those of a stage;
///   - `makes_again`: whether `input_current` gives, after a forward pass in training, what the
///     currents are made from; if not, the neurons keep what they need;
///   - `run(specs, values, in, memory, context, whole, target)`: gives the currents to `whole` as
///     an input current, or tile by tile to `target`;
///   - `open_gradient(extent, memory, context) -> GradientPlane`, and `close_gradient(specs,
///     parameters, signals, plane, memory, context)`: where it wants their gradient, and the way
///     back from there;
///   - `write_currents(specs, values, in, memory, context, target)`: the currents of the last
///     forward pass; `for_each_site` as a stage's, for the neurons before them; `places<Specs>`,
///     the layers before them.
template <class Source, class Neurons, Position At>
struct SpikingStage {
  using Bound = typename Source::Bound;
  using Input = typename Bound::Input;
  using Output = typename Neurons::Output;
  static constexpr Position position = At;
  static constexpr int spec_count = Source::spec_count + 1;
  static constexpr Index parameter_count =
      Source::parameter_count + parameter_total(Neurons::parameters);
  static constexpr bool in_place = true;

  struct Memory {
    typename Source::Memory source;
    typename Neurons::Memory neurons;
  };

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    Memory memory{Source::reserve(arena, whole, training), {}};
    if constexpr (Source::makes_again) {
      memory.neurons = Neurons::reserve(arena, whole, training);
    } else {
      memory.neurons = Neurons::reserve_keeping(arena, whole, training);
    }
    return memory;
  }
  static void reserve_state(Arena& arena, Index samples, Memory& memory) {
    Source::reserve_state(arena, samples, memory.source);
    Neurons::reserve_state(arena, samples, memory.neurons);
  }
  static void reserve_gradients(Arena& arena, const Extent& whole, Memory& memory) {
    Source::reserve_gradients(arena, whole, memory.source);
  }
  static const auto& fired(const Memory& memory) { return memory.neurons.out; }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, LayerContext& context) -> ConstViewOf<Output, Scalar> {
    context.place(At.place);
    const auto& spec = std::get<neurons_index>(specs);
    const Scalar* const own = values + neurons_offset;
    Source::run(
        specs, values, in, memory.source, context,
        [&](const auto& current) { Neurons::scan(spec, own, current, memory.neurons, context); },
        Neurons::sink(spec, own, memory.neurons, context));
    return memory.neurons.out;
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, ParameterSpan<Scalar> parameters,
                                const BackwardSignals<Input, Scalar>& signals, Memory& memory,
                                LayerContext& context) {
    return backward_from(specs, parameters, signals,
                         Neurons::stored(signals.output_gradient, memory.neurons), memory, context);
  }

  /// @param source where the gradient of the spikes comes from, if not from
  ///   `signals.output_gradient`
  template <class Specs, class Scalar, class Gradient>
  static const Scalar* backward_from(const Specs& specs, ParameterSpan<Scalar> parameters,
                                     const BackwardSignals<Input, Scalar>& signals,
                                     const Gradient& source, Memory& memory,
                                     LayerContext& context) {
    context.place(At.place);
    const auto& spec = std::get<neurons_index>(specs);
    const ParameterSpan<Scalar> own = parameters.from(neurons_offset);
    const GradientPlane<Scalar> plane =
        Source::template open_gradient<Scalar>(memory.neurons.out.extent, memory.source, context);
    if constexpr (Source::makes_again) {
      Neurons::scan_again(spec, own, source,
                          Source::input_current(specs, parameters.values, memory.source, context),
                          plane.target, memory.neurons);
    } else {
      Neurons::scan_back(spec, own, source, plane.target, memory.neurons);
    }
    return Source::close_gradient(specs, parameters, signals, plane, memory.source, context);
  }

  /// See `Stage::for_each_site`.
  template <class Specs, class Scalar, class Visit>
  static void for_each_site(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                            const Memory& memory, LayerContext& context, const Visit& visit) {
    context.place(At.place);
    Source::for_each_site(specs, values, in, memory.source, context, visit);
    const auto write = [&](const auto& target) {
      context.place(At.place);
      Source::write_currents(specs, values, in, memory.source, context, target);
    };
    visit_neurons<Neurons>(context.first + At.place + Source::template places<Specs>,
                           std::get<neurons_index>(specs), values + neurons_offset, memory.neurons,
                           write, visit);
  }

 private:
  static constexpr int neurons_index = At.index + Source::spec_count;
  static constexpr Index neurons_offset = At.offset + Source::parameter_count;
};

}  // namespace snnbd::inline SNNBD_ISA::layer
