#pragma once

#include <string>
#include <vector>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>

/// What a network costs, counted layer by layer from the bound layers.
namespace snnbd_tests {

using snnbd::Index;
using snnbd::Signal;

struct Cost {
  Index macs = 0;     ///< multiplications of one step, all inputs counted
  Index neurons = 0;  ///< units of spiking layers
};

template <class Sequence, Signal In>
struct Counter;

template <class Spec, Signal In>
Cost cost_of() {
  if constexpr (requires { typename Spec::BranchType; }) {
    const Cost branch = Counter<typename Spec::BranchType, In>::count();
    const Cost shortcut = Counter<typename Spec::ShortcutType, In>::count();
    return {branch.macs + shortcut.macs, branch.neurons + shortcut.neurons};
  } else {
    using Bound = snnbd::layer::BoundTo<Spec, 0, In, float>;
    Cost cost;
    if constexpr (snnbd::layer::is_spiking<Spec>) cost.neurons = In::shape.size();
    for (const auto& parameter : Bound::parameters) {
      if (parameter.kind == snnbd::layer::ParameterKind::conv_weight)
        cost.macs += parameter.size() * Bound::Output::shape.pixels();
      if (parameter.kind == snnbd::layer::ParameterKind::dense_weight)
        cost.macs += parameter.size();
    }
    return cost;
  }
}

template <Signal In>
struct Counter<snnbd::layer::Sequence<>, In> {
  static Cost count() { return {}; }
};
template <class First, class... Rest, Signal In>
struct Counter<snnbd::layer::Sequence<First, Rest...>, In> {
  static Cost count() {
    using Out = typename snnbd::layer::BoundTo<First, 0, In, float>::Output;
    const Cost first = cost_of<First, In>();
    const Cost rest = Counter<snnbd::layer::Sequence<Rest...>, Out>::count();
    return {first.macs + rest.macs, first.neurons + rest.neurons};
  }
};

/// Of one step of a network.
template <class Net>
Cost cost() {
  return Counter<typename Net::Layers, snnbd::Static<Net::input_shape>>::count();
}

/// The sum of the sizes of all tensors of a kind.
template <class Net>
Index parameters_of(snnbd::layer::ParameterKind kind) {
  Index total = 0;
  for (const auto& tensor : Net::tensors())
    if (tensor.parameter.kind == kind) total += tensor.parameter.size();
  return total;
}

}  // namespace snnbd_tests
