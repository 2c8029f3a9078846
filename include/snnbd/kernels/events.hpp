#pragma once

#include <cstdint>
#include <span>

#include <snnbd/core/signal.hpp>
#include <snnbd/kernels/geometry.hpp>

namespace snnbd::inline SNNBD_ISA::kernels {

/// The events of some frames in the order of an image row: entry = x * channels + channel, so that
/// the taps of one kernel row are one contiguous run of the list and of the weights.
struct RowEvents {
  std::span<std::int32_t> starts;   ///< [frame, y, x] -> first entry; one past the end closes it
  std::span<std::int32_t> entries;  ///< room for every unit of every frame
};

/// Lists the events of the samples `first` to `last` of a batch.
void list_rows(SpikeView<const Word> spikes, Index first, Index last, const RowEvents& events);

/// The events of one sample channel by channel: where on the gradient plane each one stands.
struct ChannelEvents {
  std::span<std::int32_t> counts;   ///< [sample, channel]
  std::span<std::int32_t> entries;  ///< [sample, channel, step * pixels]: offsets into the plane
};

/// Lists the events of the samples `first` to `last` by channel, for the weight gradient.
void list_channels(SpikeView<const Word> spikes, Index first, Index last,
                   const ConvGeometry& geometry, const ChannelEvents& events);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/events.ipp>
#endif
