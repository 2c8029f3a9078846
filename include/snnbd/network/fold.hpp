#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include <snnbd/kernels/conversion/fold.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/map_layers.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace network::detail {

/// A layer with a bias in place of one that may have none.
template <class Spec>
struct Biased {
  static constexpr bool exists = false;
};
template <int Channels, int Kernel, layer::ConvOptions Options>
struct Biased<layer::Conv<Channels, Kernel, Options>> {
  static constexpr bool exists = true;
  using type =
      layer::Conv<Channels, Kernel, layer::ConvOptions{Options.stride, Options.padding, true}>;
};
template <int Units, layer::DenseOptions Options>
struct Biased<layer::Dense<Units, Options>> {
  static constexpr bool exists = true;
  using type = layer::Dense<Units, layer::DenseOptions{true}>;
};

template <class Type>
struct FoldedSpec {
  using type = Type;
};

/// Goes through a list of specs; `Done` holds those that were looked at.
template <class Done, class... Rest>
struct FoldedList {
  using type = Done;
};
template <class... Done, class First, class... Rest>
struct FoldedList<layer::Sequence<Done...>, First, Rest...> {
  using type = typename FoldedList<layer::Sequence<Done..., typename FoldedSpec<First>::type>,
                                   Rest...>::type;
};
template <class... Done, class First, layer::BatchNormOptions Norm, class... Rest>
requires(Biased<First>::exists) struct FoldedList<layer::Sequence<Done...>, First,
                                                  layer::BatchNorm<Norm>, Rest...> {
  using type =
      typename FoldedList<layer::Sequence<Done..., typename Biased<First>::type>, Rest...>::type;
};
template <class... Done, layer::BatchNormOptions Norm, class... Rest>
struct FoldedList<layer::Sequence<Done...>, layer::BatchNorm<Norm>, Rest...> {
  static constexpr auto next() {
    static_assert(sizeof...(Done) == std::size_t(-1),
                  "snnbd: a BatchNorm is folded into the convolution or dense layer right before "
                  "it; here there is none");
    return FoldedList<layer::Sequence<Done...>, Rest...>{};
  }
  using type = typename decltype(next())::type;
};

template <class... Specs>
struct FoldedSpec<layer::Sequence<Specs...>> {
  using type = typename FoldedList<layer::Sequence<>, Specs...>::type;
};
template <class Branch, class Shortcut>
struct FoldedSpec<layer::Residual<Branch, Shortcut>> {
  using type =
      layer::Residual<typename FoldedSpec<Branch>::type, typename FoldedSpec<Shortcut>::type>;
};

template <class Scalar, Shape Input, class List>
struct NetworkOf;
template <class Scalar, Shape Input, class... Specs>
struct NetworkOf<Scalar, Input, layer::Sequence<Specs...>> {
  using type = BasicNetwork<Scalar, Input, Specs...>;
};
template <class Scalar, Shape Input, class... Specs>
struct FoldedSpec<BasicNetwork<Scalar, Input, Specs...>> {
  using type =
      typename NetworkOf<Scalar, Input, typename FoldedSpec<layer::Sequence<Specs...>>::type>::type;
};

}  // namespace network::detail

/// A network without batch norms: each convolution or dense layer that one stands behind, also
/// within residuals, has a bias that takes it in. Parameters: `network::fold`.
template <class Net>
using Folded = typename network::detail::FoldedSpec<Net>::type;

namespace network {

/// Folds the batch norms of a trained network, with their running moments, into the layers before
/// them: W' = W gamma / sqrt(variance + epsilon), b' = beta + (b - mean) gamma / sqrt(variance +
/// epsilon), with gamma times alpha theta for threshold-dependent ones. What the network gives in
/// evaluation stays the same but for rounding.
///
/// @tparam Net a BasicNetwork, with batch norms or without
template <class Net>
[[nodiscard]] Folded<Net> fold(const Net& net) {
  using Scalar = typename Net::ScalarType;
  Folded<Net> folded;
  copy_settings(net, folded);
  std::vector<kernels::Normalization<Scalar>> norms(static_cast<std::size_t>(Net::Layers::places));
  layer::for_each_layer(net.layers(), [&](const auto& spec, int place) {
    if constexpr (requires { spec.epsilon, spec.alpha; }) {
      auto& norm = norms[static_cast<std::size_t>(place)];
      norm.epsilon = spec.epsilon;
      norm.scale = spec.scale();
    }
  });

  const std::vector<ParameterTensor> sources = Net::tensors();
  const auto values = [&](std::size_t number) {
    return net.parameters().data() + sources[number].offset;
  };
  Scalar* target = folded.parameters().data();
  for (std::size_t number = 0; number < sources.size();) {
    using layer::ParameterKind;
    const auto kind = [&](std::size_t which) {
      return which < sources.size() ? sources[which].parameter.kind : ParameterKind::neuron;
    };
    const layer::Parameter& parameter = sources[number].parameter;
    const std::size_t has_bias = kind(number + 1) == ParameterKind::bias ? 1 : 0;
    const std::size_t norm = number + 1 + has_bias;
    const bool is_weight =
        kind(number) == ParameterKind::conv_weight || kind(number) == ParameterKind::dense_weight;
    if (is_weight && kind(norm) == ParameterKind::norm) {
      const kernels::Rows rows{parameter.fan_in(), parameter.dims[3]};
      auto by = norms[static_cast<std::size_t>(sources[norm].place)];
      by.weight = values(norm);
      by.bias = values(norm + 1);
      by.moments = {values(norm + 2), values(norm + 3)};
      kernels::fold_normalization<Scalar>(values(number),
                                          has_bias == 1 ? values(number + 1) : nullptr, rows, by,
                                          target, target + rows.size());
      target += rows.size() + rows.channels;
      number = norm + 4;
    } else {
      target = std::copy_n(values(number), parameter.size(), target);
      ++number;
    }
  }
  return folded;
}

}  // namespace network
}  // namespace snnbd::inline SNNBD_ISA
