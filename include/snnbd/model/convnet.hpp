#pragma once

#include <snnbd/layer/dense.hpp>
#include <snnbd/layer/readout.hpp>
#include <snnbd/model/options.hpp>

namespace snnbd::inline SNNBD_ISA::model {

namespace detail {

template <Shape Input, int Classes, class Unit, Options Chosen>
struct ConvNetOf {
  using type = Assembled<Input, ConvBlock<32, Unit, Chosen>, layer::Sequence<Pool<Chosen>>,  //
                         ConvBlock<64, Unit, Chosen>, layer::Sequence<Pool<Chosen>>,         //
                         layer::Sequence<layer::Dense<Chosen.width(256)>, Activation<Unit>,  //
                                         layer::Dense<Classes>, layer::MeanOverTime>>;
};

}  // namespace detail

/// 32C3-P2-64C3-P2-256, a small network for digits, and one output for each class without neurons,
/// averaged over the steps. No biases.
///
/// @tparam Unit a neuron model, or layer::Relu for the artificial network
template <Shape Input, int Classes, class Unit, Options Chosen = Options{}>
using ConvNet = typename detail::ConvNetOf<Input, Classes, Unit, Chosen>::type;

}  // namespace snnbd::inline SNNBD_ISA::model
