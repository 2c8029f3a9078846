#pragma once

#include <snnbd/layer/dense.hpp>
#include <snnbd/layer/readout.hpp>
#include <snnbd/layer/residual.hpp>
#include <snnbd/model/options.hpp>

namespace snnbd::inline SNNBD_ISA::model {

namespace detail {

/// @tparam Summed whether its result is added to another's
template <Options Chosen, bool Summed = false>
using Norm = layer::BatchNorm<layer::BatchNormOptions{
    .threshold_dependent = Chosen.threshold_dependent, .summed = Summed}>;

/// Two convolutions of one width; where the map is halved, a convolution stands in the shortcut.
template <int Base, int Stride, class Unit, Options Chosen>
struct BasicBlock {
  static constexpr int channels = Chosen.width(Base);
  using Branch =
      layer::Sequence<layer::Conv<channels, 3, layer::ConvOptions{.stride = Stride}>, Norm<Chosen>,
                      Activation<Unit>, layer::Conv<channels, 3>, Norm<Chosen, true>>;
  using Projection =
      layer::Sequence<layer::Conv<channels, 1, layer::ConvOptions{.stride = Stride, .padding = 0}>,
                      Norm<Chosen, true>>;
  using Shortcut = std::conditional_t<Stride == 1, layer::Sequence<>, Projection>;
  using type = layer::Sequence<layer::Residual<Branch, Shortcut>, Activation<Unit>>;
};

/// Two blocks, the first of which has the stride.
template <int Base, int Stride, class Unit, Options Chosen>
using ResidualStage = typename Join<typename BasicBlock<Base, Stride, Unit, Chosen>::type,
                                    typename BasicBlock<Base, 1, Unit, Chosen>::type>::type;

template <Shape Input, int Classes, class Unit, Options Chosen>
struct ResNet18Of {
  using type = Assembled<
      Input, PadDigits<Input>,
      layer::Sequence<layer::Conv<Chosen.width(64), 3>, detail::Norm<Chosen>, Activation<Unit>,
                      Pool<Chosen>>,
      detail::ResidualStage<64, 1, Unit, Chosen>, detail::ResidualStage<128, 2, Unit, Chosen>,
      detail::ResidualStage<256, 2, Unit, Chosen>, detail::ResidualStage<512, 2, Unit, Chosen>,
      layer::Sequence<layer::GlobalAvgPool, layer::Dense<Classes>, layer::MeanOverTime>>;
};

}  // namespace detail

/// ResNet18, the paper's Table 5: a 3 x 3 convolution of 64 channels with batch norm, neurons and a
/// 2 x 2 pooling; two blocks each of 64, 128, 256 and 512 channels; the mean of all pixels; one
/// output for each class without neurons, averaged over the steps. No biases. (The table leaves
/// open where the map is halved and how the shortcut follows: at the first block of the stages 2 to
/// 4, by a 1 x 1 convolution with batch norm, as in He et al. 2016. The neurons at a block's end
/// come after the sum.)
///
/// Images of 28 x 28 are padded to 32 x 32. `Options::batch_norm` does not matter: it always has
/// them.
///
/// ```cpp
/// using Net = model::ResNet18<Shape{32, 32, 3}, 10, neuron::Lif<>,
///                             model::Options{.threshold_dependent = true}>;
/// ```
///
/// @tparam Input at least 2 x 2
/// @tparam Unit a neuron model, or layer::Relu for the artificial network
template <Shape Input, int Classes, class Unit, Options Chosen = Options{}>
using ResNet18 = typename detail::ResNet18Of<Input, Classes, Unit, Chosen>::type;

}  // namespace snnbd::inline SNNBD_ISA::model
