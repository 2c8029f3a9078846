#pragma once

#include <cmath>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/update.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

/// Calls `body(offset, lanes)` for consecutive registers of a flat vector.
template <class Scalar, class Body>
void for_each_register(Index count, const Body& body) {
  constexpr Index grain = 32768;
  constexpr Index width = lanes::width<Scalar>;
  parallel_ranges(count, grain, [&](Index first, Index last) {
    for (Index i = first; i < last; i += width)
      body(i, static_cast<int>(std::min(width, last - i)));
  });
}

}  // namespace detail

template <class Scalar>
void sgd_update(const SgdStep& step, Index count, const Scalar* gradient, Scalar* velocity,
                Scalar* weights) {
  using Batch = lanes::Batch<Scalar>;
  const auto rate = static_cast<Scalar>(step.rate);
  const auto momentum = static_cast<Scalar>(step.momentum);
  const auto decay = static_cast<Scalar>(step.decay);
  detail::for_each_register<Scalar>(count, [&](Index i, int used) {
    const Batch weight = lanes::load(weights + i, used);
    const Batch slope = xsimd::fma(Batch(decay), weight, lanes::load(gradient + i, used));
    Batch direction = slope;
    if (step.momentum != 0.0) {
      direction = xsimd::fma(Batch(momentum), lanes::load(velocity + i, used), slope);
      lanes::store(velocity + i, direction, used);
      if (step.nesterov) direction = xsimd::fma(Batch(momentum), direction, slope);
    }
    lanes::store(weights + i, xsimd::fnma(Batch(rate), direction, weight), used);
  });
}

template <class Scalar>
void adam_update(const AdamStep& step, Index count, const Scalar* gradient, Scalar* mean,
                 Scalar* square, Scalar* weights) {
  using Batch = lanes::Batch<Scalar>;
  const auto number = static_cast<double>(step.number);
  const auto rate = static_cast<Scalar>(step.rate / (1.0 - std::pow(step.beta1, number)));
  const auto correction = static_cast<Scalar>(1.0 / std::sqrt(1.0 - std::pow(step.beta2, number)));
  const auto beta1 = static_cast<Scalar>(step.beta1);
  const auto beta2 = static_cast<Scalar>(step.beta2);
  const auto fresh1 = static_cast<Scalar>(1.0 - step.beta1);
  const auto fresh2 = static_cast<Scalar>(1.0 - step.beta2);
  const auto epsilon = static_cast<Scalar>(step.epsilon);
  const auto coupled = static_cast<Scalar>(step.decoupled ? 0.0 : step.decay);
  const auto shrink = static_cast<Scalar>(step.decoupled ? 1.0 - step.rate * step.decay : 1.0);
  detail::for_each_register<Scalar>(count, [&](Index i, int used) {
    const Batch weight = lanes::load(weights + i, used);
    const Batch slope = xsimd::fma(Batch(coupled), weight, lanes::load(gradient + i, used));
    const Batch first =
        xsimd::fma(Batch(fresh1), slope, Batch(beta1) * lanes::load(mean + i, used));
    const Batch second =
        xsimd::fma(Batch(fresh2) * slope, slope, Batch(beta2) * lanes::load(square + i, used));
    const Batch scale = xsimd::sqrt(second) * Batch(correction) + Batch(epsilon);
    lanes::store(mean + i, first, used);
    lanes::store(square + i, second, used);
    lanes::store(weights + i, Batch(shrink) * weight - Batch(rate) * first / scale, used);
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                            \
  template void sgd_update<Scalar>(const SgdStep&, Index, const Scalar*, Scalar*, Scalar*);  \
  template void adam_update<Scalar>(const AdamStep&, Index, const Scalar*, Scalar*, Scalar*, \
                                    Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
