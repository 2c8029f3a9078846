#pragma once

#include <snnbd/layer/batch_norm.hpp>
#include <snnbd/layer/conv.hpp>
#include <snnbd/layer/dense.hpp>
#include <snnbd/layer/dropout.hpp>
#include <snnbd/layer/readout.hpp>
#include <snnbd/layer/voting.hpp>
#include <snnbd/model/options.hpp>

namespace snnbd::inline SNNBD_ISA::model {

namespace detail {

/// A convolution with batch norm, neurons and a pooling.
template <class Unit, Options Chosen>
using GestureBlock = layer::Sequence<
    layer::Conv<Chosen.width(128), 3>,
    layer::BatchNorm<layer::BatchNormOptions{.threshold_dependent = Chosen.threshold_dependent}>,
    Activation<Unit>, Pool<Chosen>>;

template <Shape Input, int Classes, class Unit, Options Chosen>
struct DvsGestureNetOf {
  using type =
      Assembled<Input,  //
                detail::GestureBlock<Unit, Chosen>, detail::GestureBlock<Unit, Chosen>,
                detail::GestureBlock<Unit, Chosen>, detail::GestureBlock<Unit, Chosen>,
                detail::GestureBlock<Unit, Chosen>,
                layer::Sequence<layer::Dropout, layer::Dense<Chosen.width(512)>, Activation<Unit>,
                                layer::Dropout, layer::Dense<10 * Classes>, Activation<Unit>,
                                layer::Voting<10>, layer::SpikeRate>>;
};

}  // namespace detail

/// The network of Fang et al. (2021) for gestures before an event camera, SpikingJelly's
/// `DVSGestureNet`: five times a 3 x 3 convolution of 128 channels with batch norm, neurons and a
/// 2 x 2 pooling; dropout, 512 dense units, dropout, ten units for each class, all with neurons.
/// The ten vote, and the class's output is their firing rate. No biases.
///
/// Rates are from 0 to 1, for which mean squared error is the loss; for cross entropy give the
/// readout a `factor` of 10 or so. `Options::batch_norm` does not matter: it always has them.
///
/// ```cpp
/// using Net = model::DvsGestureNet<Shape{128, 128, 2}, 11, neuron::Lif<>>;
/// ```
///
/// @tparam Input at least 32 x 32
/// @tparam Unit a neuron model
template <Shape Input, int Classes, class Unit, Options Chosen = Options{}>
using DvsGestureNet = typename detail::DvsGestureNetOf<Input, Classes, Unit, Chosen>::type;

}  // namespace snnbd::inline SNNBD_ISA::model
