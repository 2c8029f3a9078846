#pragma once

#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/encode/encoder.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

SNNBD_INLINE Index FrameRule::steps(std::string_view set, int frames, Index timesteps,
                                    bool given) const {
  if (!passes && frames != 1)
    reject("samples of " + std::string{set} + " for the encoder " + std::string{encoder},
           "images, which have one frame; encode::Frames takes more",
           std::to_string(frames) + " frames");
  if (passes && given && timesteps != frames)
    reject("timesteps", std::to_string(frames) + ", the frames of a sample of " + std::string{set},
           timesteps);
  return passes ? Index{frames} : timesteps;
}

namespace detail {

SNNBD_INLINE void check_views(const RealView<const float>& images, std::size_t sample_ids,
                              const Extent& extent, Shape shape) {
  if (images.extent.steps != 1)
    reject("images to encode", "one frame; encode::Frames takes more", images.extent.steps);
  check_samples(images, sample_ids, extent, shape);
}

SNNBD_INLINE void check_samples(const RealView<const float>& images, std::size_t sample_ids,
                                const Extent& extent, Shape shape) {
  if (extent.steps < 1) reject("timesteps", "at least 1", extent.steps);
  if (images.shape != shape) reject("images to encode", to_string(shape), to_string(images.shape));
  if (images.extent.samples != extent.samples)
    reject("images to encode", std::to_string(extent.samples) + " samples", images.extent.samples);
  if (sample_ids != static_cast<std::size_t>(extent.samples))
    reject("sample ids", std::to_string(extent.samples), sample_ids);
}

SNNBD_INLINE void check_frames(const RealView<const float>& samples, std::size_t sample_ids,
                               const Extent& extent, Shape shape, const Steps& steps) {
  check_samples(samples, sample_ids, extent, shape);
  check_steps(steps, extent);
  if (steps.of(extent) != samples.extent.steps)
    reject("timesteps", std::to_string(samples.extent.steps) + ", the frames of a sample",
           steps.of(extent));
}

SNNBD_INLINE void check_steps(const Steps& steps, const Extent& extent) {
  if (steps.first < 0) reject("first step", "at least 0", steps.first);
  if (steps.of(extent) < steps.first + extent.steps)
    reject("timesteps", "at least " + std::to_string(steps.first + extent.steps), steps.total);
}

}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::encode
