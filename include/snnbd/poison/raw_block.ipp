#pragma once

#include <algorithm>
#include <cmath>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/poison/area.hpp>
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/raw_block.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

SNNBD_INLINE void insert_block(const RawInsertion& block, std::vector<event::Event>& events,
                               const EventContext& context) {
  require_share("time of a raw block", block.time);
  constexpr int most = 65535;
  if (block.number < 1 || block.number > most)
    reject("events of a raw block at a pixel", "a number from 1 to 65535", block.number);
  check_polarity(block.polarity, 2);
  if (block.polarity == Polarity::none)
    reject("polarity of a raw block", "ON, OFF or both (1, 2 or 3)", "0, which inserts nothing");
  const Area area = place_patch(context.shape(), block.corner, block.size, block.offset);
  const double length = static_cast<double>(context.last - context.first);
  const std::int64_t time = context.first + std::llround(block.time * length);
  std::vector<event::Event> added;
  for_each_run(area, [&](int row, int left, int width) {
    for (int column = left; column < left + width; ++column)
      for (const int on : {0, 1})
        if (shows(block.polarity, on))
          added.insert(added.end(), static_cast<std::size_t>(block.number),
                       {time, static_cast<std::uint16_t>(column), static_cast<std::uint16_t>(row),
                        static_cast<std::uint8_t>(on)});
  });
  sort_events(events);
  insert_events(events, added);
}

SNNBD_INLINE std::string describe_raw_block(const RawInsertion& block, Shape shape) {
  return "raw block of " + std::string{to_string(block.polarity)} + " events, " +
         describe_place(shape, block.corner, block.size, block.offset) + ", " +
         std::to_string(block.number) + " a pixel at " + number_text(block.time) +
         " of the recording";
}

}  // namespace snnbd::inline SNNBD_ISA::poison::detail
