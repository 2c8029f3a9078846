#pragma once

#include <tuple>

#include <snnbd/layer/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::network {

/// Follows a state through a tuple of specs, from layer to layer and through both parts of each
/// residual.
///
/// @param place of the first layer; moves on, as `layer::for_each_layer` counts
/// @param visit `visit(spec, place, state) -> state behind the layer`, for all but residuals
/// @param join `join(branch's state, shortcut's state) -> state behind the sum`
template <class Specs, class State, class Visit, class Join>
State follow(const Specs& specs, int& place, State state, const Visit& visit, const Join& join) {
  const auto step = [&]<class Spec>(const Spec& spec) {
    const int own = place++;
    if constexpr (requires { typename Spec::BranchType; }) {
      const State branch = follow(spec.branch.layers, place, state, visit, join);
      state = join(branch, follow(spec.shortcut.layers, place, state, visit, join));
    } else {
      state = visit(spec, own, state);
    }
  };
  std::apply([&](const auto&... spec) { (step(spec), ...); }, specs);
  return state;
}

}  // namespace snnbd::inline SNNBD_ISA::network
