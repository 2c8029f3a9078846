#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/sample.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/poison/area.hpp>
#include <snnbd/poison/event_trigger.hpp>
#include <snnbd/poison/mask.hpp>
#include <snnbd/poison/operation.hpp>
#include <snnbd/poison/polarity.hpp>
#include <snnbd/poison/schedule.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// The fifth part of a composed trigger: it changes frames.
struct OnFrames {};
/// Or it changes events, before frames are made of them.
struct OnEvents {};

namespace detail {

/// What a trigger covers in each frame; nothing where it does not show.
using Places = std::vector<std::optional<Area>>;

/// @throws Error if it shows in none of the frames, or leaves them
void check_places(const Places& places, Shape shape, const std::string& description);

template <Mask Cover, Schedule When>
Places places_of(const Cover& mask, const When& schedule, Shape shape, std::size_t sample,
                 int frames) {
  check_policy(mask);
  check_policy(schedule);
  const Area start = mask.area(shape, sample);
  Places places(static_cast<std::size_t>(frames));
  for (int frame = 0; frame < frames; ++frame)
    places[static_cast<std::size_t>(frame)] = schedule.at(start, shape, frame, frames);
  check_places(places, shape, mask.describe(shape) + schedule.describe());
  return places;
}

/// Applies an operation to the values that an area covers.
///
/// @param image [height, width, channel]
template <Operation Change>
void change_area(std::span<float> image, Shape shape, const Area& area, Polarity polarity,
                 const Change& operation, data::Range range) {
  const auto channels = static_cast<std::size_t>(shape.channels);
  const float top = std::max(range.high, 0.0F);
  for_each_run(area, [&](int row, int left, int width) {
    const Index pixel = static_cast<Index>(row) * shape.width + left;
    const auto run = image.subspan(static_cast<std::size_t>(pixel) * channels,
                                   static_cast<std::size_t>(width) * channels);
    for (std::size_t place = 0; place < run.size(); ++place) {
      const bool shown =
          channels == 2 ? shows(polarity, static_cast<int>(place % 2)) : polarity == Polarity::both;
      float& value = run[place];
      const float changed = operation.apply(value, shown);
      // What replaces is what the user set: if it is out of range, batches refuse it.
      value = replaces<Change>() ? changed : std::min(changed, std::max(top, value));
    }
  });
}

/// A value from those of an operation: how many events there are at a pixel in a window, by how
/// many there were.
using Count = std::function<float(float, bool)>;

/// Makes the events in the covered pixels and windows as many as `count` says. New ones are spread
/// evenly over the window. If the recording's first or last event is erased, the next one of the
/// same window, a new one at best, takes its time, so that all windows stay where they are.
///
/// @param anew whether old events make room for new ones; else those that may stay do
/// @throws Error if there would be more than 65,535 events at a pixel in a window
void change_events(std::vector<event::Event>& events, const EventContext& context,
                   const Places& places, Polarity polarity, const Count& count, bool anew);

/// The numbers of those events that lie in the covered pixels and windows and are of the kinds that
/// a polarity shows, but for the first and the last one.
///
/// @param events in the order of their times
std::vector<std::size_t> covered_events(const std::vector<event::Event>& events,
                                        const EventContext& context, const Places& places,
                                        Polarity polarity);

/// Asks of each covered event whether it is gone.
void drop_events(std::vector<event::Event>& events, const EventContext& context,
                 const Places& places, Polarity polarity, std::uint64_t seed,
                 const std::function<bool(random::Stream&)>& drops);

/// Puts events in the order of their times; those of one time stay as they were.
void sort_events(std::vector<event::Event>& events);

/// Inserts new events into those of a recording, behind those of the same time.
///
/// @param events in the order of their times
void insert_events(std::vector<event::Event>& events, std::vector<event::Event>& added);

}  // namespace detail

/// A trigger composed of five kinds: a mask (which pixels), a schedule (in which frames, moving or
/// not), an operation (what is done to what is there), a domain (frames or events), and, as a
/// quantity, a polarity (which events it shows). All triggers of the field that are made by hand
/// are instances, see docs/concepts/triggers_in_time.md.
///
/// On frames of other than two channels the polarity is `both` for all channels alike, or `none`.
///
/// ```cpp
/// poison::StaticBlock<> block{.mask = {.size = 2}, .polarity = poison::Polarity::off};
/// poison::Composed<poison::Border, poison::Strobe> blinking{.schedule = {.gap = 2}};
/// ```
///
/// @tparam Cover see `Mask`
/// @tparam When see `Schedule`
/// @tparam Change see `Operation` and, on events, `EventOperation`
/// @tparam Domain `OnFrames` or `OnEvents`
template <Mask Cover = Block<>, Schedule When = Always, class Change = SetTo,
          class Domain = OnFrames>
requires(Operation<Change> || EventOperation<Change>) struct Composed {
  static_assert(Operation<Change> || std::same_as<Domain, OnEvents>,
                "snnbd: an operation on single events, such as poison::Drop, needs the domain "
                "poison::OnEvents");
  static_assert(std::same_as<Domain, OnFrames> || std::same_as<Domain, OnEvents>,
                "snnbd: the domain of a trigger is poison::OnFrames or poison::OnEvents");
  static constexpr std::string_view name =
      std::same_as<Domain, OnFrames> ? "composed trigger" : "composed trigger on events";
  static constexpr bool sees_times = false;

  Cover mask{};
  When schedule{};
  Change operation{};
  Polarity polarity = Polarity::on;

  /// @throws Error if the trigger leaves the frame, shows in none, or a setting is out of range
  void stamp(const data::SampleView& sample) const requires std::same_as<Domain, OnFrames> {
    check_policy(operation);
    detail::check_polarity(polarity, sample.shape.channels);
    const auto places =
        detail::places_of(mask, schedule, sample.shape, sample.index, sample.frames);
    for (int frame = 0; frame < sample.frames; ++frame)
      if (const auto& area = places[static_cast<std::size_t>(frame)])
        detail::change_area(sample.frame(frame), sample.shape, *area, polarity, operation,
                            sample.range);
  }

  /// The same for the events of a recording: after integration by time both are equal, as long as
  /// the numbers of events are whole.
  ///
  /// @throws Error as above, or if there would be more than 65,535 events at a pixel in a window
  void stamp(std::vector<event::Event>& events,
             const EventContext& context) const requires std::same_as<Domain, OnEvents> {
    check_policy(operation);
    detail::check_polarity(polarity, 2);
    const auto places =
        detail::places_of(mask, schedule, context.shape(), context.index, context.frames);
    if constexpr (Operation<Change>)
      detail::change_events(
          events, context, places, polarity,
          [this](float old, bool shown) { return operation.apply(old, shown); },
          replaces<Change>());
    else
      detail::drop_events(events, context, places, polarity, operation.seed.value_or(1),
                          [this](random::Stream& stream) { return operation.drops(stream); });
  }

  /// `ON, 2x2, top left, set to 1`.
  [[nodiscard]] std::string describe(Shape shape) const {
    return std::string{to_string(polarity)} + ", " + mask.describe(shape) + schedule.describe() +
           operation.describe() + (std::same_as<Domain, OnEvents> ? ", on events" : "");
  }
};

/// A block that stands still: "static" in Abad et al. 2024, and the trigger of Jin et al. 2024 on
/// event data (Sec. 3.2.1, Fig. 16).
template <Corner corner = Corner::top_left, class Domain = OnFrames>
using StaticBlock = Composed<Block<corner>, Always, SetTo, Domain>;

/// A block that stands still anywhere: one random place for all samples, or one for each.
template <Draw draw = Draw::once, class Domain = OnFrames>
using StaticAnywhere = Composed<RandomBlock<draw>, Always, SetTo, Domain>;

/// A block that moves by a step a frame: "moving" as in the text of Abad et al. 2024.
template <Corner corner = Corner::top_left, Edge edge = Edge::wrap, class Domain = OnFrames>
using MovingBlock = Composed<Block<corner>, Moving<edge>, SetTo, Domain>;

/// "Moving" as in the code of Abad et al. 2024.
template <Corner corner = Corner::top_left, class Domain = OnFrames>
using ToolkitMovingBlock = Composed<Block<corner>, ToolkitMoving, SetTo, Domain>;

/// The rim of each frame: "framed" (Flashy).
template <class Domain = OnFrames>
using Framed = Composed<Border, Always, SetTo, Domain>;

/// A block that goes on and off: "strobing" (Flashy).
template <Corner corner = Corner::top_left, class Domain = OnFrames>
using StrobingBlock = Composed<Block<corner>, Strobe, SetTo, Domain>;

/// Whole frames for a moment: "flash" (Flashy).
template <class Domain = OnFrames>
using Flash = Composed<WholeFrame, Burst, SetTo, Domain>;

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/composed.ipp>
#endif
