#pragma once

#include <snnbd/layer/conv.hpp>
#include <snnbd/layer/spiking.hpp>
#include <snnbd/layer/upsample.hpp>
#include <snnbd/layer/zero_pad.hpp>
#include <snnbd/model/options.hpp>

namespace snnbd::inline SNNBD_ISA::model {

namespace detail {

template <Shape Input>
constexpr bool halves_twice() {
  static_assert(
      Input.height % 2 == 0 && Input.width % 2 == 0 && Input.height % 4 == Input.width % 4,
      "snnbd: the autoencoder of a trigger halves its frames twice: their sides are even, "
      "and both or none are multiples of 4");
  return Input.height % 4 == 0;
}

template <Shape Input, class Unit>
struct TriggerAutoencoderOf {
  using type = Assembled<
      Input, If<!halves_twice<Input>(), layer::ZeroPad<1>>,
      layer::Sequence<
          layer::Conv<16, 4, layer::ConvOptions{.stride = 2, .padding = 1}>, Activation<Unit>,
          layer::Conv<32, 4, layer::ConvOptions{.stride = 2, .padding = 1}>, Activation<Unit>,
          layer::Upsample<2>, layer::Conv<16, 3>, Activation<Unit>, layer::Upsample<2>,
          layer::Conv<Input.channels, 3,
                      layer::ConvOptions{.padding = halves_twice<Input>() ? 1 : 0}>>>;
};

}  // namespace detail

/// A spiking autoencoder that draws a trigger on each frame, for `learn::DynamicTrigger`: two
/// convolutions of stride 2 with 16 and 32 channels, two that double the size again, and one whose
/// outputs, without neurons, are as large as the input. Frames whose sides are no multiples of 4
/// get a border of one pixel, which the last convolution takes away. It is small beside the U-Net
/// of Abad et al. 2024, which has up to 1,024 channels and is as wide as it is deep: a CPU trains
/// this one in a minute.
///
/// @tparam Input of a frame; its sides are even
template <Shape Input, class Unit = neuron::If<neuron::SoftReset>>
using TriggerAutoencoder = typename detail::TriggerAutoencoderOf<Input, Unit>::type;

}  // namespace snnbd::inline SNNBD_ISA::model
