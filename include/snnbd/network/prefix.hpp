#pragma once

#include <algorithm>
#include <cstddef>
#include <tuple>
#include <utility>

#include <snnbd/network/map_layers.hpp>
#include <snnbd/network/network.hpp>

/// The beginning of a network as a network of its own: where a loss looks at a layer in its midst.
namespace snnbd::inline SNNBD_ISA::network {

namespace detail {

template <class Net, class Numbers>
struct PrefixOf;
template <class Scalar, Shape Input, class... Specs, std::size_t... Number>
struct PrefixOf<BasicNetwork<Scalar, Input, Specs...>, std::index_sequence<Number...>> {
  using type = BasicNetwork<Scalar, Input, std::tuple_element_t<Number, std::tuple<Specs...>>...>;
};

template <class Net, std::size_t Count>
constexpr auto prefix() {
  constexpr bool fits = Count >= 1 && Count <= Net::layer_count;
  static_assert(fits, "snnbd: a prefix of a network has from one to all of its layers");
  return PrefixOf<Net, std::make_index_sequence<fits ? Count : 1>>{};
}

}  // namespace detail

/// The network of the first `Count` layers of `Net`, a residual counted as one. Its parameters are
/// the first ones of the flat vector, in the same order. The gradient of a loss by what it gives is
/// added to the first part of the whole network's gradient:
///
/// ```cpp
/// const network::Prefix<Net, 3> part = network::prefix_of<3>(net);
/// Pass<network::Prefix<Net, 3>, In> pass{extent, true};
/// const auto spikes = pass.forward(part, in, {.training = true, .share = 0.0});
/// pass.backward(part, slopes, gradient.first(part.parameter_count));
/// ```
///
/// With a share of 0 its batch norms leave the running moments alone, which the pass of the whole
/// network moves.
template <class Net, std::size_t Count>
using Prefix = typename decltype(detail::prefix<Net, Count>())::type;

/// Gives a prefix the settings and parameters that the network has now.
template <std::size_t Count, class Net>
void copy_prefix(const Net& net, Prefix<Net, Count>& prefix) {
  copy_settings(net, prefix);
  std::copy_n(net.parameters().begin(), prefix.parameters().size(), prefix.parameters().begin());
}

/// The prefix of a network as it is now.
template <std::size_t Count, class Net>
[[nodiscard]] Prefix<Net, Count> prefix_of(const Net& net) {
  Prefix<Net, Count> prefix;
  copy_prefix<Count>(net, prefix);
  return prefix;
}

}  // namespace snnbd::inline SNNBD_ISA::network
