#pragma once

#include <cstdint>

#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/elementwise/pool.hpp>

/// Max pooling of rates by a gate. Each output listens to one unit of its window at each step: the
/// one with the largest total of all steps up to this one, the first of equals. What that unit
/// gives at the step passes.
///
/// Totals of a sample lie in a thread's own cache. Of spikes only units that fire are looked at:
/// they count up, and then each is compared with the unit that its window listens to. So time goes
/// with the number of spikes, but for one look at each word.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The totals of all units, [sample, pixel, channel], if the steps are a window of a longer
/// sequence.
template <class Total>
struct GateTotals {
  const Total* before = nullptr;  ///< those at the window's beginning; null for zeros
  Total* after = nullptr;  ///< where those at its end are kept; may be null or the same place
};

/// What a gate lets through of spikes.
///
/// @param out packed spikes, [sample, step, pixel, word]; every word is written
void gated_max_pool(SpikeView<const Word> in, const Window& window,
                    const GateTotals<std::int32_t>& totals, SpikeView<Word> out);

/// What a gate lets through of values.
template <class Scalar>
void gated_max_pool(RealView<const Scalar> in, const Window& window,
                    const GateTotals<Scalar>& totals, Scalar* out);

/// The gradient of each output goes to the unit that it listened to at the step, whether it fired
/// or not; the choice itself has none. For whole sequences.
template <class Scalar>
void gated_max_pool_backward(SpikeView<const Word> in, const Window& window,
                             const Scalar* output_gradient, Scalar* input_gradient);
template <class Scalar>
void gated_max_pool_backward(RealView<const Scalar> in, const Window& window,
                             const Scalar* output_gradient, Scalar* input_gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/pool_gate.ipp>
#endif
