#pragma once

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>

namespace snnbd::inline SNNBD_ISA::network {

namespace detail {

template <class Net>
constexpr bool has_parameters(layer::ParameterKind kind) {
  bool found = false;
  Net::Layers::template for_each_parameter<typename Net::ScalarType, Static<Net::input_shape>>(
      [&](const layer::Parameter& parameter, const layer::Position&) {
        found = found || parameter.kind == kind;
      });
  return found;
}

}  // namespace detail

/// Whether no layer has a bias.
template <class Net>
inline constexpr bool is_unbiased = !detail::has_parameters<Net>(layer::ParameterKind::bias);

/// Whether nothing is normalised over the batch; dropout may regularise in its place.
template <class Net>
inline constexpr bool is_unnormalised = !detail::has_parameters<Net>(layer::ParameterKind::norm);

/// Whether all of its activations are rectifiers.
template <class Net>
inline constexpr bool is_rectified = !Net::spikes;

/// The constraints under which the paper converts an artificial network: rectifiers, no bias,
/// dropout in place of normalisation (Jin et al. 2024, Sec. 2.2.2). Conversion here does without
/// the last two: it folds batch norms and carries biases as currents.
///
/// ```cpp
/// static_assert(network::meets_paper_constraints<AnnTwin<Net>>);
/// ```
template <class Net>
inline constexpr bool meets_paper_constraints =
    is_rectified<Net>&& is_unbiased<Net>&& is_unnormalised<Net>;

}  // namespace snnbd::inline SNNBD_ISA::network
