#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <string>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/encode/poisson.hpp>

namespace snnbd::inline SNNBD_ISA::encode {

namespace detail {

/// The units of one frame compared with their random numbers.
class FrameDice {
 public:
  FrameDice(std::uint64_t seed, std::uint64_t sample, Index step)
      : seed_{seed}, sample_{sample}, step_{static_cast<std::uint16_t>(step)} {}

  /// Whether `unit` fires with this probability. Most pixels of a digit are blank, and a number
  /// that is not needed is not drawn.
  bool fires(Index unit, float probability) {
    if (!(probability > 0.0F)) return false;
    if (probability >= 1.0F) return true;
    if (unit / 4 != drawn_) {
      drawn_ = unit / 4;
      block_ = random::philox(seed_, random::Purpose::encode, sample_, step_,
                              static_cast<std::uint32_t>(drawn_));
    }
    const std::uint32_t bits = block_[static_cast<std::size_t>(unit % 4)];
    return static_cast<float>(bits >> 8U) * 0x1p-24F < probability;
  }

 private:
  std::uint64_t seed_;
  std::uint64_t sample_;
  std::uint16_t step_;
  Index drawn_ = -1;
  std::array<std::uint32_t, 4> block_{};
};

}  // namespace detail

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

  const Index channels = out.shape.channels;
  parallel_for(out.extent.samples, [&](Index sample) {
    const float* image = images.frame(sample);
    for (Index step = 0; step < out.extent.steps; ++step) {
      detail::FrameDice dice{seed.value_or(1), sample_ids[static_cast<std::size_t>(sample)],
                             steps.first + step};
      Word* word = out.frame(sample, step);
      Index unit = 0;
      for (Index pixel = 0; pixel < out.shape.pixels(); ++pixel)
        for (Index first = 0; first < channels; first += word_bits) {
          Word spikes = 0;
          const Index count = std::min<Index>(word_bits, channels - first);
          for (Index bit = 0; bit < count; ++bit, ++unit)
            spikes |= Word{dice.fires(unit, scale * image[unit])} << bit;
          *word++ = spikes;
        }
    }
  });
}

}  // namespace snnbd::inline SNNBD_ISA::encode
