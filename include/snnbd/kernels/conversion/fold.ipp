#pragma once

#include <cmath>

#include <snnbd/kernels/conversion/fold.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
void fold_normalization(const Scalar* weights, const Scalar* bias, const Rows& rows,
                        const Normalization<Scalar>& by, Scalar* folded_weights,
                        Scalar* folded_bias) {
  for (Index channel = 0; channel < rows.channels; ++channel) {
    const double factor = by.scale * static_cast<double>(by.weight[channel]) /
                          std::sqrt(static_cast<double>(by.moments.variance[channel]) + by.epsilon);
    const double own = bias == nullptr ? 0.0 : static_cast<double>(bias[channel]);
    folded_bias[channel] =
        static_cast<Scalar>(static_cast<double>(by.bias[channel]) +
                            factor * (own - static_cast<double>(by.moments.mean[channel])));
    for (Index row = 0; row < rows.count; ++row) {
      const Index place = row * rows.channels + channel;
      folded_weights[place] = static_cast<Scalar>(factor * static_cast<double>(weights[place]));
    }
  }
}

template <class Scalar>
void scale(const Scalar* values, Index count, double factor, Scalar* scaled) {
  for (Index i = 0; i < count; ++i)
    scaled[i] = static_cast<Scalar>(factor * static_cast<double>(values[i]));
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                           \
  template void fold_normalization<Scalar>(const Scalar*, const Scalar*, const Rows&,       \
                                           const Normalization<Scalar>&, Scalar*, Scalar*); \
  template void scale<Scalar>(const Scalar*, Index, double, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
