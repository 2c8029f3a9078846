#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/conversion/rate_error.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

namespace detail {

inline void add_pair(double value, double scale, double spikes, const Quantization& by,
                     RateErrors& sums) {
  const auto steps = static_cast<double>(by.steps);
  const double activation = value / scale;
  const double rate = spikes / steps;
  const double limited = std::min(activation, 1.0);
  const double levels = std::clamp(std::floor(limited * steps + by.start), 0.0, steps);
  const double off = value - scale * rate;
  ++sums.count;
  if (activation > 1.0) ++sums.clipped;
  sums.activation.add(activation);
  sums.rate.add(rate);
  sums.error.add(activation - rate);
  sums.clipping.add(activation - limited);
  sums.quantization.add(limited - levels / steps);
  sums.residual.add((levels - spikes) / steps);
  sums.real_activation += value * value;
  sums.real_error += off * off;
  constexpr auto last = static_cast<double>(RateErrors::bins - 1);
  RateBin& bin = sums.curve[static_cast<std::size_t>(
      activation > 1.0 ? last : std::ceil(std::max(activation, 0.0) * (last - 1.0)))];
  ++bin.count;
  bin.activation += activation;
  bin.rate += rate;
}

}  // namespace detail

SNNBD_INLINE RateErrors& RateErrors::operator+=(const RateErrors& other) {
  count += other.count;
  clipped += other.clipped;
  activation += other.activation;
  rate += other.rate;
  error += other.error;
  clipping += other.clipping;
  quantization += other.quantization;
  residual += other.residual;
  real_activation += other.real_activation;
  real_error += other.real_error;
  for (std::size_t i = 0; i < bins; ++i) {
    curve[i].count += other.curve[i].count;
    curve[i].activation += other.curve[i].activation;
    curve[i].rate += other.curve[i].rate;
  }
  return *this;
}

SNNBD_INLINE void add_rate_errors(const float* activations, const float* spikes, Index samples,
                                  Index units, const Quantization& by,
                                  std::span<const double> scales, RateErrors& sums) {
  std::vector<RateErrors> parts(static_cast<std::size_t>(samples));
  const auto width = static_cast<Index>(scales.size());
  parallel_for(samples, [&](Index sample) {
    RateErrors part;
    for (Index first = sample * units; first < (sample + 1) * units; first += width)
      for (Index i = 0; i < width; ++i)
        detail::add_pair(static_cast<double>(activations[first + i]),
                         scales[static_cast<std::size_t>(i)],
                         static_cast<double>(spikes[first + i]), by, part);
    parts[static_cast<std::size_t>(sample)] = part;
  });
  for (const RateErrors& part : parts) sums += part;
}

SNNBD_INLINE void mark_positive(const float* values, Index samples, std::span<std::uint8_t> marks) {
  const auto units = static_cast<Index>(marks.size());
  parallel_ranges(units, 1 << 12, [&](Index first, Index last) {
    for (Index sample = 0; sample < samples; ++sample)
      for (Index i = first; i < last; ++i)
        if (values[sample * units + i] > 0.0F) marks[static_cast<std::size_t>(i)] = 1;
  });
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
