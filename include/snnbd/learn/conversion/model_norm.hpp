#pragma once

#include <string_view>
#include <vector>

#include <snnbd/kernels/conversion/bounds.hpp>
#include <snnbd/learn/conversion/normalizer.hpp>
#include <snnbd/network/follow.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

namespace detail {

/// The bounds behind a layer; of one without weights, such as a pooling, they are its input's.
template <class Net>
kernels::Bounds bounds_behind(const Net& net, int place, const kernels::Bounds& bounds) {
  const typename Net::ScalarType* weights = nullptr;
  const typename Net::ScalarType* bias = nullptr;
  kernels::Rows rows;
  for (const network::ParameterTensor& tensor : Net::tensors()) {
    if (tensor.place != place) continue;
    const auto* const values = net.parameters().data() + tensor.offset;
    if (tensor.parameter.kind == layer::ParameterKind::bias) {
      bias = values;
    } else {
      weights = values;
      rows = {tensor.parameter.fan_in(), tensor.parameter.dims[3]};
    }
  }
  return weights == nullptr ? bounds : kernels::propagate(weights, bias, rows, bounds);
}

}  // namespace detail

/// The largest activation that the weights allow, without a look at any sample: model-based
/// normalization (Diehl et al. 2015, Alg. 1), where a layer's weights are divided by the largest
/// sum of the positive weights that lead to one of its units. Never clips, and needs very many
/// steps.
struct ModelNorm {
  static constexpr std::string_view name = "model_norm";
  double lowest = 0.0;   ///< value of an input; below zero if images are standardized
  double largest = 1.0;  ///< value of an input

  void check() const {
    require_finite("lowest of model_norm", lowest);
    require_finite("largest of model_norm", largest);
    if (!(lowest < largest)) reject("largest of model_norm", "a number above the lowest", largest);
  }

  /// @throws Error if a setting is out of range
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    check();
    const auto& net = calibration.net();
    std::vector<double> scales;
    int first = 0;
    network::follow(
        net.layers(), first, kernels::Bounds{-lowest, largest},
        [&]<class Spec>(const Spec& /*spec*/, int place, const kernels::Bounds& bounds) {
          if constexpr (network::activation_count<Spec> == 1) {
            scales.push_back(bounds.above);
            return kernels::Bounds{0.0, bounds.above};
          } else {
            return detail::bounds_behind(net, place, bounds);
          }
        },
        [](const kernels::Bounds& branch, const kernels::Bounds& shortcut) {
          return kernels::Bounds{branch.below + shortcut.below, branch.above + shortcut.above};
        });
    return scales;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn
