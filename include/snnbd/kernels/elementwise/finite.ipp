#pragma once

#include <algorithm>

#include <snnbd/core/parallel_sum.hpp>
#include <snnbd/kernels/elementwise/finite.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
bool all_finite(const Scalar* values, Index count) {
  constexpr Index grain = Index{1} << 16;
  constexpr Index width = lanes::width<Scalar>;
  const double parts_with_others = parallel_sum(count, grain, [&](Index first, Index last) {
    lanes::Batch<Scalar> sum(Scalar{0});
    for (Index i = first; i < last; i += width) {
      // 0 for a number, not a number for all else, which no sum takes back.
      const auto value = lanes::load(values + i, static_cast<int>(std::min(width, last - i)));
      sum += value - value;  // NOLINT(misc-redundant-expression)
    }
    return xsimd::hadd(sum) == Scalar{0} ? 0.0 : 1.0;
  });
  return parts_with_others == 0.0;
}

#if defined(SNNBD_COMPILED)
template bool all_finite<float>(const float*, Index);
template bool all_finite<double>(const double*, Index);
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
