#pragma once

#include <tuple>
#include <type_traits>

#include <snnbd/layer/concepts.hpp>
#include <snnbd/layer/spiking.hpp>

namespace snnbd::inline SNNBD_ISA::network {

/// Stands in for a layer that could not be bound, so that one mistake gives one error.
template <Signal In, class Scalar>
struct PassThrough {
  using Input = In;
  using Output = In;
  using Memory = std::tuple<>;
  static constexpr std::array<layer::Parameter, 0> parameters{};
  static Memory reserve(Arena& /*arena*/, const Extent& /*whole*/, bool /*training*/) { return {}; }
  template <class Spec>
  static auto forward(const Spec& /*spec*/, const Scalar* /*values*/, ConstViewOf<In, Scalar> in,
                      Memory& /*memory*/, layer::Work& /*work*/) {
    return in;
  }
  template <class Spec>
  static const Scalar* backward(const Spec& /*spec*/, const Scalar* /*values*/,
                                Scalar* /*gradient*/, ConstViewOf<In, Scalar> /*in*/,
                                const Scalar* output_gradient, Scalar* /*input_gradient*/,
                                Memory& /*memory*/, layer::Work& /*work*/) {
    return output_gradient;
  }
};

namespace detail {
template <class Spec, int LayerIndex, Signal In, class Scalar>
constexpr auto bind_layer() {
  static_assert(layer::LayerSpec<Spec>,
                "snnbd: a network is made of layer specs, such as layer::Conv<32, 3>");
  if constexpr (!layer::LayerSpec<Spec>) {
    return std::type_identity<PassThrough<In, Scalar>>{};
  } else if constexpr (Spec::template verify<LayerIndex, In>()) {
    return std::type_identity<typename Spec::template Bound<In, Scalar>>{};
  } else {
    return std::type_identity<PassThrough<In, Scalar>>{};
  }
}
}  // namespace detail

/// The bound form of the network's layer number `LayerIndex`.
template <class Spec, int LayerIndex, Signal In, class Scalar>
using BoundTo = typename decltype(detail::bind_layer<Spec, LayerIndex, In, Scalar>())::type;

/// One layer of a pass.
template <class BoundLayer, int LayerIndex, Index Offset>
struct Stage {
  using Input = typename BoundLayer::Input;
  using Output = typename BoundLayer::Output;
  using Memory = typename BoundLayer::Memory;
  static constexpr Index parameter_count = layer::parameter_total(BoundLayer::parameters);

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return BoundLayer::reserve(arena, whole, training);
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, layer::Work& work) {
    work.index = LayerIndex;
    return BoundLayer::forward(std::get<LayerIndex>(specs), values + Offset, in, memory, work);
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, const Scalar* values, Scalar* gradient,
                                ConstViewOf<Input, Scalar> in, const Scalar* output_gradient,
                                Scalar* input_gradient, Memory& memory, layer::Work& work) {
    work.index = LayerIndex;
    return BoundLayer::backward(std::get<LayerIndex>(specs), values + Offset, gradient + Offset, in,
                                output_gradient, input_gradient, memory, work);
  }
};

/// A convolution or dense layer and the neurons behind it, run as one: the currents become spikes
/// in cache, and the gradient of the currents goes straight to where the layer wants it.
template <class Producer, class Neurons, int LayerIndex, Index Offset>
struct FusedStage {
  using Input = typename Producer::Input;
  using Output = typename Neurons::Output;
  using Memory = typename Neurons::Memory;
  static constexpr Index producer_count = layer::parameter_total(Producer::parameters);
  static constexpr Index parameter_count =
      producer_count + layer::parameter_total(Neurons::parameters);

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return Neurons::reserve(arena, whole, training);
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, layer::Work& work) -> ConstViewOf<Output, Scalar> {
    work.index = LayerIndex;
    Producer::produce(values + Offset, in, work,
                      Neurons::sink(std::get<LayerIndex + 1>(specs),
                                    values + Offset + producer_count, memory, work));
    return memory.out;
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, const Scalar* values, Scalar* gradient,
                                ConstViewOf<Input, Scalar> in, const Scalar* output_gradient,
                                Scalar* input_gradient, Memory& memory, layer::Work& work) {
    return backward_from(specs, values, gradient, in, Neurons::stored(output_gradient, memory),
                         input_gradient, memory, work);
  }

  /// @param source where the gradient of the spikes comes from
  template <class Specs, class Scalar, class Source>
  static const Scalar* backward_from(const Specs& specs, const Scalar* values, Scalar* gradient,
                                     ConstViewOf<Input, Scalar> in, const Source& source,
                                     Scalar* input_gradient, Memory& memory, layer::Work& work) {
    work.index = LayerIndex;
    Neurons::sweep_back(std::get<LayerIndex + 1>(specs), values + Offset + producer_count,
                        gradient + Offset + producer_count, source,
                        Producer::open_gradient(memory.out.extent, work), memory);
    return Producer::close_gradient(values + Offset, gradient + Offset, in, input_gradient, work);
  }
};

/// A convolution, its neurons and the max pooling behind them, run as one: the gradient of the
/// spikes, the largest of a pass, is made row by row in cache.
template <class Producer, class Neurons, class Pool, int LayerIndex, Index Offset>
struct PooledStage {
  using Fused = FusedStage<Producer, Neurons, LayerIndex, Offset>;
  using Input = typename Producer::Input;
  using Output = typename Pool::Output;
  static constexpr Index parameter_count = Fused::parameter_count;

  struct Memory {
    typename Neurons::Memory neurons;
    typename Pool::Memory pool;
  };

  static Memory reserve(Arena& arena, const Extent& whole, bool training) {
    return {Neurons::reserve(arena, whole, training), Pool::reserve(arena, whole, training)};
  }

  template <class Specs, class Scalar>
  static auto forward(const Specs& specs, const Scalar* values, ConstViewOf<Input, Scalar> in,
                      Memory& memory, layer::Work& work) {
    const auto spikes = Fused::forward(specs, values, in, memory.neurons, work);
    work.index = LayerIndex + 2;
    return Pool::forward(std::get<LayerIndex + 2>(specs), values, spikes, memory.pool, work);
  }

  template <class Specs, class Scalar>
  static const Scalar* backward(const Specs& specs, const Scalar* values, Scalar* gradient,
                                ConstViewOf<Input, Scalar> in, const Scalar* output_gradient,
                                Scalar* input_gradient, Memory& memory, layer::Work& work) {
    using PoolSpec = std::tuple_element_t<std::size_t{LayerIndex + 2}, Specs>;
    return Fused::backward_from(
        specs, values, gradient, in,
        kernels::PooledGradient<Scalar>{memory.neurons.out, PoolSpec::window, output_gradient},
        input_gradient, memory.neurons, work);
  }
};

/// A list of stages and what it gives.
template <Signal Out, class... Stages>
struct StageList {
  using Output = Out;
  using Memories = std::tuple<typename Stages::Memory...>;
  static constexpr std::size_t size = sizeof...(Stages);
  static constexpr Index parameter_count = (Index{0} + ... + Stages::parameter_count);
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

/// Binds specs one after another; `Done` is the list of the stages before them.
template <class Scalar, int LayerIndex, Index Offset, class Done, class... Specs>
struct Binder {
  using type = Done;
};

template <class Scalar, int LayerIndex, Index Offset, class Done, class First, class... Rest>
struct Binder<Scalar, LayerIndex, Offset, Done, First, Rest...> {
  using Bound = BoundTo<First, LayerIndex, typename Done::Output, Scalar>;

  static constexpr auto next() {
    if constexpr (sizeof...(Rest) > 0) {
      using Second = std::tuple_element_t<0, std::tuple<Rest...>>;
      if constexpr (layer::is_spiking<Second> && requires { &Bound::open_gradient; }) {
        return fused<Second>(std::type_identity<std::tuple<Rest...>>{});
      } else {
        return single();
      }
    } else {
      return single();
    }
  }

  static constexpr auto single() {
    return append<Stage<Bound, LayerIndex, Offset>, LayerIndex + 1, Rest...>();
  }

  template <class Second, class... After>
  static constexpr auto fused(std::type_identity<std::tuple<Second, After...>> /*rest*/) {
    using Neurons = BoundTo<Second, LayerIndex + 1, typename Bound::Output, Scalar>;
    using New = FusedStage<Bound, Neurons, LayerIndex, Offset>;
    if constexpr (sizeof...(After) > 0) {
      using Third = std::tuple_element_t<0, std::tuple<After...>>;
      using Next = BoundTo<Third, LayerIndex + 2, typename Neurons::Output, Scalar>;
      if constexpr (requires { requires Next::fuses; }) {
        return pooled<Neurons, Next>(std::type_identity<std::tuple<After...>>{});
      } else {
        return append<New, LayerIndex + 2, After...>();
      }
    } else {
      return append<New, LayerIndex + 2, After...>();
    }
  }

  template <class Neurons, class Pool, class Third, class... After>
  static constexpr auto pooled(std::type_identity<std::tuple<Third, After...>> /*rest*/) {
    return append<PooledStage<Bound, Neurons, Pool, LayerIndex, Offset>, LayerIndex + 3,
                  After...>();
  }

  template <class New, int NextIndex, class... After>
  static constexpr auto append() {
    return Binder<Scalar, NextIndex, Offset + New::parameter_count,
                  typename Append<Done, New>::type, After...>{};
  }

  using type = typename decltype(next())::type;
};

}  // namespace detail

/// The stages of a network that is bound to the input signal `In`.
template <class Scalar, Signal In, class... Specs>
using Stages = typename detail::Binder<Scalar, 0, 0, StageList<In>, Specs...>::type;

}  // namespace snnbd::inline SNNBD_ISA::network
