#pragma once

#include <algorithm>

#include <snnbd/event/frames.hpp>

namespace snnbd::inline SNNBD_ISA::event {

SNNBD_INLINE std::span<const Event> in_order(std::span<const Event> events,
                                             std::vector<Event>& sorted, std::uint64_t& unsorted) {
  unsorted = 0;
  for (std::size_t i = 1; i < events.size(); ++i)
    unsorted += events[i].time < events[i - 1].time ? 1U : 0U;
  std::span<const Event> result = events;
  if (unsorted > 0) {
    sorted.assign(events.begin(), events.end());
    std::ranges::stable_sort(sorted, {}, &Event::time);
    result = sorted;
  }
  // So that no difference of two times overflows.
  constexpr std::int64_t most = std::int64_t{1} << 61U;
  if (!result.empty() && (result.front().time < -most || result.back().time > most))
    reject("time of an event in microseconds", "a number from -2^61 to 2^61",
           result.back().time > most ? result.back().time : result.front().time);
  return result;
}

SNNBD_INLINE void PixelMap::check(std::string_view geometry) const {
  const auto within = [](const std::vector<int>& places, int size) {
    return std::ranges::all_of(places, [&](int place) { return place >= -1 && place < size; });
  };
  if (shape.height < 1 || shape.width < 1 || !within(columns, shape.width) ||
      !within(rows, shape.height))
    reject("geometry of frames " + std::string{geometry}, "places within frames of its size, or -1",
           "others");
}

SNNBD_INLINE void check_bins(std::span<const Bin> bins, std::size_t events,
                             std::string_view binning) {
  std::size_t before = 0;
  for (const Bin& bin : bins) {
    if (bin.first < before || bin.end < bin.first || bin.end > events)
      reject("binning of events " + std::string{binning},
             "bins that follow each other, of " + std::to_string(events) + " events",
             "from " + std::to_string(bin.first) + " to " + std::to_string(bin.end));
    before = bin.end;
  }
}

SNNBD_INLINE Integration count_events(std::span<const Event> events, std::span<const Bin> bins,
                                      const PixelMap& map, std::span<std::uint16_t> counts) {
  const auto frame_size = static_cast<std::size_t>(map.shape.size());
  if (counts.size() != bins.size() * frame_size)
    reject("room for frames of events", std::to_string(bins.size() * frame_size) + " values",
           counts.size());
  std::ranges::fill(counts, std::uint16_t{0});
  Integration result;
  for (std::size_t frame = 0; frame < bins.size(); ++frame) {
    std::uint16_t* const values = counts.data() + frame * frame_size;
    for (const Event& event :
         events.subspan(bins[frame].first, bins[frame].end - bins[frame].first)) {
      const int column = event.x < map.columns.size() ? map.columns[event.x] : -1;
      const int row = event.y < map.rows.size() ? map.rows[event.y] : -1;
      if (column < 0 || row < 0) {
        ++result.outside;
        continue;
      }
      const Index place =
          (static_cast<Index>(row) * map.shape.width + column) * 2 + (event.on != 0 ? 1 : 0);
      if (values[place] == largest_count) {
        ++result.cut;
        continue;
      }
      ++values[place];
      ++result.counted;
    }
  }
  if (!bins.empty()) result.after = events.size() - bins.back().end;
  return result;
}

}  // namespace snnbd::inline SNNBD_ISA::event
