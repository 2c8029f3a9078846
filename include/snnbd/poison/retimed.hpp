#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/poison/composed.hpp>
#include <snnbd/poison/event_trigger.hpp>
#include <snnbd/poison/mask.hpp>
#include <snnbd/poison/polarity.hpp>
#include <snnbd/poison/schedule.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// How far an event is moved: `by(stream)` in microseconds, later if positive. `describe()` is what
/// reports print.
template <class Type>
concept TimeShift = requires(const Type& shift, random::Stream& stream) {
  { shift.by(stream) } -> std::same_as<std::int64_t>;
  { shift.describe() } -> std::convertible_to<std::string>;
};

namespace detail {

/// @throws Error if it is not from 1 microsecond to a thousand seconds
void require_microseconds(std::string_view setting, std::int64_t value);

}  // namespace detail

/// Each event by a distance of its own, as likely one as another.
struct Jitter {
  std::int64_t spread = 1000;  ///< microseconds at most, earlier or later

  void check() const { detail::require_microseconds("spread of a jitter", spread); }
  [[nodiscard]] std::int64_t by(random::Stream& stream) const {
    return std::int64_t{stream.below(static_cast<std::uint32_t>(2 * spread + 1))} - spread;
  }
  [[nodiscard]] std::string describe() const {
    return "jittered by at most " + std::to_string(spread) + " us";
  }
};

/// Each event by the same distance.
struct Delay {
  std::int64_t time = 1000;  ///< microseconds

  void check() const { detail::require_microseconds("time of a delay", time); }
  [[nodiscard]] std::int64_t by(random::Stream& /*stream*/) const { return time; }
  [[nodiscard]] std::string describe() const {
    return "delayed by " + std::to_string(time) + " us";
  }
};

/// What may be done to the times of one recording; 0 for no bound.
struct Budget {
  std::int64_t largest = 0;  ///< microseconds that an event moves at most
  std::int64_t total = 0;    ///< microseconds that all events together move at most
  std::int64_t moved = 0;    ///< events that move at most

  void check() const;
  [[nodiscard]] std::string describe() const;
};

namespace detail {

/// How far the next event would be moved.
using Shift = std::function<std::int64_t()>;

/// Moves covered events, in a random order, until a budget is spent.
void retime_events(std::vector<event::Event>& events, const EventContext& context,
                   const Places& places, Polarity polarity, const Budget& budget,
                   random::Stream& stream, const Shift& shift);

random::Stream retiming_stream(std::uint64_t seed, std::size_t sample);

}  // namespace detail

/// Moves events in time alone: not one is added or lost, and no pixel changes its counts over the
/// whole recording. Within budgets on the largest shift, on all shifts together and on the number
/// of events that move (B-infinity, B1 and B0 of attacks by retiming). Events are taken in a random
/// order until a budget is spent. Each stays within the recording, and the earliest and the latest
/// event stay where they are, so that the recording lasts as long.
///
/// ```cpp
/// poison::Retimed<poison::Delay, poison::Block<>> late{
///     .mask = {.size = 8}, .shift = {.time = 20'000}, .polarity = poison::Polarity::on};
/// ```
///
/// @tparam Move `Jitter`, `Delay`, or see `TimeShift`
/// @tparam Cover events at which pixels, see `Mask`
/// @tparam When events in which windows, see `Schedule`
template <TimeShift Move = Jitter, Mask Cover = WholeFrame, Schedule When = Always>
struct Retimed {
  static constexpr std::string_view name = "retimed";

  Cover mask{};
  When schedule{};
  Move shift{};
  Budget budget{};
  Polarity polarity = Polarity::both;   ///< the events that move
  std::optional<std::uint64_t> seed{};  ///< empty for the experiment's, else 1

  /// @throws Error if a setting is out of range or the mask does not fit
  void stamp(std::vector<event::Event>& events, const EventContext& context) const {
    check_policy(shift);
    check_policy(budget);
    detail::check_polarity(polarity, 2);
    const auto places =
        detail::places_of(mask, schedule, context.shape(), context.index, context.frames);
    random::Stream stream = detail::retiming_stream(seed.value_or(1), context.index);
    detail::retime_events(events, context, places, polarity, budget, stream,
                          [&] { return shift.by(stream); });
  }

  /// `ON and OFF, whole frame, jittered by at most 1000 us, by seed 1`.
  [[nodiscard]] std::string describe(Shape shape) const {
    return std::string{to_string(polarity)} + ", " + mask.describe(shape) + schedule.describe() +
           ", " + shift.describe() + budget.describe() + ", by seed " +
           std::to_string(seed.value_or(1));
  }
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/retimed.ipp>
#endif
