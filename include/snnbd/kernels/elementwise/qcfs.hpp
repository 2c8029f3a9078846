#pragma once

#include <snnbd/core/shape.hpp>

/// Activations with levels, for networks that are to be converted. A few operations for each value
/// that is read and written; the limit's gradient is summed in chunks, in double. Memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Quantization, clip and floor: y = limit * clip(floor(x L / limit + 1/2) / L, 0, 1) (Bu et al.
/// 2022, Eq. 12).
template <class Scalar>
void qcfs(const Scalar* values, Index count, Scalar limit, int levels, Scalar* result);

/// Its gradients with the floor passed straight through: dy/dx = 1 where 0 < x < limit, and
/// dy/dlimit = y / limit, less x / limit where 0 < x < limit. Sums are made in chunks cut by the
/// size of the work and folded in their order, in double.
///
/// @param input_gradient null if nobody needs it
/// @returns the gradient of the limit
template <class Scalar>
Scalar qcfs_backward(const Scalar* values, const Scalar* result, const Scalar* gradient,
                     Index count, Scalar limit, Scalar* input_gradient);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/qcfs.ipp>
#endif
