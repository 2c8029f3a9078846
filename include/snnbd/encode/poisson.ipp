#pragma once

#include <limits>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/kernels/elementwise/spike_code.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

SNNBD_INLINE void Poisson::encode(RealView<const float> images,
                                  std::span<const std::uint64_t> sample_ids, SpikeView<Word> out,
                                  const Steps& steps) const {
  detail::check_views(images, sample_ids.size(), out.extent, out.shape);
  detail::check_steps(steps, out.extent);
  constexpr Index most_steps = Index{std::numeric_limits<std::uint16_t>::max()} + 1;
  if (steps.of(out.extent) > most_steps)
    reject("timesteps", "at most " + std::to_string(most_steps), steps.of(out.extent));
  check();
  for (const std::uint64_t sample_id : sample_ids)
    if (sample_id >> 48U != 0) reject("sample ids", "numbers below 2^48", sample_id);

  kernels::fire_at_random(images, scale, seed.value_or(1), sample_ids, steps.first, out);
}

}  // namespace snnbd::inline SNNBD_ISA::encode
