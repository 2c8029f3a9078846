#pragma once

#include <array>
#include <concepts>
#include <tuple>
#include <type_traits>

#include <snnbd/layer/concepts.hpp>

/// How a spec of a list becomes a bound layer, or a sentence of the compiler.
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
  static const Scalar* backward(const Spec& /*spec*/, ParameterSpan<Scalar> /*own*/,
                                const BackwardSignals<In, Scalar>& signals, Memory& /*memory*/,
                                LayerContext& /*context*/) {
    return signals.output_gradient;
  }
};

namespace detail {

template <class Spec, int LayerIndex, class In, class Scalar>
concept Bindable = LayerSpec<Spec> && requires {
  { Spec::template verify<LayerIndex, In>() } -> std::convertible_to<bool>;
  typename std::type_identity<typename Spec::template Bound<In, Scalar>>;
};

/// Whether a bound layer that holds others says what neurons they are.
template <class Bound, class Spec, class Scalar>
concept SaysNeuronsWithin =
    !HoldingLayer<Spec> ||
    requires(const Spec& spec, const Scalar* values, const typename Bound::Memory& memory,
             LayerContext& context, const AnyVisit& visit) {
  Bound::for_each_site(spec, values, memory, context, visit);
};

template <class Spec, int LayerIndex, Signal In, class Scalar>
constexpr auto bind_layer() {
  static_assert(Bindable<Spec, LayerIndex, In, Scalar>,
                "snnbd: a network is made of layer specs, such as layer::Conv<32, 3>");
  if constexpr (!Bindable<Spec, LayerIndex, In, Scalar>) {
    return std::type_identity<PassThrough<In, Scalar>>{};
  } else if constexpr (Spec::template verify<LayerIndex, In>()) {
    using Bound = typename Spec::template Bound<In, Scalar>;
    constexpr bool complete = BoundLayer<Bound, Spec, Scalar>;
    static_assert(
        complete,
        "snnbd: a layer's Bound needs Input, Output, Memory, parameters, reserve, forward "
        "and backward, each as layer::BoundLayer says");
    constexpr bool says = !complete || SaysNeuronsWithin<Bound, Spec, Scalar>;
    static_assert(says,
                  "snnbd: a layer that holds layers must say by for_each_site what neurons are "
                  "among them");
    return std::type_identity<
        std::conditional_t<complete && says, Bound, PassThrough<In, Scalar>>>{};
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

}  // namespace snnbd::inline SNNBD_ISA::layer
