#pragma once

#include <algorithm>

#include <snnbd/kernels/elementwise/within.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

SNNBD_INLINE Index first_outside(const float* values, Index count, float low, float high) {
  using Lanes = lanes::Batch<float>;
  constexpr Index width = lanes::width<float>;
  const Lanes lowest(low);
  const Lanes highest(high);
  // Both comparisons are false for what is no number.
  const auto within = [&](const float* from) {
    const Lanes value = Lanes::load_unaligned(from);
    return (value >= lowest) & (value <= highest);
  };
  Index place = 0;
  for (; place + 4 * width <= count; place += 4 * width) {
    const float* from = values + place;
    const auto all =
        within(from) & within(from + width) & within(from + 2 * width) & within(from + 3 * width);
    if (!xsimd::all(all)) break;
  }
  return std::find_if(values + place, values + count,
                      [=](float value) { return !(value >= low && value <= high); }) -
         values;
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
