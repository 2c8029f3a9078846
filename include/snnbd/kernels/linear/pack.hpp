#pragma once

#include <cstdint>

#include <snnbd/core/signal.hpp>

/// Spikes as words of 64 units: unpacked, packed, counted, reshaped and masked. A word is one
/// register of the processor: counting is a popcount, masking an AND, and unpacking selects the
/// amplitude by the word's bits, a SIMD register at a time. Each value passes once and nothing is
/// used again, so that memory bounds it; unpacked floats take 32 times the bytes of their spikes.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Spikes as real values: the amplitude where a unit fired, zero elsewhere.
template <class Scalar>
void unpack(SpikeView<const Word> spikes, Index first_sample, Index last_sample, Scalar* values);

/// Real values as spikes: a bit wherever the value is not zero.
template <class Scalar>
void pack(RealView<const Scalar> values, SpikeView<Word> spikes);

/// The number of spikes.
std::int64_t count_spikes(SpikeView<const Word> spikes);

/// The share of the units that fired, over all samples and steps.
inline double density(SpikeView<const Word> spikes) {
  return static_cast<double>(count_spikes(spikes)) /
         static_cast<double>(spikes.extent.frames() * spikes.shape.size());
}

/// Gives the same units another shape of the same size, in the order of the memory.
void reshape_spikes(SpikeView<const Word> spikes, SpikeView<Word> reshaped);

/// Keeps the spikes of the units whose bit stands in the sample's mask.
///
/// @param mask [sample, frame words], the same at each step
void mask_spikes(SpikeView<const Word> spikes, const Word* mask, SpikeView<Word> kept);

/// values * scale where the unit's bit stands in the sample's mask, zero elsewhere.
template <class Scalar>
void mask_values(RealView<const Scalar> values, const Word* mask, Scalar scale, Scalar* kept);

/// Fills masks whose bits are 1 with probability `keep`, one for each unit of each sample.
///
/// @param draw distinguishes the draws of a run: a counter of the training steps
/// @param layer distinguishes the layers of a network
void draw_mask(std::uint64_t seed, std::uint64_t draw, std::uint16_t layer, double keep,
               const Shape& shape, Index samples, Word* mask);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/pack.ipp>
#endif
