#pragma once

#include <algorithm>
#include <type_traits>

#include <snnbd/layer/batch_norm.hpp>
#include <snnbd/layer/conv.hpp>
#include <snnbd/layer/pool.hpp>
#include <snnbd/layer/sequence.hpp>
#include <snnbd/layer/spiking.hpp>
#include <snnbd/layer/zero_pad.hpp>
#include <snnbd/network/network.hpp>

/// Networks by name: type aliases of `Network`, parametrized by shape, classes and neurons.
namespace snnbd::inline SNNBD_ISA::model {

/// How a model pools.
enum class Pooling { max, average };

/// What may differ between two models of a name.
struct Options {
  Pooling pooling = Pooling::max;
  int width_percent = 100;           ///< of channels and hidden units, at least one of each
  bool batch_norm = false;           ///< after each convolution; ResNet18 always has it
  bool threshold_dependent = false;  ///< the batch norms are tdBN, see `layer::BatchNorm`

  /// How many channels there are where the model has `base` of them.
  [[nodiscard]] constexpr int width(int base) const {
    return std::max(1, static_cast<int>(static_cast<Index>(base) * width_percent / 100));
  }
};

namespace detail {

template <class... Parts>
struct Join;
template <class... Specs>
struct Join<layer::Sequence<Specs...>> {
  using type = layer::Sequence<Specs...>;
};
template <class... First, class... Second, class... Rest>
struct Join<layer::Sequence<First...>, layer::Sequence<Second...>, Rest...> {
  using type = typename Join<layer::Sequence<First..., Second...>, Rest...>::type;
};

template <Shape Input, class List>
struct Assemble;
template <Shape Input, class... Specs>
struct Assemble<Input, layer::Sequence<Specs...>> {
  using type = Network<Input, Specs...>;
};

/// `Spec` alone, or nothing.
template <bool Wanted, class Spec>
using If = std::conditional_t<Wanted, layer::Sequence<Spec>, layer::Sequence<>>;

template <class Unit>
constexpr auto activation() {
  if constexpr (neuron::NeuronModel<Unit>) {
    return std::type_identity<layer::Spiking<Unit>>{};
  } else {
    return std::type_identity<Unit>{};
  }
}

}  // namespace detail

/// A network of lists of layers, one after the other. A model names it in a struct: an alias that
/// named it at once would crash g++ 12 wherever the shape depends on a template's parameter, as in
/// `model::ConvNet<Set::shape, ...>`.
template <Shape Input, class... Parts>
using Assembled = typename detail::Assemble<Input, typename detail::Join<Parts...>::type>::type;

/// The layer that a neuron model stands for; a layer, such as `layer::Relu`, stands for itself.
template <class Unit>
using Activation = typename decltype(detail::activation<Unit>())::type;

/// A 3 x 3 convolution without bias that keeps the size, a batch norm if there are any, neurons.
template <int Base, class Unit, Options Chosen>
using ConvBlock = typename detail::Join<
    layer::Sequence<layer::Conv<Chosen.width(Base), 3>>,
    detail::If<Chosen.batch_norm, layer::BatchNorm<layer::BatchNormOptions{
                                      .threshold_dependent = Chosen.threshold_dependent}>>,
    layer::Sequence<Activation<Unit>>>::type;

/// A 2 x 2 pooling.
template <Options Chosen>
using Pool =
    std::conditional_t<Chosen.pooling == Pooling::max, layer::MaxPool<2>, layer::AvgPool<2>>;

/// Images of 28 x 28 are padded to 32 x 32, so that five poolings find something to halve.
template <Shape Input>
using PadDigits = detail::If<Input.height == 28 && Input.width == 28, layer::ZeroPad<2>>;

}  // namespace snnbd::inline SNNBD_ISA::model
