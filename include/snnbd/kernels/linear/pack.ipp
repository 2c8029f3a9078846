#pragma once

#include <algorithm>
#include <bit>
#include <vector>

#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

template <class Scalar>
void unpack(SpikeView<const Word> spikes, Index first_sample, Index last_sample, Scalar* values) {
  constexpr int width = lanes::width<Scalar>;
  const Index frames = (last_sample - first_sample) * spikes.extent.steps;
  const int channels = spikes.shape.channels;
  const lanes::Batch<Scalar> on(static_cast<Scalar>(spikes.amplitude));
  const lanes::Batch<Scalar> off(Scalar{0});
  parallel_for(frames, [&](Index frame) {
    const Word* word = spikes.frame(first_sample) + frame * spikes.frame_words();
    Scalar* value = values + frame * spikes.shape.size();
    for (Index pixel = 0; pixel < spikes.shape.pixels(); ++pixel) {
      for (int channel = 0; channel < channels; channel += word_bits, ++word) {
        const int used = std::min(word_bits, channels - channel);
        for (int first = 0; first < used; first += width)
          lanes::store(value + first,
                       lanes::select(lanes::from_bits<Scalar>(*word >> first), on, off),
                       used - first);
        value += used;
      }
    }
  });
}

template <class Scalar>
void pack(RealView<const Scalar> values, SpikeView<Word> spikes) {
  const int channels = spikes.shape.channels;
  parallel_for(spikes.extent.frames(), [&](Index frame) {
    const Scalar* value = values.data + frame * values.frame_size();
    Word* word = spikes.words + frame * spikes.frame_words();
    for (Index pixel = 0; pixel < spikes.shape.pixels(); ++pixel) {
      for (int channel = 0; channel < channels; channel += word_bits) {
        const int used = std::min(word_bits, channels - channel);
        Word bits = 0;
        for (int bit = 0; bit < used; ++bit) bits |= Word{*value++ != Scalar{0}} << bit;
        *word++ = bits;
      }
    }
  });
}

SNNBD_INLINE std::int64_t count_spikes(SpikeView<const Word> spikes) {
  const Index frames = spikes.extent.frames();
  std::vector<std::int64_t> counts(static_cast<std::size_t>(frames));
  parallel_for(frames, [&](Index frame) {
    const Word* word = spikes.words + frame * spikes.frame_words();
    std::int64_t count = 0;
    for (Index i = 0; i < spikes.frame_words(); ++i) count += std::popcount(word[i]);
    counts[static_cast<std::size_t>(frame)] = count;
  });
  std::int64_t total = 0;
  for (const std::int64_t count : counts) total += count;
  return total;
}

SNNBD_INLINE void reshape_spikes(SpikeView<const Word> spikes, SpikeView<Word> reshaped) {
  parallel_for(spikes.extent.frames(), [&](Index frame) {
    const Word* word = spikes.words + frame * spikes.frame_words();
    Word* const target = reshaped.words + frame * reshaped.frame_words();
    std::fill_n(target, reshaped.frame_words(), Word{0});
    const int words = reshaped.pixel_words();
    const Index channels = reshaped.shape.channels;
    for (Index pixel = 0; pixel < spikes.shape.pixels(); ++pixel) {
      for (int w = 0; w < spikes.pixel_words(); ++w) {
        for (Word rest = *word++; rest != 0; rest &= rest - 1) {
          const Index unit = pixel * spikes.shape.channels + w * word_bits + std::countr_zero(rest);
          const Index channel = unit % channels;
          target[unit / channels * words + channel / word_bits] |= Word{1} << (channel % word_bits);
        }
      }
    }
  });
}

SNNBD_INLINE void mask_spikes(SpikeView<const Word> spikes, const Word* mask,
                              SpikeView<Word> kept) {
  const Index words = spikes.frame_words();
  parallel_for(spikes.extent.frames(), [&](Index frame) {
    const Word* from = spikes.words + frame * words;
    const Word* keep = mask + frame / spikes.extent.steps * words;
    Word* to = kept.words + frame * words;
    for (Index i = 0; i < words; ++i) to[i] = from[i] & keep[i];
  });
}

template <class Scalar>
void mask_values(RealView<const Scalar> values, const Word* mask, Scalar scale, Scalar* kept) {
  constexpr int width = lanes::width<Scalar>;
  const int channels = values.shape.channels;
  const Index frame_words = values.shape.pixels() * words_per_pixel(channels);
  const lanes::Batch<Scalar> on(scale);
  const lanes::Batch<Scalar> off(Scalar{0});
  parallel_for(values.extent.frames(), [&](Index frame) {
    const Word* word = mask + frame / values.extent.steps * frame_words;
    const Scalar* from = values.data + frame * values.frame_size();
    Scalar* to = kept + frame * values.frame_size();
    for (Index pixel = 0; pixel < values.shape.pixels(); ++pixel) {
      for (int channel = 0; channel < channels; channel += word_bits, ++word) {
        const int used = std::min(word_bits, channels - channel);
        for (int first = 0; first < used; first += width) {
          const auto factor = lanes::select(lanes::from_bits<Scalar>(*word >> first), on, off);
          lanes::store(to + first, lanes::load(from + first, used - first) * factor, used - first);
        }
        from += used;
        to += used;
      }
    }
  });
}

SNNBD_INLINE void draw_mask(std::uint64_t seed, std::uint64_t draw, std::uint16_t layer,
                            double keep, const Shape& shape, Index samples, Word* mask) {
  const Index frame_words = shape.pixels() * words_per_pixel(shape.channels);
  const auto limit = static_cast<std::uint64_t>(keep * 0x1p32);
  parallel_for(samples, [=](Index sample) {
    random::Stream stream{seed, random::Purpose::dropout,
                          (draw << 16U) + static_cast<std::uint64_t>(sample), layer};
    Word* word = mask + sample * frame_words;
    for (Index pixel = 0; pixel < shape.pixels(); ++pixel) {
      for (int channel = 0; channel < shape.channels; channel += word_bits) {
        Word bits = 0;
        for (int bit = 0; bit < std::min(word_bits, shape.channels - channel); ++bit)
          bits |= Word{stream.bits() < limit} << bit;
        *word++ = bits;
      }
    }
  });
}

#if defined(SNNBD_COMPILED)
#define SNNBD_INSTANTIATE(Scalar)                                             \
  template void unpack<Scalar>(SpikeView<const Word>, Index, Index, Scalar*); \
  template void pack<Scalar>(RealView<const Scalar>, SpikeView<Word>);        \
  template void mask_values<Scalar>(RealView<const Scalar>, const Word*, Scalar, Scalar*);
SNNBD_INSTANTIATE(float)
SNNBD_INSTANTIATE(double)
#undef SNNBD_INSTANTIATE
#endif

}  // namespace snnbd::inline SNNBD_ISA::kernels
