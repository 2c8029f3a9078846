#pragma once

#include <array>
#include <tuple>
#include <type_traits>
#include <utility>

#include <snnbd/kernels/neuron/fused_scan.hpp>
#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/linear_norm_spiking_stage.hpp>
#include <snnbd/layer/position.hpp>
#include <snnbd/layer/residual_spiking_stage.hpp>
#include <snnbd/layer/spiking.hpp>

/// How a list of specs becomes a list of stages: each spec is bound to what the one before it
/// gives, and neighbours that run as one are joined.
namespace snnbd::inline SNNBD_ISA::layer {

/// Stands in for a layer that could not be bound, so that one mistake gives one error.
template <Signal In, class Scalar>
struct PassThrough {
  using Input = In;
  using Output = In;
  using Memory = std::tuple<>;
  static constexpr std::array<Parameter, 0> parameters{};
  static Memory reserve(Arena& /*arena*/, const Extent& /*whole*/, bool /*training*/) { return {}; }
  template <class Spec>
  static auto forward(const Spec& /*spec*/, const Scalar* /*values*/, ConstViewOf<In, Scalar> in,
                      Memory& /*memory*/, LayerContext& /*context*/) {
    return in;
  }
  template <class Spec>
  static const Scalar* backward(const Spec& /*spec*/, const Scalar* /*values*/,
                                Scalar* /*gradient*/, ConstViewOf<In, Scalar> /*in*/,
                                const Scalar* output_gradient, Scalar* /*input_gradient*/,
                                Memory& /*memory*/, LayerContext& /*context*/) {
    return output_gradient;
  }
};

namespace detail {
template <class Spec, int LayerIndex, Signal In, class Scalar>
constexpr auto bind_layer() {
  static_assert(LayerSpec<Spec>,
                "snnbd: a network is made of layer specs, such as layer::Conv<32, 3>");
  if constexpr (!LayerSpec<Spec>) {
    return std::type_identity<PassThrough<In, Scalar>>{};
  } else if constexpr (Spec::template verify<LayerIndex, In>()) {
    return std::type_identity<typename Spec::template Bound<In, Scalar>>{};
  } else {
    return std::type_identity<PassThrough<In, Scalar>>{};
  }
}
}  // namespace detail

/// The bound form of layer number `LayerIndex` of a list.
template <class Spec, int LayerIndex, Signal In, class Scalar>
using BoundTo = typename decltype(detail::bind_layer<Spec, LayerIndex, In, Scalar>())::type;

/// How many layers a spec stands for: itself and those that it holds.
template <class Spec>
constexpr int place_count() {
  if constexpr (requires { Spec::places; }) {
    return Spec::places;
  } else {
    return 1;
  }
}

/// One layer of a pass.
template <class BoundLayer, Position At>
struct Stage {
  using Bound = BoundLayer;
  using Input = typename BoundLayer::Input;
  using Output = typename BoundLayer::Output;
  using Memory = typename BoundLayer::Memory;
  static constexpr Index parameter_count = parameter_total(BoundLayer::parameters);
  /// Whether the output's gradient is read before the input's is written, so that both may lie in
  /// the same place.
  static constexpr bool in_place = requires { requires BoundLayer::in_place; };

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return BoundLayer::reserve(arena, whole, training);
  }
  static void reserve_gradients(Arena& arena, const Extent& whole, Memory& memory) {
    if constexpr (requires { BoundLayer::reserve_gradients(arena, whole, memory); })
      BoundLayer::reserve_gradients(arena, whole, memory);
  }
  static void reserve_state(Arena& arena, Index samples, Memory& memory) {
    if constexpr (requires { BoundLayer::reserve_state(arena, samples, memory); })
      BoundLayer::reserve_state(arena, samples, memory);
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, LayerContext& context) {
    context.place(At.place);
    return BoundLayer::forward(std::get<At.index>(specs), values + At.offset, in, memory, context);
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, const Scalar* values, Scalar* gradient,
                                ConstViewOf<Input, Scalar> in, const Scalar* output_gradient,
                                Scalar* input_gradient, Memory& memory, LayerContext& context) {
    context.place(At.place);
    return BoundLayer::backward(std::get<At.index>(specs), values + At.offset, gradient + At.offset,
                                in, output_gradient, input_gradient, memory, context);
  }
};

/// A convolution or dense layer and the neurons behind it, run as one: the currents become spikes
/// in cache, and the gradient of the currents goes straight to where the layer wants it.
template <class Producer, class Neurons, Position At>
struct LinearSpikingStage {
  using Input = typename Producer::Input;
  using Output = typename Neurons::Output;
  using Memory = typename Neurons::Memory;
  static constexpr int spec_count = 2;
  static constexpr bool in_place = true;
  static constexpr Index producer_count = parameter_total(Producer::parameters);
  static constexpr Index parameter_count = producer_count + parameter_total(Neurons::parameters);

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return Neurons::reserve_keeping(arena, whole, training);
  }
  static const auto& fired(const Memory& memory) { return memory.out; }
  static void reserve_state(Arena& arena, Index samples, Memory& memory) {
    Neurons::reserve_state(arena, samples, memory);
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, LayerContext& context) -> ConstViewOf<Output, Scalar> {
    context.place(At.place);
    Producer::produce(values + At.offset, in, context,
                      Neurons::sink(std::get<At.index + 1>(specs),
                                    values + At.offset + producer_count, memory, context));
    return memory.out;
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, const Scalar* values, Scalar* gradient,
                                ConstViewOf<Input, Scalar> in, const Scalar* output_gradient,
                                Scalar* input_gradient, Memory& memory, LayerContext& context) {
    return backward_from(specs, values, gradient, in, Neurons::stored(output_gradient, memory),
                         input_gradient, memory, context);
  }

  /// @param source where the gradient of the spikes comes from
  template <class Specs, class Scalar, class Source>
  static const Scalar* backward_from(const Specs& specs, const Scalar* values, Scalar* gradient,
                                     ConstViewOf<Input, Scalar> in, const Source& source,
                                     Scalar* input_gradient, Memory& memory,
                                     LayerContext& context) {
    context.place(At.place);
    Neurons::scan_back(std::get<At.index + 1>(specs), values + At.offset + producer_count,
                       gradient + At.offset + producer_count, source,
                       Producer::open_gradient(memory.out.extent, context), memory);
    return Producer::close_gradient(values + At.offset, gradient + At.offset, in, input_gradient,
                                    context);
  }
};

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
  static const Scalar* backward(const Specs& specs, const Scalar* values, Scalar* gradient,
                                ConstViewOf<Input, Scalar> in, const Scalar* output_gradient,
                                Scalar* input_gradient, Memory& memory, LayerContext& context) {
    using PoolSpec = std::tuple_element_t<std::size_t{pool_index}, Specs>;
    return Fused::backward_from(specs, values, gradient, in,
                                kernels::PooledGradient<Scalar>{Fused::fired(memory.neurons),
                                                                PoolSpec::window, output_gradient},
                                input_gradient, memory.neurons, context);
  }
};

namespace detail {
template <class>
inline constexpr bool is_refused = false;
template <Signal In, class Scalar, Position At>
inline constexpr bool is_refused<Stage<PassThrough<In, Scalar>, At>> = true;
}  // namespace detail

/// A list of stages and what it gives.
template <Signal Out, class... Stages>
struct StageList {
  using Output = Out;
  using Memories = std::tuple<typename Stages::Memory...>;
  static constexpr std::size_t size = sizeof...(Stages);
  static constexpr Index parameter_count = (Index{0} + ... + Stages::parameter_count);
  /// Whether all of its layers could be bound.
  static constexpr bool complete = !(detail::is_refused<Stages> || ...);
  template <std::size_t I>
  using At = std::tuple_element_t<I, std::tuple<Stages...>>;
};

namespace detail {

template <class List, class NewStage>
struct Append;
template <Signal Out, class... Stages, class NewStage>
struct Append<StageList<Out, Stages...>, NewStage> {
  using type = StageList<typename NewStage::Output, Stages..., NewStage>;
};

/// Whether a bound layer is a batch norm.
template <class Bound>
concept Normalizing = requires {
  typename Bound::Measured;
};

/// Binds specs one after another; `Done` is the list of the stages before them.
template <class Scalar, Position At, class Done, class... Specs>
struct Binder {
  using type = Done;
};

template <class Scalar, Position At, class Done, class First, class... Rest>
struct Binder<Scalar, At, Done, First, Rest...> {
  using Bound = BoundTo<First, At.index, typename Done::Output, Scalar>;

  static constexpr auto next() {
    if constexpr (sizeof...(Rest) > 0) {
      return joined(std::type_identity<std::tuple<Rest...>>{});
    } else {
      return single();
    }
  }

  static constexpr auto single() {
    return append<Stage<Bound, At>, 1, place_count<First>(), Rest...>();
  }

  template <class Second, class... After>
  static constexpr auto joined(std::type_identity<std::tuple<Second, After...>> /*rest*/) {
    if constexpr (requires { &Bound::open_gradient; }) {
      using Next = BoundTo<Second, At.index + 1, typename Bound::Output, Scalar>;
      if constexpr (is_spiking<Second>) {
        return pooled<LinearSpikingStage<Bound, Next, At>, After...>();
      } else if constexpr (Normalizing<Next>) {
        return normed<Next, After...>();
      } else {
        return single();
      }
    } else if constexpr (is_spiking<Second> && requires { typename Bound::Parts; }) {
      using Neurons = BoundTo<Second, At.index + 1, typename Bound::Output, Scalar>;
      return append<ResidualSpikingStage<Bound, Neurons, At>, 2, place_count<First>() + 1,
                    After...>();
    } else {
      return single();
    }
  }

  template <class Norm>
  static constexpr auto normed() {
    return append<LinearNormStage<Bound, Norm, At>, 2, 2>();
  }
  template <class Norm, class Third, class... After>
  static constexpr auto normed() {
    if constexpr (is_spiking<Third>) {
      using Neurons = BoundTo<Third, At.index + 2, typename Norm::Output, Scalar>;
      return pooled<LinearNormSpikingStage<Bound, Norm, Neurons, At>, After...>();
    } else {
      return append<LinearNormStage<Bound, Norm, At>, 2, 2, Third, After...>();
    }
  }

  template <class New>
  static constexpr auto pooled() {
    return append<New, New::spec_count, New::spec_count>();
  }
  /// Joins a max pooling to a stage that ends in neurons.
  template <class New, class Next, class... After>
  static constexpr auto pooled() {
    constexpr int taken = New::spec_count;
    using Pool = BoundTo<Next, At.index + taken, typename New::Output, Scalar>;
    if constexpr (requires { requires Pool::fuses; }) {
      return append<PooledStage<New, Pool, At>, taken + 1, taken + 1, After...>();
    } else {
      return append<New, taken, taken, Next, After...>();
    }
  }

  /// Goes on behind `New`, which took `Taken` specs that stand for `Places` layers.
  template <class New, int Taken, int Places, class... After>
  static constexpr auto append() {
    constexpr Position behind{At.index + Taken, At.place + Places,
                              At.offset + New::parameter_count};
    return Binder<Scalar, behind, typename Append<Done, New>::type, After...>{};
  }

  using type = typename decltype(next())::type;
};

}  // namespace detail

/// The stages of a list of specs that is bound to the input signal `In`.
template <class Scalar, Signal In, class... Specs>
using Stages = typename detail::Binder<Scalar, Position{}, StageList<In>, Specs...>::type;

namespace detail {

template <class Stage, bool Stores>
struct Deferred {
  using type = Stage;
};
template <class Producer, class Norm, Position At, bool Stores>
struct Deferred<LinearNormStage<Producer, Norm, At>, Stores> {
  using type = DeferredLinearNormStage<Producer, Norm, At, Stores>;
};

template <class List, bool Stores>
struct DeferLast;
template <Signal Out, class... Stages, bool Stores>
struct DeferLast<StageList<Out, Stages...>, Stores> {
  template <std::size_t... I>
  static auto chosen(std::index_sequence<I...> /*indices*/)
      -> StageList<Out, std::conditional_t<I + 1 == sizeof...(Stages),
                                           typename Deferred<Stages, Stores>::type, Stages>...>;
  using type = decltype(chosen(std::index_sequence_for<Stages...>{}));
};

}  // namespace detail

/// A list whose last batch norm is left to whoever reads what the list gives.
///
/// @tparam Stores whether the values are in memory without training too
template <class List, bool Stores>
using Deferring = typename detail::DeferLast<List, Stores>::type;

namespace detail {

template <class Scalar, Position At, Signal In>
constexpr void visit_parameters(const auto& /*visit*/) {}

template <class Scalar, Position At, Signal In, class First, class... Rest>
constexpr void visit_parameters(const auto& visit) {
  using Bound = BoundTo<First, At.index, In, Scalar>;
  Position own = At;
  for (const Parameter& parameter : Bound::parameters) {
    visit(parameter, own);
    own.offset += parameter.size();
  }
  constexpr Position behind{At.index + 1, At.place + place_count<First>(),
                            At.offset + parameter_total(Bound::parameters)};
  visit_parameters<Scalar, behind, typename Bound::Output, Rest...>(visit);
}

}  // namespace detail

/// Calls `visit(parameter, position)` for each parameter tensor of a list of specs that is bound to
/// `In`, in the order of the flat vector; `position.offset` is the tensor's.
template <class Scalar, Signal In, class... Specs>
constexpr void for_each_parameter(const auto& visit) {
  detail::visit_parameters<Scalar, Position{}, In, Specs...>(visit);
}

}  // namespace snnbd::inline SNNBD_ISA::layer
