#pragma once

#include <span>

#include <snnbd/kernels/elementwise/normalize.hpp>

/// Channel by channel: the weights that lead to each, and the values that it takes. Scaling passes
/// once through the weights; gathering turns rows of channels into channels of rows, so that a
/// normalizer sees each channel as one stream. Each value is moved once: memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// scaled = weight * input scale / output scale of the channels that it joins.
///
/// @param weights [rows, channels], outputs fastest; the input's channels are fastest in a row
/// @param inputs scales of the input's channels, or one for all; rows are a multiple of their
/// number
/// @param outputs scales of the output's channels, or one for all
/// @param scaled may be `weights`
template <class Scalar>
void scale_channels(const Scalar* weights, const Rows& rows, std::span<const double> inputs,
                    std::span<const double> outputs, Scalar* scaled);

/// Puts the values of some neighbouring channels one channel after another, [channel, row].
///
/// @param values [row, channel]
/// @param first the first channel of `count`
template <class Scalar>
void gather_channels(const Scalar* values, const Rows& rows, Index first, Index count,
                     Scalar* gathered);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/conversion/channels.ipp>
#endif
