#pragma once

#include <snnbd/core/shape.hpp>

/// Optimizer steps on flat vectors: one pass over memory, in registers. A register of gradient,
/// moments and weights is loaded, all of the step is computed, and moments and weights are written
/// back. Each value is touched once, a few operations on it: memory bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The constants of one SGD step with momentum, as PyTorch defines it:
/// g += decay * w; b = momentum * b + g; w -= rate * (nesterov ? g + momentum * b : b).
struct SgdStep {
  double rate = 0.01;
  double momentum = 0.0;
  double decay = 0.0;
  bool nesterov = false;
};

/// One step of SGD, in place.
///
/// @param velocity b, zeros before the first step
template <class Scalar>
void sgd_update(const SgdStep& step, Index count, const Scalar* gradient, Scalar* velocity,
                Scalar* weights);

/// The constants of one Adam step (Kingma and Ba 2015) with PyTorch's bias correction; with
/// `decoupled` the decay acts on the weights directly (AdamW, Loshchilov and Hutter 2019).
struct AdamStep {
  double rate = 1e-3;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double decay = 0.0;
  bool decoupled = false;
  Index number = 1;  ///< 1 at the first step
};

/// One step of Adam, in place.
///
/// @param mean, square the running means of the gradient and its square, zeros before the first
/// step
template <class Scalar>
void adam_update(const AdamStep& step, Index count, const Scalar* gradient, Scalar* mean,
                 Scalar* square, Scalar* weights);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/update.ipp>
#endif
