#pragma once

#include <type_traits>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/map_layers.hpp>
#include <snnbd/neuron/neuron.hpp>

/// From a spiking network to the artificial one that is trained in its place, and back.
namespace snnbd::inline SNNBD_ISA {

namespace network {

/// What `Converted` puts in place of each rectifier: integrate and fire with reset by subtraction,
/// as a hard reset would lose what stands above the threshold.
using ConvertedNeuron = neuron::If<neuron::SoftReset>;

/// How many rectifiers or layers of neurons there are in a spec, a list or a network.
template <class Type>
inline constexpr int activation_count =
    int{std::is_same_v<Type, layer::Relu> || layer::is_qcfs<Type> || layer::is_spiking<Type>};
template <class... Specs>
inline constexpr int activation_count<layer::Sequence<Specs...>> = (0 + ... +
                                                                    activation_count<Specs>);
template <class Branch, class Shortcut>
inline constexpr int activation_count<layer::Residual<Branch, Shortcut>> =
    activation_count<Branch> + activation_count<Shortcut>;
template <class Scalar, Shape Input, class... Specs>
inline constexpr int activation_count<BasicNetwork<Scalar, Input, Specs...>> =
    (0 + ... + activation_count<Specs>);

/// Whether conversion knows what to make of a spec. A linear layer of one's own may be added:
/// `template <> inline constexpr bool snnbd::network::converts<Mine> = true;`
template <class Spec>
inline constexpr bool converts = false;
template <int Channels, int Kernel, layer::ConvOptions Options>
inline constexpr bool converts<layer::Conv<Channels, Kernel, Options>> = true;
template <int Units, layer::DenseOptions Options>
inline constexpr bool converts<layer::Dense<Units, Options>> = true;
template <int Size, int Stride>
inline constexpr bool converts<layer::AvgPool<Size, Stride>> = true;
template <int Size, int Stride, int Padding>
inline constexpr bool converts<layer::GatedMaxPool<Size, Stride, Padding>> = true;
template <>
inline constexpr bool converts<layer::GlobalAvgPool> = true;
template <>
inline constexpr bool converts<layer::Flatten> = true;
template <int Border>
inline constexpr bool converts<layer::ZeroPad<Border>> = true;
template <int Factor>
inline constexpr bool converts<layer::Upsample<Factor>> = true;
template <>
inline constexpr bool converts<layer::Dropout> = true;
template <>
inline constexpr bool converts<layer::MeanOverTime> = true;
template <>
inline constexpr bool converts<layer::SpikeRate> = true;
template <>
inline constexpr bool converts<layer::AccumulatedMembrane> = true;

namespace detail {

/// The max pooling of a network of the other kind: by a gate among spikes, plain among activations.
/// A spec that is no max pooling stays.
template <class Spec>
struct Pooling {
  using Gated = Spec;
  using Plain = Spec;
};
template <int Size, int Stride, int Padding>
struct Pooling<layer::MaxPool<Size, Stride, Padding>> {
  using Gated = layer::GatedMaxPool<Size, Stride, Padding>;
  using Plain = layer::MaxPool<Size, Stride, Padding>;
};
template <int Size, int Stride, int Padding>
struct Pooling<layer::GatedMaxPool<Size, Stride, Padding>> {
  using Gated = layer::GatedMaxPool<Size, Stride, Padding>;
  using Plain = layer::MaxPool<Size, Stride, Padding>;
};

template <class Spec>
inline constexpr bool is_batch_norm = false;
template <layer::BatchNormOptions Options>
inline constexpr bool is_batch_norm<layer::BatchNorm<Options>> = true;

template <class Spec>
constexpr auto artificial() {
  if constexpr (layer::is_spiking<Spec>) {
    static_assert(Spec::NeuronType::parameter_count == 0,
                  "snnbd: an AnnTwin has the parameters of its network, and a rectifier has none; "
                  "take If or Lif for neurons with a trained parameter");
    return std::type_identity<layer::Relu>{};
  } else if constexpr (std::is_same_v<Spec, layer::AccumulatedMembrane>) {
    return std::type_identity<layer::MeanOverTime>{};
  } else {
    static_assert(!std::is_same_v<Spec, layer::SpikeRate>,
                  "snnbd: an artificial network has no firing rate to read out; let the network "
                  "end in a Dense layer and MeanOverTime");
    return std::type_identity<typename Pooling<Spec>::Plain>{};
  }
}

template <class Spec>
constexpr auto converted() {
  if constexpr (activation_count<Spec> == 1) {
    return std::type_identity<layer::Spiking<ConvertedNeuron>>{};
  } else {
    using Gated = typename Pooling<Spec>::Gated;
    static_assert(!is_batch_norm<Spec>,
                  "snnbd: a BatchNorm cannot be converted as it is; convert the Folded network");
    static_assert(converts<Gated> || is_batch_norm<Spec>,
                  "snnbd: conversion does not know this layer; see network::converts");
    return std::type_identity<Gated>{};
  }
}

template <class Spec>
struct Artificial {
  using type = typename decltype(artificial<Spec>())::type;
};
template <int Levels, int FirstLimit>
struct Quantized {
  template <class Spec>
  struct Change {
    using Plain = typename Artificial<Spec>::type;
    using type = std::conditional_t<std::is_same_v<Plain, layer::Relu>,
                                    layer::Qcfs<Levels, FirstLimit>, Plain>;
  };
};
template <class Spec>
struct ConvertedSpec {
  using type = typename decltype(converted<Spec>())::type;
};
template <class Neuron, class Readout>
struct Refitted {
  template <class Spec>
  struct Change {
    using Kept = std::conditional_t<std::is_same_v<Spec, layer::MeanOverTime>, Readout, Spec>;
    using type = std::conditional_t<layer::is_spiking<Spec>, layer::Spiking<Neuron>, Kept>;
  };
};

}  // namespace detail
}  // namespace network

/// The artificial network of a spiking one: rectifiers in place of neurons, the mean current in
/// place of a membrane that accumulates it, all else as it is. Its parameters have the same layout:
/// `network::transfer` takes them over (Jin et al. 2024, Sec. 2.2.2).
///
/// ```cpp
/// using Ann = AnnTwin<Net>;
/// Ann ann = network::transfer<Ann>(net);
/// ```
///
/// @tparam Net a BasicNetwork
template <class Net>
using AnnTwin = typename network::MapLayers<network::detail::Artificial, Net>::type;

/// The artificial network whose rectifiers clip and round as neurons do in `Levels` steps; each has
/// a trained limit, see `layer::Qcfs`. It converts well to few steps.
template <class Net, int Levels = 8, int FirstLimit = 8>
using QcfsTwin =
    typename network::MapLayers<network::detail::Quantized<Levels, FirstLimit>::template Change,
                                Net>::type;

/// The spiking network that a network is converted to: integrate-and-fire neurons with soft reset
/// in place of rectifiers and of other neurons, a `GatedMaxPool` in place of each `MaxPool`, as the
/// largest of spikes is not the largest of rates. Its parameters have the same layout but for the
/// limits of a `QcfsTwin`. Layers that conversion does not support are refused.
///
/// @tparam Net a BasicNetwork without batch norm, such as `Folded<AnnTwin<Net>>`
template <class Net>
using Converted = typename network::MapLayers<network::detail::ConvertedSpec, Net>::type;

/// A spiking network with other neurons, and if wanted another readout in place of `MeanOverTime`.
/// The layout of its parameters is the same but for what neurons have of their own.
template <class Net, neuron::NeuronModel Neuron, class Readout = layer::MeanOverTime>
using WithNeurons =
    typename network::MapLayers<network::detail::Refitted<Neuron, Readout>::template Change,
                                Net>::type;

}  // namespace snnbd::inline SNNBD_ISA
