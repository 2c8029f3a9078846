#pragma once

#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/encode/encoder.hpp>

namespace snnbd::inline SNNBD_ISA::encode::detail {

SNNBD_INLINE void check_views(const RealView<const float>& images, std::size_t sample_ids,
                              const Extent& extent, Shape shape) {
  if (images.extent.steps != 1) reject("images to encode", "one step", images.extent.steps);
  if (extent.steps < 1) reject("timesteps", "at least 1", extent.steps);
  if (images.shape != shape) reject("images to encode", to_string(shape), to_string(images.shape));
  if (images.extent.samples != extent.samples)
    reject("images to encode", std::to_string(extent.samples) + " samples", images.extent.samples);
  if (sample_ids != static_cast<std::size_t>(extent.samples))
    reject("sample ids", std::to_string(extent.samples), sample_ids);
}

SNNBD_INLINE void check_steps(const Steps& steps, const Extent& extent) {
  if (steps.first < 0) reject("first step", "at least 0", steps.first);
  if (steps.of(extent) < steps.first + extent.steps)
    reject("timesteps", "at least " + std::to_string(steps.first + extent.steps), steps.total);
}

}  // namespace snnbd::inline SNNBD_ISA::encode::detail
