#pragma once

#include <algorithm>

#include <snnbd/kernels/conversion/bounds.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
Bounds propagate(const Scalar* weights, const Scalar* bias, const Rows& rows, const Bounds& input) {
  Bounds output;
  for (Index channel = 0; channel < rows.channels; ++channel) {
    const double own = bias == nullptr ? 0.0 : static_cast<double>(bias[channel]);
    double above = own;
    double below = -own;
    for (Index row = 0; row < rows.count; ++row) {
      const auto weight = static_cast<double>(weights[row * rows.channels + channel]);
      above += weight > 0.0 ? weight * input.above : -weight * input.below;
      below += weight > 0.0 ? weight * input.below : -weight * input.above;
    }
    output.above = std::max(output.above, above);
    output.below = std::max(output.below, below);
  }
  return output;
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar) \
  template Bounds propagate<Scalar>(const Scalar*, const Scalar*, const Rows&, const Bounds&);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
