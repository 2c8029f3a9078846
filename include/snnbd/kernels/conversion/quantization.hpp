#pragma once

#include <span>

#include <snnbd/core/shape.hpp>

/// The error that rounding and clipping make, for normalizers that search for a threshold. Each
/// candidate is a task: its sum stays in a register, in double, while all values pass by, one
/// division and one floor for each. Values are shared by all tasks. Arithmetic bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// How neurons round an activation.
struct Quantization {
  Index steps = 1;
  double start = 0.0;  ///< of the membrane, in thresholds
};

/// Adds, for each threshold, the squared error of what neurons with soft reset make of constant
/// currents: the sum of (a - q(a))^2, q(a) = threshold / T * clip(floor(a T / threshold + start),
/// 0, T). Threshold by threshold on threads of their own, in the order of the values.
void add_quantization_errors(const float* values, Index count, const Quantization& by,
                             std::span<const double> thresholds, std::span<double> errors);

/// The sum of max(value - threshold, 0): what a threshold clips. In double, chunk by chunk in their
/// order.
double sum_above(const float* values, Index count, double threshold);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/conversion/quantization.ipp>
#endif
