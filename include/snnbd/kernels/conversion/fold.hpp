#pragma once

#include <snnbd/kernels/elementwise/normalize.hpp>

/// Batch norms folded into the layers before them. One pass through the weights, channel by
/// channel, in double before it is rounded. It runs once for each layer of a conversion, so that
/// nothing was done for its speed.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Folds a normalization by fixed moments into the layer before it: with
/// factor = scale * gamma / sqrt(variance + epsilon) for each channel,
/// W' = factor * W and b' = beta + factor * (b - mean) (Rueckauer et al. 2017, Sec. 2.2).
///
/// @param weights [rows, channels], outputs fastest
/// @param bias one for each channel, or null for none
template <class Scalar>
void fold_normalization(const Scalar* weights, const Scalar* bias, const Rows& rows,
                        const Normalization<Scalar>& by, Scalar* folded_weights,
                        Scalar* folded_bias);

/// scaled = factor * values; the two may be the same.
template <class Scalar>
void scale(const Scalar* values, Index count, double factor, Scalar* scaled);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/conversion/fold.ipp>
#endif
