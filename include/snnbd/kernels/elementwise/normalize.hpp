#pragma once

#include <snnbd/core/arena.hpp>
#include <snnbd/kernels/simd/strided_view.hpp>

/// Normalization of each channel by moments: those of a batch, or running ones. Sums of up to four
/// registers of channels stay in registers for 64 rows and then go on in double; pieces of 65,536
/// values are summed in parallel and folded in their order. A batch is read once for the means,
/// once for the variances and once to be normalized (by the scan, where neurons follow), a few
/// operations for each value: memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Values as rows of channels, [row, channel]: the pixels of all steps of all samples.
struct Rows {
  Index count = 0;
  Index channels = 0;

  [[nodiscard]] constexpr Index size() const { return count * channels; }
};

/// The mean and the biased variance of each channel.
template <class Scalar>
struct Moments {
  Scalar* mean = nullptr;
  Scalar* variance = nullptr;
};

/// y = scale * weight * (x - mean) / sqrt(variance + epsilon) + bias, channel by channel.
template <class Scalar>
struct Normalization {
  Moments<const Scalar> moments;
  const Scalar* weight = nullptr;
  const Scalar* bias = nullptr;
  double epsilon = 1e-5;
  double scale = 1.0;
};

/// A normalization by channel as it is applied: y = factor * (x - mean) + bias.
template <class Scalar>
struct ChannelMap {
  const Scalar* mean = nullptr;
  const Scalar* factor = nullptr;
  const Scalar* bias = nullptr;

  /// Of the channels from `first` on.
  [[nodiscard]] ChannelMap from(Index first) const {
    return {mean + first, factor + first, bias + first};
  }
};

/// @param factor room for one value for each channel
template <class Scalar>
ChannelMap<Scalar> channel_map(const Normalization<Scalar>& by, Index channels, Scalar* factor);

/// The moments of a batch: first the means, then the variances about them. Sums are made over
/// chunks cut by the size of the work and folded in their order, in double.
template <class Scalar>
void channel_moments(const Scalar* values, const Rows& rows, Scratch& scratch,
                     const Moments<Scalar>& moments);

template <class Scalar>
void normalize(const Scalar* values, const Rows& rows, const ChannelMap<Scalar>& map,
               Scalar* result);

/// Adds the gradients of weight and bias, and gives that of the values. With
/// xhat = (x - mean) / sqrt(variance + epsilon):
/// dL/dx = scale * weight / sqrt(variance + epsilon) * (g - mean(g) - xhat * mean(g * xhat)),
/// or without the two means if the moments are not the batch's.
///
/// @param values [sample, step, row, column, channel]
/// @param gradient of the result, where it lies
/// @param of_batch whether the moments are those of `values`
/// @param input_gradient empty if nobody needs it; may be `gradient`
template <class Scalar>
void normalize_backward(RealView<const Scalar> values, const Field<const Scalar>& gradient,
                        const Normalization<Scalar>& by, bool of_batch, Scratch& scratch,
                        Scalar* weight_gradient, Scalar* bias_gradient,
                        const Field<Scalar>& input_gradient);

/// Adds to `change` what running moments want: rate * (batch - running), the batch's variance
/// without bias, that is times population / (population - 1).
template <class Scalar>
void follow_moments(const Moments<const Scalar>& batch, const Moments<const Scalar>& running,
                    Index channels, Index population, double rate, const Moments<Scalar>& change);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/normalize.ipp>
#endif
