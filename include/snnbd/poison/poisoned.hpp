#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/access.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/event_dataset.hpp>
#include <snnbd/data/sample.hpp>
#include <snnbd/event/event.hpp>
#include <snnbd/poison/event_trigger.hpp>
#include <snnbd/poison/ledger.hpp>
#include <snnbd/poison/relabel.hpp>
#include <snnbd/poison/selector.hpp>
#include <snnbd/poison/trigger.hpp>

namespace snnbd::inline SNNBD_ISA::poison {

/// Whether poisoned samples replace their clean originals or are added to them.
enum class Mode { in_place, appended };

/// How much of a set is poisoned.
struct Settings {
  /// The share of poisoned samples in the set that results. Of N clean samples, round(rate * N)
  /// are replaced in place; appended, N' copies are added so that N' / (N + N') is the rate. Where
  /// fewer samples may be poisoned, all of those are; the ledger tells the rate achieved. A rate
  /// above 0 that rounds to no sample at all is refused.
  double rate = 0.1;
  Mode mode = Mode::in_place;
  std::uint64_t seed = 1;  ///< of the selection
};

namespace detail {

/// How many samples of a clean set of `samples` are to be poisoned.
///
/// @throws Error if the rate is out of range, or above 0 and too small for a single sample
std::size_t poisoned_count(std::size_t samples, const Settings& settings);

/// Gives the entries their places in the poisoned set and checks that each candidate is there once.
std::vector<Ledger::Entry> make_entries(std::vector<Candidate> chosen, std::size_t samples,
                                        Mode mode);

/// The triggers on a sample, with one more.
inline std::string joined_triggers(const std::string& below, const std::string& own) {
  return below.empty() ? own : below + ", " + own;
}

/// Refuses a rule whose labels a set does not have.
template <Relabel Rule>
void check_relabel(const Rule& rule, int classes) {
  for (int label = 0; label < classes; ++label) {
    static_cast<void>(rule.eligible(label, classes));
    for (const int result : {rule.relabel(label, classes), poison::goal(rule, label, classes)})
      if (result < 0 || result >= classes)
        reject(std::string{"new label of "}.append(Rule::name),
               "a number from 0 to " + std::to_string(classes - 1), result);
  }
}

/// Whether a trigger changes the events of a set, before frames are made of them.
template <class Set, class Mark>
concept StampsEvents = data::EventDataset<Set> && EventTrigger<Mark>;

/// The shape that a trigger sees: of a frame, or of the sensor.
template <data::Dataset Set, Trigger Mark>
constexpr Shape stamped_shape() {
  if constexpr (StampsEvents<Set, Mark>)
    return {Set::sensor.height, Set::sensor.width, 2};
  else
    return Set::shape;
}

/// The events of a sample with a trigger on them.
template <class Set, class Mark>
requires StampsEvents<Set, Mark> std::vector<event::Event> stamped_events(const Set& clean,
                                                                          const Mark& trigger,
                                                                          std::size_t index) {
  std::vector<event::Event> events = clean.events(index);
  trigger.stamp(events, event_context(events, Set::sensor, index, data::frames_of<Set>(),
                                      data::window_duration(clean)));
  return events;
}

/// The times of a sample's frames, if the trigger looks at them: a set may have to read its file
/// for them.
template <class Mark, data::Dataset Set>
auto times_for([[maybe_unused]] const Set& clean, [[maybe_unused]] std::size_t index) {
  if constexpr (sees_times<Mark>())
    return data::frame_times(clean, index);
  else
    return std::array<data::FrameTime, 0>{};
}

/// When a frame of a sample is that carries a trigger: of changed events it may be another time.
template <data::Dataset Set, Trigger Mark>
data::FrameTime stamped_frame_time(const Set& clean, const Mark& trigger, std::size_t index,
                                   int frame) {
  if constexpr (StampsEvents<Set, Mark> &&
                requires(const std::vector<event::Event>& events) { clean.frame_times(events); })
    return clean.frame_times(stamped_events(clean, trigger, index))
        .at(static_cast<std::size_t>(frame));
  else
    return data::frame_time(clean, index, frame);
}

/// Reads a sample and puts a trigger on it: on its events, or else on its frames.
///
/// @param clean where it is read from
/// @param index its place there
template <data::Dataset Set, Trigger Mark>
void read_stamped(const Set& clean, const Mark& trigger, std::size_t index,
                  std::span<float> values) {
  if constexpr (StampsEvents<Set, Mark>) {
    clean.integrate(stamped_events(clean, trigger, index), values);
  } else {
    clean.read(index, values);
    const auto times = times_for<Mark>(clean, index);
    poison::stamp(
        trigger, {values, Set::shape, data::frames_of<Set>(), times, index, data::range_of<Set>()});
  }
}

/// Refuses a trigger that does not fit before anything is read, instead of in the midst of
/// training.
template <data::Dataset Set, Trigger Mark>
void check_trigger(const Set& clean, const Mark& trigger) {
  if constexpr (StampsEvents<Set, Mark>) {
    std::vector<event::Event> none;
    trigger.stamp(none, event_context(none, Set::sensor, 0, data::frames_of<Set>(),
                                      data::window_duration(clean)));
  } else {
    std::vector<float> values(data::sample_size_of<Set>());
    data::SampleView sample{values, Set::shape, data::frames_of<Set>(),
                            {},     0,          data::range_of<Set>()};
    if (clean.size() == 0) return poison::stamp(trigger, sample);
    const auto times = times_for<Mark>(clean, 0);
    sample.times = times;
    poison::stamp(trigger, sample);
  }
}

}  // namespace detail

/// A set of which a part carries a trigger and, as the rule says, another label: the paper's D^
/// (Jin et al. 2024, Sec. 3.2.1). It is a set like any other, stamps samples as they are read and
/// keeps a copy of the clean set (see `data::Subset`): no pixel is copied. The set may be poisoned
/// itself: the rule then sees its labels, and rate and ledger speak of this poisoning alone.
///
/// ```cpp
/// poison::Poisoned<data::Mnist, poison::PixelPatch<>, poison::AllToOne> dirty{
///     data::Mnist{data::Part::train}, {.rate = 0.05, .seed = 7}};
/// ```
template <data::Dataset Set, Trigger Mark, Relabel Rule = AllToOne,
          Selector Choice = RandomSelector>
class Poisoned : public data::SensorOf<Set> {
 public:
  using Clean = Set;
  using TriggerType = Mark;
  using RelabelType = Rule;
  using SelectorType = Choice;

  static constexpr Shape shape = Set::shape;
  static constexpr int frames = data::frames_of<Set>();
  static constexpr int classes = Set::classes;
  static constexpr std::string_view name = Set::name;
  static constexpr data::Range range = data::range_of<Set>();

  /// @throws Error if the rate is not in [0, 1] (appended: below 1) or too small for one sample,
  /// the
  ///   target is no class, the trigger does not fit, or there is something to poison but no sample
  ///   that may be
  explicit Poisoned(Set clean, const Settings& settings = {}, Mark trigger = {}, Rule relabel = {},
                    const Choice& selector = {})
      : clean_{std::move(clean)}, trigger_{std::move(trigger)}, relabel_{std::move(relabel)} {
    const std::size_t wanted = detail::poisoned_count(clean_.size(), settings);
    detail::check_trigger(clean_, trigger_);
    detail::check_relabel(relabel_, classes);

    auto plan = std::make_shared<Plan>();
    Ledger& ledger = plan->ledger;
    if (wanted > 0) {
      auto chosen = selector.select(candidates(), wanted, settings.seed);
      if (chosen.empty()) reject("poisoning", "at least one sample that may be poisoned", "none");
      ledger.entries = detail::make_entries(std::move(chosen), clean_.size(), settings.mode);
    }
    const bool appended = settings.mode == Mode::appended;
    ledger.clean_size = clean_.size();
    ledger.size = clean_.size() + (appended ? ledger.entries.size() : 0);
    ledger.trigger = poison::describe(trigger_, detail::stamped_shape<Set, Mark>());
    ledger.relabel = Rule::name;
    ledger.selector = Choice::name;
    ledger.mode = appended ? "appended" : "in_place";
    ledger.seed = settings.seed;
    ledger.rate_asked = settings.rate;

    plan->entry_of.assign(ledger.size, 0);
    for (std::size_t entry = 0; entry < ledger.entries.size(); ++entry)
      plan->entry_of[ledger.entries[entry].index] = entry + 1;
    plan_ = std::move(plan);
  }

  [[nodiscard]] std::size_t size() const { return plan_->ledger.size; }

  /// The label that training sees.
  [[nodiscard]] int label(std::size_t index) const {
    const Ledger::Entry* entry = find(index);
    return entry != nullptr ? entry->new_label : clean_.label(index);
  }

  /// The label before any attacker touched the sample: what the set below tells, which may be
  /// poisoned itself.
  [[nodiscard]] int original_label(std::size_t index) const {
    return data::original_label(clean_, source_index(index));
  }

  /// @param values room for one sample, [frame, height, width, channel]
  void read(std::size_t index, std::span<float> values) const {
    if (const Ledger::Entry* entry = find(index))
      detail::read_stamped(clean_, trigger_, entry->source, values);
    else
      clean_.read(index, values);
  }

  /// The events of a sample, of a poisoned one with the trigger on them. Frames that carry a
  /// trigger have no events of their own.
  [[nodiscard]] std::vector<event::Event> events(
      std::size_t index) const requires detail::StampsEvents<Set, Mark> {
    const Ledger::Entry* entry = find(index);
    return entry == nullptr ? clean_.events(index)
                            : detail::stamped_events(clean_, trigger_, entry->source);
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
    if (const Ledger::Entry* entry = find(index))
      return detail::stamped_frame_time(clean_, trigger_, entry->source, frame);
    return data::frame_time(clean_, index, frame);
  }

  /// Whether this or a set below poisoned the sample; the ledger knows of this one alone.
  [[nodiscard]] bool is_poisoned(std::size_t index) const {
    return find(index) != nullptr || data::is_poisoned(clean_, source_index(index));
  }

  /// The triggers that the sample carries: those of the sets below, then this one's.
  [[nodiscard]] std::string triggers_on(std::size_t index) const {
    const std::string below = data::triggers_on(clean_, source_index(index));
    return find(index) == nullptr ? below : detail::joined_triggers(below, plan_->ledger.trigger);
  }

  /// The place of a sample in the clean set.
  [[nodiscard]] std::size_t source_index(std::size_t index) const {
    const Ledger::Entry* entry = find(index);
    return entry != nullptr ? entry->source : index;
  }

  [[nodiscard]] const Ledger& ledger() const { return plan_->ledger; }
  [[nodiscard]] const Set& clean() const { return clean_; }
  [[nodiscard]] const Mark& trigger() const { return trigger_; }
  [[nodiscard]] const Rule& relabel() const { return relabel_; }

 private:
  struct Plan {
    Ledger ledger;
    std::vector<std::size_t> entry_of;  ///< for each sample its entry plus 1, or 0
  };

  [[nodiscard]] std::vector<Candidate> candidates() const {
    std::vector<Candidate> result;
    for (std::size_t index = 0; index < clean_.size(); ++index) {
      const int label = clean_.label(index);
      if (relabel_.eligible(label, classes))
        result.push_back({index, label, relabel_.relabel(label, classes)});
    }
    return result;
  }

  [[nodiscard]] const Ledger::Entry* find(std::size_t index) const {
    data::check_index(name, index, size());
    const std::size_t entry = plan_->entry_of[index];
    return entry == 0 ? nullptr : &plan_->ledger.entries[entry - 1];
  }

  Set clean_;
  Mark trigger_;
  Rule relabel_;
  std::shared_ptr<const Plan> plan_;
};

}  // namespace snnbd::inline SNNBD_ISA::poison

#if !defined(SNNBD_COMPILED)
#include <snnbd/poison/poisoned.ipp>
#endif
