#pragma once

#include <snnbd/core/shape.hpp>

/// Whether values lie in a range, for checks of data: one read of each, up to the first that does
/// not; memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The place of the first value that is below `low`, above `high` or no number; `count` if there is
/// none.
Index first_outside(const float* values, Index count, float low, float high);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/within.ipp>
#endif
