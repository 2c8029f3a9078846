#pragma once

#include <snnbd/layer/dense.hpp>
#include <snnbd/layer/readout.hpp>
#include <snnbd/model/options.hpp>

namespace snnbd::inline SNNBD_ISA::model {

namespace detail {

template <Shape Input, int Classes, class Unit, Options Chosen>
struct EventNetOf {
  using type = Assembled<Input, ConvBlock<16, Unit, Chosen>, layer::Sequence<Pool<Chosen>>,  //
                         ConvBlock<32, Unit, Chosen>, layer::Sequence<Pool<Chosen>>,         //
                         layer::Sequence<layer::Dense<Chosen.width(128)>, Activation<Unit>,  //
                                         layer::Dense<Classes>, layer::MeanOverTime>>;
};

}  // namespace detail

/// 16C3-P2-32C3-P2-128, a small network for frames of events, and one output for each class without
/// neurons, averaged over the steps. No biases. It is ours: for quick runs and tests.
///
/// ```cpp
/// using Net = model::EventNet<Shape{34, 34, 2}, 10, neuron::Lif<>>;
/// ```
///
/// @tparam Input at least 4 x 4
/// @tparam Unit a neuron model, or layer::Relu for the artificial network
template <Shape Input, int Classes, class Unit, Options Chosen = Options{}>
using EventNet = typename detail::EventNetOf<Input, Classes, Unit, Chosen>::type;

}  // namespace snnbd::inline SNNBD_ISA::model
