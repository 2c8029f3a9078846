#pragma once

#include <algorithm>
#include <cmath>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/encode/latency.hpp>

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
  const Index channels = out.shape.channels;
  const Index frame_words = out.frame_words();
  parallel_for(out.extent.samples, [&](Index sample) {
    Word* words = out.frame(sample);
    std::fill(words, words + out.extent.steps * frame_words, Word{0});
    const float* value = images.frame(sample);
    for (Index pixel = 0; pixel < out.shape.pixels(); ++pixel)
      for (Index channel = 0; channel < channels; ++channel) {
        const Index step = spike_time(*value++, steps.of(out.extent)) - steps.first;
        if (step < 0 || step >= out.extent.steps) continue;
        words[step * frame_words + pixel * out.pixel_words() + channel / word_bits] |=
            Word{1} << (channel % word_bits);
      }
  });
}

}  // namespace snnbd::inline SNNBD_ISA::encode
