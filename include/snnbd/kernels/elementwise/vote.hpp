#pragma once

#include <snnbd/core/signal.hpp>

/// Means of groups of neighbouring channels, by which several units vote for one class. A task is a
/// frame. Spikes are taken off their words one by one and counted; values are added in their order.
/// Each is read once: memory bounds it, and it comes behind the last neurons, where there is
/// little.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The mean of each `group` neighbouring channels of each pixel: of spikes, the share of them that
/// fired times the amplitude.
///
/// @param group divides the number of channels
/// @param votes [frame, pixel, channel / group]
template <class Scalar>
void vote(RealView<const Scalar> values, Index group, Scalar* votes);
template <class Scalar>
void vote(SpikeView<const Word> spikes, Index group, Scalar* votes);

/// The gradient of `vote`: that of a group's mean, divided by `group`, for each of its channels.
///
/// @param count of the votes
template <class Scalar>
void vote_backward(const Scalar* gradient, Index count, Index group, Scalar* input_gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/vote.ipp>
#endif
