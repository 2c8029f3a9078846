#pragma once

#include <algorithm>
#include <array>
#include <bit>

#include <snnbd/core/parallel.hpp>
#include <snnbd/kernels/linear/events.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

SNNBD_INLINE void list_rows(SpikeView<const Word> spikes, Index first, Index last,
                            const RowEvents& events) {
  const Index frames = (last - first) * spikes.extent.steps;
  const Index frame_words = spikes.frame_words();
  const int words = spikes.pixel_words();
  const Word* const base = spikes.frame(first);

  parallel_for(frames, [&](Index frame) {
    std::int32_t total = 0;
    const Word* word = base + frame * frame_words;
    for (Index i = 0; i < frame_words; ++i) total += std::popcount(word[i]);
    events.starts[static_cast<std::size_t>(frame * frame_words)] = total;
  });
  std::int32_t before = 0;
  for (Index frame = 0; frame < frames; ++frame) {
    auto& start = events.starts[static_cast<std::size_t>(frame * frame_words)];
    const std::int32_t total = start;
    start = before;
    before += total;
  }
  events.starts[static_cast<std::size_t>(frames * frame_words)] = before;

  parallel_for(frames, [&](Index frame) {
    const Word* word = base + frame * frame_words;
    std::int32_t* start = events.starts.data() + frame * frame_words;
    std::int32_t* const entries = events.entries.data();
    std::int32_t next = start[0];
    for (int y = 0; y < spikes.shape.height; ++y) {
      for (int x = 0; x < spikes.shape.width; ++x) {
        for (int w = 0; w < words; ++w) {
          *start++ = next;
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
  const Index words = spikes.pixel_words();
  const Index channels = spikes.shape.channels;
  // A quarter of a word at a time: enough tasks for several threads, few enough open lists.
  constexpr int together = word_bits / 4;
  parallel_for((channels + together - 1) / together, [&](Index task) {
    const Index first_channel = task * together;
    const Index used = std::min<Index>(together, channels - first_channel);
    const int shift = static_cast<int>(first_channel % word_bits);
    const Word mask = (Word{1} << together) - 1;
    std::int32_t* const entries = events.entries.data() + first_channel * events.capacity;
    std::array<std::int32_t, std::size_t{together}> counts{};
    const Word* word = spikes.words + first * spikes.frame_words() + first_channel / word_bits;
    for (Index frame = 0; frame < last - first; ++frame) {
      for (int y = 0; y < spikes.shape.height; ++y) {
        auto place = static_cast<std::int32_t>((frame * plane.height + y) * plane.width);
        for (int x = 0; x < spikes.shape.width; ++x, ++place, word += words) {
          for (Word rest = *word >> shift & mask; rest != 0; rest &= rest - 1) {
            const auto bit = static_cast<std::size_t>(std::countr_zero(rest));
            entries[static_cast<Index>(bit) * events.capacity + counts[bit]++] = place;
          }
        }
      }
    }
    std::copy_n(counts.begin(), used, events.counts.begin() + first_channel);
  });
}

}  // namespace snnbd::inline SNNBD_ISA::kernels
