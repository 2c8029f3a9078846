#pragma once

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/elementwise/add.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
void add(const Scalar* values, Index count, Scalar* sums) {
  parallel_ranges(count, 1 << 15, [=](Index first, Index last) {
    for (Index i = first; i < last; ++i) sums[i] += values[i];
  });
}

namespace detail {

/// The frame of a view at a step of a sequence that it may be static in.
template <class View>
auto frame_at(const View& view, Index sample, Index step) {
  return view.frame(sample, view.extent.steps == 1 ? 0 : step);
}

}  // namespace detail

template <class Scalar>
void add_signals(RealView<const Scalar> first, RealView<const Scalar> second,
                 RealView<Scalar> result) {
  const Index steps = result.extent.steps;
  parallel_for(result.extent.frames(), [&](Index frame) {
    const Scalar* const a = detail::frame_at(first, frame / steps, frame % steps);
    const Scalar* const b = detail::frame_at(second, frame / steps, frame % steps);
    Scalar* const sum = result.frame(frame / steps, frame % steps);
    for (Index i = 0; i < result.frame_size(); ++i) sum[i] = a[i] + b[i];
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                   \
  template void add<Scalar>(const Scalar*, Index, Scalar*);                         \
  template void add_signals<Scalar>(RealView<const Scalar>, RealView<const Scalar>, \
                                    RealView<Scalar>);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
