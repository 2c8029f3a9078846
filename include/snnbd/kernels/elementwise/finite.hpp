#pragma once

#include <snnbd/core/shape.hpp>

/// Whether values are numbers, for checks of parameters and of training's state. A value less
/// itself is 0, or no number for all else; such differences are summed in a register. One read of
/// each value: memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Whether all values are numbers, none of them infinite.
template <class Scalar>
bool all_finite(const Scalar* values, Index count);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/finite.ipp>
#endif
