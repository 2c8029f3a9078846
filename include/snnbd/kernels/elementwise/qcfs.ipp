#pragma once

#include <algorithm>
#include <cmath>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/parallel_sum.hpp>
#include <snnbd/kernels/elementwise/qcfs.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
void qcfs(const Scalar* values, Index count, Scalar limit, int levels, Scalar* result) {
  const auto steps = static_cast<Scalar>(levels);
  parallel_ranges(count, 1 << 15, [=](Index first, Index last) {
    for (Index i = first; i < last; ++i) {
      const Scalar level = std::floor(values[i] / limit * steps + Scalar(0.5));
      result[i] = limit * std::clamp(level / steps, Scalar{0}, Scalar{1});
    }
  });
}

template <class Scalar>
Scalar qcfs_backward(const Scalar* values, const Scalar* result, const Scalar* gradient,
                     Index count, Scalar limit, Scalar* input_gradient) {
  const double sum = parallel_sum(count, Index{1} << 15, [&](Index first, Index last) {
    double part = 0.0;
    for (Index i = first; i < last; ++i) {
      const bool inside = values[i] > Scalar{0} && values[i] < limit;
      const Scalar passed = inside ? values[i] : Scalar{0};
      part += static_cast<double>(gradient[i] * (result[i] - passed) / limit);
      if (input_gradient != nullptr) input_gradient[i] = inside ? gradient[i] : Scalar{0};
    }
    return part;
  });
  return static_cast<Scalar>(sum);
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                                           \
  template void qcfs<Scalar>(const Scalar*, Index, Scalar, int, Scalar*);                   \
  template Scalar qcfs_backward<Scalar>(const Scalar*, const Scalar*, const Scalar*, Index, \
                                        Scalar, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
