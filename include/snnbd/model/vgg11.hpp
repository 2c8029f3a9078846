#pragma once

#include <snnbd/layer/dense.hpp>
#include <snnbd/layer/dropout.hpp>
#include <snnbd/layer/readout.hpp>
#include <snnbd/model/options.hpp>

namespace snnbd::inline SNNBD_ISA::model {

namespace detail {

template <int Units, class Unit, Options Chosen>
using HiddenBlock =
    layer::Sequence<layer::Dense<Chosen.width(Units)>, Activation<Unit>, layer::Dropout>;

template <Shape Input, int Classes, class Unit, Options Chosen>
struct Vgg11Of {
  using type = Assembled<Input, PadDigits<Input>,                                      //
                         ConvBlock<64, Unit, Chosen>, layer::Sequence<Pool<Chosen>>,   //
                         ConvBlock<128, Unit, Chosen>, layer::Sequence<Pool<Chosen>>,  //
                         ConvBlock<256, Unit, Chosen>, ConvBlock<256, Unit, Chosen>,   //
                         layer::Sequence<Pool<Chosen>>,                                //
                         ConvBlock<512, Unit, Chosen>, ConvBlock<512, Unit, Chosen>,   //
                         layer::Sequence<Pool<Chosen>>,                                //
                         ConvBlock<512, Unit, Chosen>, ConvBlock<512, Unit, Chosen>,   //
                         layer::Sequence<Pool<Chosen>, layer::GlobalAvgPool>,          //
                         detail::HiddenBlock<4096, Unit, Chosen>,
                         detail::HiddenBlock<4096, Unit, Chosen>,  //
                         layer::Sequence<layer::Dense<Classes>, layer::MeanOverTime>>;
};

}  // namespace detail

/// VGG11, the paper's Table 6: 64 P 128 P 256 256 P 512 512 P 512 512 P of 3 x 3 convolutions, the
/// mean of all pixels, 4096 4096 dense units with dropout after each, and one output for each
/// class without neurons, averaged over the steps. No biases. (The table leaves the widths open;
/// they are those of Simonyan and Zisserman 2015, configuration A.)
///
/// Images of 28 x 28 are padded to 32 x 32; of other sizes, poolings leave out what is odd. Frames
/// of events of 34 x 34 pixels so become 17, 8, 4, 2 and 1; of 128 x 128 pixels 4 x 4 are left, of
/// which the mean is taken.
///
/// ```cpp
/// using Net = model::Vgg11<Shape{32, 32, 3}, 10, neuron::Lif<>,
///                          model::Options{.width_percent = 25, .batch_norm = true}>;
/// using Artificial = model::Vgg11<Shape{32, 32, 3}, 10, layer::Relu>;
/// ```
///
/// @tparam Input at least 32 x 32, or 28 x 28
/// @tparam Unit a neuron model, or layer::Relu for the artificial network
template <Shape Input, int Classes, class Unit, Options Chosen = Options{}>
using Vgg11 = typename detail::Vgg11Of<Input, Classes, Unit, Chosen>::type;

}  // namespace snnbd::inline SNNBD_ISA::model
