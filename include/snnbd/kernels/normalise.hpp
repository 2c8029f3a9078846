#pragma once

#include <snnbd/core/arena.hpp>

/// Normalisation of each channel by moments: those of a batch, or running ones.
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
struct Normalisation {
  Moments<const Scalar> moments;
  const Scalar* weight = nullptr;
  const Scalar* bias = nullptr;
  double epsilon = 1e-5;
  double scale = 1.0;
};

/// The moments of a batch: first the means, then the variances about them. Sums are made over
/// chunks cut by the size of the work and folded in their order, in double.
template <class Scalar>
void channel_moments(const Scalar* values, const Rows& rows, Scratch& scratch,
                     const Moments<Scalar>& moments);

template <class Scalar>
void normalise(const Scalar* values, const Rows& rows, const Normalisation<Scalar>& by,
               Scratch& scratch, Scalar* result);

/// Adds the gradients of weight and bias, and gives that of the values. With
/// xhat = (x - mean) / sqrt(variance + epsilon):
/// dL/dx = scale * weight / sqrt(variance + epsilon) * (g - mean(g) - xhat * mean(g * xhat)),
/// or without the two means if the moments are not the batch's.
///
/// @param of_batch whether the moments are those of `values`
/// @param input_gradient null if nobody needs it
template <class Scalar>
void normalise_backward(const Scalar* values, const Scalar* gradient, const Rows& rows,
                        const Normalisation<Scalar>& by, bool of_batch, Scratch& scratch,
                        Scalar* weight_gradient, Scalar* bias_gradient, Scalar* input_gradient);

/// Adds to `change` what running moments want: rate * (batch - running), the batch's variance
/// without bias, that is times population / (population - 1).
template <class Scalar>
void follow_moments(const Moments<const Scalar>& batch, const Moments<const Scalar>& running,
                    Index channels, Index population, double rate, const Moments<Scalar>& change);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/normalise.ipp>
#endif
