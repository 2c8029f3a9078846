#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>

#include <snnbd/core/config.hpp>
#include <snnbd/data/dataset.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// Adds gamma * tanh(output) to each value, and cuts at the ends of the values' range.
///
/// @param outputs as many as `values`
template <class Scalar>
void perturb(std::span<const Scalar> outputs, double gamma, data::Range range,
             std::span<Scalar> values) {
  std::transform(outputs.begin(), outputs.end(), values.begin(), values.begin(),
                 [scale = static_cast<Scalar>(gamma), low = static_cast<Scalar>(range.low),
                  high = static_cast<Scalar>(range.high)](Scalar output, Scalar value) {
                   return std::clamp(value + scale * std::tanh(output), low, high);
                 });
}

/// Turns the gradient of the perturbed values into that of the outputs, in place: each slope is
/// multiplied by gamma (1 - tanh^2(output)), or by 0 where the value was cut.
///
/// @param outputs, perturbed as many as `slopes`
template <class Scalar>
void perturbation_gradient(std::span<const Scalar> outputs, std::span<const Scalar> perturbed,
                           double gamma, data::Range range, std::span<Scalar> slopes) {
  const auto scale = static_cast<Scalar>(gamma);
  for (std::size_t i = 0; i < slopes.size(); ++i) {
    const Scalar bend = std::tanh(outputs[i]);
    const bool cut = perturbed[i] <= static_cast<Scalar>(range.low) ||
                     perturbed[i] >= static_cast<Scalar>(range.high);
    slopes[i] = cut ? Scalar{0} : slopes[i] * scale * (Scalar{1} - bend * bend);
  }
}

}  // namespace snnbd::inline SNNBD_ISA::learn
