#pragma once

#include <cstdint>
#include <span>

#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/linear/geometry.hpp>

/// Lists of events, from words of spikes. A word waits in a register while its bits are taken off
/// one by one. Lists are made for a group of samples at a time, so that they stay small however
/// large the batch is. Their cost follows the number of words and events, not the number of taps or
/// outputs that will use them. Rows: each frame is counted first, so that all frames are listed in
/// parallel.
namespace snnbd::inline SNNBD_ISA::kernels {

/// The events of some frames in the order of an image row: entry = x * channels + channel, so that
/// the taps of one kernel row are one contiguous run of the list and of the weights.
struct RowEvents {
  /// [frame, y, x, word of 64 channels] -> first entry; one past the end closes it
  std::span<std::int32_t> starts;
  std::span<std::int32_t> entries;  ///< room for every unit of every frame
};

/// Lists the events of the samples `first` to `last` of a batch.
void list_rows(SpikeView<const Word> spikes, Index first, Index last, const RowEvents& events);

/// The events of some frames channel by channel: where on their gradient planes each one stands, as
/// a place (frame * plane height + y) * plane width + x.
struct ChannelEvents {
  std::span<std::int32_t> counts;   ///< [channel]
  std::span<std::int32_t> entries;  ///< [channel, capacity]
  Index capacity = 0;               ///< at least the pixels of all frames
};

/// Lists the events of the frames `first` to `last` of a batch by channel, for the weight gradient.
void list_channels(SpikeView<const Word> spikes, Index first, Index last,
                   const ConvGeometry& geometry, const ChannelEvents& events);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/linear/events.ipp>
#endif
