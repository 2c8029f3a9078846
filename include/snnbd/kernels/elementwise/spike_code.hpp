#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/signal.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

// From values to packed spikes, a thread for each sample: 64 channels of a pixel are collected in a
// register and written as one word. What bounds rate coding are the random numbers, of which those
// that decide nothing are not drawn; the others are bound by memory.

/// Lets each unit fire at each step with the probability scale * value, clipped to [0, 1].
///
/// @param images [sample, 1, height, width, channel]
/// @param out all its words are written
/// @param seed, sample_ids, first_step what random numbers follow from, besides the unit
void fire_at_random(const RealView<const float>& images, float scale, std::uint64_t seed,
                    std::span<const std::uint64_t> sample_ids, Index first_step,
                    const SpikeView<Word>& out);

/// Lets each unit fire at most once.
///
/// @param images [sample, 1, height, width, channel]
/// @param out all its words are written; spikes at other steps are left out
/// @param time_of gives the step for a value, counted from the first of `out`
template <class TimeOf>
void fire_once(const RealView<const float>& images, const SpikeView<Word>& out,
               const TimeOf& time_of) {
  const Index channels = out.shape.channels;
  const Index frame_words = out.frame_words();
  parallel_for(out.extent.samples, [&](Index sample) {
    Word* words = out.frame(sample);
    std::fill(words, words + out.extent.steps * frame_words, Word{0});
    const float* value = images.frame(sample);
    for (Index pixel = 0; pixel < out.shape.pixels(); ++pixel)
      for (Index channel = 0; channel < channels; ++channel) {
        const Index step = time_of(*value++);
        if (step < 0 || step >= out.extent.steps) continue;
        words[step * frame_words + pixel * out.pixel_words() + channel / word_bits] |=
            Word{1} << (channel % word_bits);
      }
  });
}

/// A value that is neither 0 nor 1.
struct NoBit {
  Index sample = -1;  ///< -1 if there is none
  float value = 0.0F;
};

/// Packs frames of 0 and 1 into spikes.
///
/// @param samples [sample, frame, height, width, channel]
/// @param first_frame the frame that is the first step of `out`
/// @param out all its words are written
/// @returns the first value, in the order of the samples, that is neither
NoBit pack_frames(const RealView<const float>& samples, Index first_frame,
                  const SpikeView<Word>& out);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/elementwise/spike_code.ipp>
#endif
