#pragma once

#include <algorithm>
#include <cmath>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/encode/latency.hpp>
#include <snnbd/kernels/elementwise/spike_code.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

SNNBD_INLINE void Latency::check() const {
  require_part("latency threshold", threshold);
  require_positive("latency tau", tau);
  if (form == Form::logarithmic && threshold == 0.0F)
    reject("latency threshold", "a number above 0 for the logarithmic form", threshold);
}

SNNBD_INLINE Index Latency::spike_time(float value, Index steps) const {
  if (!(value > threshold)) return -1;
  const double brightness = std::min(value, 1.0F);
  const auto last = static_cast<double>(steps - 1);
  const double time = form == Form::linear
                          ? last * (1.0 - brightness)
                          : tau * std::log(brightness / (brightness - double{threshold}));
  return static_cast<Index>(std::round(std::clamp(time, 0.0, last)));
}

SNNBD_INLINE void Latency::encode(RealView<const float> images,
                                  std::span<const std::uint64_t> sample_ids, SpikeView<Word> out,
                                  const Steps& steps) const {
  detail::check_views(images, sample_ids.size(), out.extent, out.shape);
  detail::check_steps(steps, out.extent);
  check();
  const Index whole = steps.of(out.extent);
  kernels::fire_once(images, out,
                     [&](float value) { return spike_time(value, whole) - steps.first; });
}

}  // namespace snnbd::inline SNNBD_ISA::encode
