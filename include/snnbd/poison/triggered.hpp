#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/event_dataset.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/poison/relabel.hpp>
#include <snnbd/poison/trigger.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// A set of which every sample carries the trigger, for measuring the attack's success: `label` is
/// what the attacker wants, `original_label` what is true. Samples of the target class are among
/// them; whether they count is the metric's matter.
template <data::Dataset Set, Trigger Mark, Relabel Rule = AllToOne>
class Triggered : public data::SensorOf<Set> {
 public:
  static constexpr Shape shape = Set::shape;
  static constexpr int frames = data::frames_of<Set>();
  static constexpr int classes = Set::classes;
  static constexpr std::string_view name = Set::name;
  static constexpr data::Range range = data::range_of<Set>();

  /// @throws Error if the trigger does not fit or the target is no class
  explicit Triggered(Set clean, Mark trigger = {}, Rule relabel = {})
      : clean_{std::move(clean)}, trigger_{std::move(trigger)}, relabel_{std::move(relabel)} {
    detail::check_trigger(clean_, trigger_);
    detail::check_relabel(relabel_, classes);
  }

  [[nodiscard]] std::size_t size() const { return clean_.size(); }

  /// What the attacker wants of the sample, by what it really is.
  [[nodiscard]] int label(std::size_t index) const {
    return poison::goal(relabel_, original_label(index), classes);
  }

  /// The label before any attacker touched the sample: what the set below tells, which may be
  /// poisoned itself.
  [[nodiscard]] int original_label(std::size_t index) const {
    return data::original_label(clean_, index);
  }

  /// Every sample is.
  [[nodiscard]] bool is_poisoned(std::size_t index) const {
    data::check_index(name, index, size());
    return true;
  }

  /// The triggers that the sample carries: those of the sets below, then this one's.
  [[nodiscard]] std::string triggers_on(std::size_t index) const {
    return detail::joined_triggers(data::triggers_on(clean_, index),
                                   poison::describe(trigger_, detail::stamped_shape<Set, Mark>()));
  }

  /// @param values room for one sample, [frame, height, width, channel]
  void read(std::size_t index, std::span<float> values) const {
    detail::read_stamped(clean_, trigger_, index, values);
  }

  /// The events of a sample with the trigger on them.
  [[nodiscard]] std::vector<event::Event> events(
      std::size_t index) const requires detail::StampsEvents<Set, Mark> {
    return detail::stamped_events(clean_, trigger_, index);
  }

  /// Makes frames of events, as the set below does.
  ///
  /// @param values room for one sample, [frame, height, width, channel]
  void integrate(std::span<const event::Event> events,
                 std::span<float> values) const requires detail::StampsEvents<Set, Mark> {
    clean_.integrate(events, values);
  }

  /// The fixed duration of a frame in microseconds; 0 for shares of a recording.
  [[nodiscard]] std::int64_t window_duration() const { return data::window_duration(clean_); }

  /// When a frame of the sample was, as the set below tells it of its events.
  [[nodiscard]] data::FrameTime frame_time(std::size_t index, int frame) const {
    return detail::stamped_frame_time(clean_, trigger_, index, frame);
  }

  [[nodiscard]] const Set& clean() const { return clean_; }

 private:
  Set clean_;
  Mark trigger_;
  Rule relabel_;
};

}  // namespace snnbd::inline SNNBD_ISA::poison
