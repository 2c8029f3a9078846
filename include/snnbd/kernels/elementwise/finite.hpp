#pragma once

#include <snnbd/core/shape.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

/// Whether all values are numbers, none of them infinite.
template <class Scalar>
bool all_finite(const Scalar* values, Index count);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/finite.ipp>
#endif
