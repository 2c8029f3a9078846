#pragma once

#include <span>

#include <snnbd/core/shape.hpp>

/// Softmax, cross entropy and the largest value of each row. A row has as many values as there are
/// classes and stays in the first cache; its sums are kept in double. Exponentials bound it. Rows
/// are few, one for each sample or step, so that nothing was done for its speed.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Cross entropy of softmax(logits) against labels, with weights, and its gradient.
///
/// @param logits [row, class]
/// @param labels one for each row, 0 to classes - 1
/// @param weights what each row counts in the sum
/// @param gradient [row, class]: weight * (softmax - one-hot); may alias nothing
/// @returns the weighted sum of -ln softmax[label]
template <class Scalar>
double softmax_cross_entropy(const Scalar* logits, std::span<const int> labels,
                             std::span<const double> weights, int classes, Scalar* gradient);

/// The first of the largest values of each row.
template <class Scalar>
void first_largest(const Scalar* rows, int classes, std::span<int> result);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/softmax.ipp>
#endif
