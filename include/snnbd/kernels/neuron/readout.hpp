#pragma once

#include <snnbd/core/signal.hpp>

/// From a sequence to one value for each unit, and back; rectifiers. Steps are added one after
/// another, so that windows do not show in the sums; spikes are counted bit by bit and weighed at
/// the end. A task is a sample, whose sums stay in cache while its steps pass by. Each value is
/// read once: memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// scale * sum over the steps, [sample, unit].
template <class Scalar>
void sum_over_time(RealView<const Scalar> values, Scalar scale, Scalar* sums);
template <class Scalar>
void sum_over_time(SpikeView<const Word> spikes, Scalar scale, Scalar* sums);

/// The same for a sequence that comes window by window. Steps are added one after another, so that
/// it does not matter where windows end.
///
/// @param continues whether to go on from `sums`, which are at 0 else
/// @param sums [sample, unit] of the steps so far: of values, or how many spikes there were
/// @param scaled scale * sum over the steps so far; may be `sums` if no other window follows
template <class Scalar>
void sum_window(RealView<const Scalar> values, bool continues, Scalar scale, Scalar* sums,
                Scalar* scaled);
template <class Scalar>
void sum_window(SpikeView<const Word> spikes, bool continues, Scalar scale, Scalar* sums,
                Scalar* scaled);

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
#include <snnbd/kernels/neuron/readout.ipp>
#endif
