#pragma once

#include <array>
#include <vector>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/elementwise/spike_code.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

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

/// Writes the words of one frame.
///
/// @param fires whether a unit does, called for one after another
template <class Fires>
void pack_frame(const Shape& shape, Word* word, Fires&& fires) {
  Index unit = 0;
  for (Index pixel = 0; pixel < shape.pixels(); ++pixel)
    for (Index first = 0; first < shape.channels; first += word_bits) {
      Word spikes = 0;
      const Index count = std::min<Index>(word_bits, shape.channels - first);
      for (Index bit = 0; bit < count; ++bit, ++unit) spikes |= Word{fires(unit)} << bit;
      *word++ = spikes;
    }
}

}  // namespace detail

SNNBD_INLINE void fire_at_random(const RealView<const float>& images, float scale,
                                 std::uint64_t seed, std::span<const std::uint64_t> sample_ids,
                                 Index first_step, const SpikeView<Word>& out) {
  parallel_for(out.extent.samples, [&](Index sample) {
    const float* image = images.frame(sample);
    for (Index step = 0; step < out.extent.steps; ++step) {
      detail::FrameDice dice{seed, sample_ids[static_cast<std::size_t>(sample)], first_step + step};
      detail::pack_frame(out.shape, out.frame(sample, step),
                         [&](Index unit) { return dice.fires(unit, scale * image[unit]); });
    }
  });
}

SNNBD_INLINE NoBit pack_frames(const RealView<const float>& samples, Index first_frame,
                               const SpikeView<Word>& out) {
  // Of several wrong samples the first is named, whichever thread meets which.
  std::vector<NoBit> wrong(static_cast<std::size_t>(out.extent.samples));
  parallel_for(out.extent.samples, [&](Index sample) {
    NoBit& found = wrong[static_cast<std::size_t>(sample)];
    for (Index step = 0; step < out.extent.steps; ++step) {
      const float* values = samples.frame(sample, first_frame + step);
      detail::pack_frame(out.shape, out.frame(sample, step), [&](Index unit) {
        const float value = values[unit];
        if (value != 0.0F && value != 1.0F && found.sample < 0) found = {sample, value};
        return value == 1.0F;
      });
    }
  });
  for (const NoBit& found : wrong)
    if (found.sample >= 0) return found;
  return {};
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
