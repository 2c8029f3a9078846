#pragma once

#include <algorithm>
#include <bit>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/events.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

SNNBD_INLINE void list_rows(SpikeView<const Word> spikes, Index first, Index last,
                            const RowEvents& events) {
  const Index frames = (last - first) * spikes.extent.steps;
  const Index frame_words = spikes.frame_words();
  const Index pixels = spikes.shape.pixels();
  const int words = spikes.pixel_words();
  const Word* const base = spikes.frame(first);

  parallel_for(frames, [&](Index frame) {
    std::int32_t total = 0;
    const Word* word = base + frame * frame_words;
    for (Index i = 0; i < frame_words; ++i) total += std::popcount(word[i]);
    events.starts[static_cast<std::size_t>(frame * pixels)] = total;
  });
  std::int32_t before = 0;
  for (Index frame = 0; frame < frames; ++frame) {
    auto& start = events.starts[static_cast<std::size_t>(frame * pixels)];
    const std::int32_t total = start;
    start = before;
    before += total;
  }
  events.starts[static_cast<std::size_t>(frames * pixels)] = before;

  parallel_for(frames, [&](Index frame) {
    const Word* word = base + frame * frame_words;
    std::int32_t* start = events.starts.data() + frame * pixels;
    std::int32_t* const entries = events.entries.data();
    std::int32_t next = start[0];
    for (int y = 0; y < spikes.shape.height; ++y) {
      for (int x = 0; x < spikes.shape.width; ++x) {
        *start++ = next;
        for (int w = 0; w < words; ++w) {
          const int unit = x * spikes.shape.channels + w * word_bits;
          for (Word rest = *word++; rest != 0; rest &= rest - 1)
            entries[next++] = unit + std::countr_zero(rest);
        }
      }
    }
  });
}

SNNBD_INLINE void list_channels(SpikeView<const Word> spikes, Index first, Index last,
                                const ConvGeometry& geometry, const ChannelEvents& events) {
  const Shape plane = geometry.plane();
  const int words = spikes.pixel_words();
  const Index channels = spikes.shape.channels;
  const Index capacity = spikes.extent.steps * spikes.shape.pixels();
  parallel_for(last - first, [&](Index sample) {
    std::int32_t* const counts = events.counts.data() + sample * channels;
    std::int32_t* const entries = events.entries.data() + sample * channels * capacity;
    std::fill_n(counts, channels, 0);
    const Word* word = spikes.frame(first + sample);
    for (Index step = 0; step < spikes.extent.steps; ++step) {
      for (int y = 0; y < spikes.shape.height; ++y) {
        for (int x = 0; x < spikes.shape.width; ++x) {
          const auto place = static_cast<std::int32_t>(
              ((step * plane.height + y) * plane.width + x) * plane.channels);
          for (int w = 0; w < words; ++w) {
            for (Word rest = *word++; rest != 0; rest &= rest - 1) {
              const Index channel = w * word_bits + std::countr_zero(rest);
              entries[channel * capacity + counts[channel]++] = place;
            }
          }
        }
      }
    }
  });
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
