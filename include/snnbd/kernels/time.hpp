#pragma once

#include <snnbd/core/signal.hpp>

/// From a sequence to one value and back.
namespace snnbd::inline SNNBD_ISA::kernels {

/// scale * sum over the steps, [sample, unit].
template <class Scalar>
void sum_over_time(RealView<const Scalar> values, Scalar scale, Scalar* sums);
template <class Scalar>
void sum_over_time(SpikeView<const Word> spikes, Scalar scale, Scalar* sums);

/// The gradient of sum_over_time: scale * gradient at each step.
template <class Scalar>
void spread_over_time(const Scalar* gradient, const Extent& extent, Index units, Scalar scale,
                      Scalar* spread);

/// max(x, 0), and its gradient where the result is positive.
template <class Scalar>
void relu(const Scalar* values, Index count, Scalar* result);
template <class Scalar>
void relu_backward(const Scalar* result, const Scalar* gradient, Index count,
                   Scalar* input_gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/time.ipp>
#endif
