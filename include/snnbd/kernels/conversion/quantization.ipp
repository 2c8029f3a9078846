#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <snnbd/core/parallel_sum.hpp>
#include <snnbd/kernels/conversion/quantization.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

SNNBD_INLINE void add_quantization_errors(const float* values, Index count, const Quantization& by,
                                          std::span<const double> thresholds,
                                          std::span<double> errors) {
  const auto steps = static_cast<double>(by.steps);
  parallel_for(static_cast<Index>(thresholds.size()), [&](Index number) {
    const auto place = static_cast<std::size_t>(number);
    const double unit = thresholds[place] / steps;
    double sum = errors[place];
    for (Index i = 0; i < count; ++i) {
      const auto value = static_cast<double>(values[i]);
      const double spikes = std::clamp(std::floor(value / unit + by.start), 0.0, steps);
      const double off = value - unit * spikes;
      sum += off * off;
    }
    errors[place] = sum;
  });
}

SNNBD_INLINE double sum_above(const float* values, Index count, double threshold) {
  return parallel_sum(count, Index{1} << 16, [&](Index first, Index last) {
    double sum = 0.0;
    for (Index i = first; i < last; ++i)
      sum += std::max(static_cast<double>(values[i]) - threshold, 0.0);
    return sum;
  });
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
