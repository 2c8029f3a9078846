#pragma once

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/map_layers.hpp>

namespace snnbd::inline SNNBD_ISA::network {

/// Whether no layer has a bias.
template <class Net>
inline constexpr bool is_unbiased = Net::count_parameters(layer::ParameterKind::bias) == 0;

/// Whether nothing is normalized over the batch; dropout may regularize in its place.
template <class Net>
inline constexpr bool is_unnormalized = Net::count_parameters(layer::ParameterKind::norm) == 0;

/// Whether all of its activations are rectifiers, without limits of their own.
template <class Net>
inline constexpr bool is_rectified =
    !Net::spikes && Net::count_parameters(layer::ParameterKind::neuron) == 0;

/// The constraints under which the paper converts an artificial network: rectifiers, no bias,
/// dropout in place of normalization (Jin et al. 2024, Sec. 2.2.2). Conversion here does without
/// the last two: it folds batch norms and carries biases as currents.
///
/// ```cpp
/// static_assert(network::meets_paper_constraints<AnnTwin<Net>>);
/// ```
template <class Net>
inline constexpr bool meets_paper_constraints =
    is_rectified<Net>&& is_unbiased<Net>&& is_unnormalized<Net>;

}  // namespace snnbd::inline SNNBD_ISA::network
