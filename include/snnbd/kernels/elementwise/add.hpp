#pragma once

#include <snnbd/core/signal.hpp>

/// Sums of whole vectors and signals: one addition for each two values read and one written, in
/// ranges that threads share. Nothing is used again; memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// sums[i] += values[i]
template <class Scalar>
void add(const Scalar* values, Index count, Scalar* sums);

/// first + second. A view of one step counts as the same at each step of the result, which may be
/// one of the two.
template <class Scalar>
void add_signals(RealView<const Scalar> first, RealView<const Scalar> second,
                 RealView<Scalar> result);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/add.ipp>
#endif
