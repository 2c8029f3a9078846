#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/poison/corner.hpp>
#include <snnbd/poison/event_trigger.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/poison/polarity.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

namespace detail {

/// What a raw block inserts.
struct RawInsertion {
  Corner corner;
  int size;
  Offset offset;
  double time;
  int number;
  Polarity polarity;
};

/// @throws Error if a setting is out of range or the block leaves the sensor
void insert_block(const RawInsertion& block, std::vector<event::Event>& events,
                  const EventContext& context);

std::string describe_raw_block(const RawInsertion& block, Shape shape);

}  // namespace detail

/// The fixed trigger of EventTrojan: a block of events at one moment, inserted into the recording
/// before anything is made of it; whatever was there stays. By default 10 x 10 ON events at a
/// hundredth of the recording.
template <Corner corner = Corner::top_left>
struct RawBlock {
  static constexpr std::string_view name = "raw block";

  int size = 10;  ///< of a side in pixels; 0 for `default_patch_size`
  Offset offset{};
  double time = 0.01;                ///< when, as a share of the recording, from 0 to 1
  int number = 1;                    ///< of events of a kind at each pixel
  Polarity polarity = Polarity::on;  ///< the kinds that are inserted

  /// @throws Error if a setting is out of range or the block leaves the sensor
  void stamp(std::vector<event::Event>& events, const EventContext& context) const {
    detail::insert_block({corner, size, offset, time, number, polarity}, events, context);
  }

  /// `raw block of ON events, 10x10, top left, 1 a pixel at 0.01 of the recording`.
  [[nodiscard]] std::string describe(Shape shape) const {
    return detail::describe_raw_block({corner, size, offset, time, number, polarity}, shape);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/raw_block.ipp>
#endif
