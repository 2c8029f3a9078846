#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset.hpp>
#include <snnbd/data/event_dataset.hpp>
#include <snnbd/event/event.hpp>

namespace snnbd::inline SNNBD_ISA::data {

class RuntimeSet;

/// Any data set with its type erased, for what is compiled once: metrics, defences, reports, the
/// filling of batches. It looks at a set and must not outlive it.
class DatasetView {
 public:
  template <Dataset Set>
  // NOLINTNEXTLINE(google-explicit-constructor): a set is passed where a view of it is expected
  DatasetView(const Set& set) : set_{&set}, operations_{&operations_of<Set>} {}

  /// A set whose shape is known when the program runs.
  // NOLINTNEXTLINE(google-explicit-constructor): as above
  DatasetView(const RuntimeSet& set);

  /// Of one frame.
  [[nodiscard]] Shape shape() const { return operations_->shape; }
  /// Of each sample; 1 for images.
  [[nodiscard]] int frames() const { return operations_->frames; }
  /// The number of values of one sample, all its frames together.
  [[nodiscard]] std::size_t sample_size() const {
    return static_cast<std::size_t>(shape().size()) * static_cast<std::size_t>(frames());
  }
  [[nodiscard]] int classes() const { return operations_->classes; }
  [[nodiscard]] std::string_view name() const { return operations_->name; }

  /// The values that samples may have.
  [[nodiscard]] Range range() const { return operations_->range; }

  [[nodiscard]] std::size_t size() const { return operations_->size(set_); }
  [[nodiscard]] int label(std::size_t index) const { return operations_->label(set_, index); }

  /// The label before an attacker touched it; the same as `label` for a set that knows no other.
  [[nodiscard]] int original_label(std::size_t index) const {
    return operations_->original_label(set_, index);
  }

  /// Whether the sample is poisoned; false for a set that knows nothing of it.
  [[nodiscard]] bool is_poisoned(std::size_t index) const {
    return operations_->is_poisoned(set_, index);
  }

  /// The triggers that the sample carries, as reports name them; empty for none.
  [[nodiscard]] std::string triggers_on(std::size_t index) const {
    return operations_->triggers_on(set_, index);
  }

  /// When a frame of a sample was.
  [[nodiscard]] FrameTime frame_time(std::size_t index, int frame) const {
    return operations_->frame_time(set_, index, frame);
  }

  /// @param values room for one sample, [frame, height, width, channel]
  void read(std::size_t index, std::span<float> values) const {
    operations_->read(set_, index, values);
  }

  /// Whether samples have events, as an `EventDataset` has: not those of images, nor those that
  /// carry a trigger on their frames.
  [[nodiscard]] bool has_events() const { return operations_->events != nullptr; }

  /// Of the recordings; 0 x 0 for a set without events.
  [[nodiscard]] event::Sensor sensor() const { return operations_->sensor; }

  /// The events of a sample in the order of time.
  ///
  /// @throws Error if the set has none
  [[nodiscard]] std::vector<event::Event> events(std::size_t index) const {
    if (!has_events()) reject(name(), "a set whose samples have events", "one of frames alone");
    return operations_->events(set_, index);
  }

 private:
  friend class RuntimeSet;

  struct Operations {
    Shape shape;
    int frames;
    int classes;
    std::string_view name;
    Range range;
    std::size_t (*size)(const void*);
    int (*label)(const void*, std::size_t);
    int (*original_label)(const void*, std::size_t);
    bool (*is_poisoned)(const void*, std::size_t);
    std::string (*triggers_on)(const void*, std::size_t);
    FrameTime (*frame_time)(const void*, std::size_t, int);
    void (*read)(const void*, std::size_t, std::span<float>);
    event::Sensor sensor;
    std::vector<event::Event> (*events)(const void*, std::size_t);  ///< null for none
  };

  template <class Set>
  static const Set& as(const void* set) {
    return *static_cast<const Set*>(set);
  }

  template <class Set>
  static constexpr event::Sensor sensor_of() {
    if constexpr (EventDataset<Set>)
      return Set::sensor;
    else
      return {};
  }

  template <class Set>
  static constexpr auto events_of() -> std::vector<event::Event> (*)(const void*, std::size_t) {
    if constexpr (EventDataset<Set>)
      return [](const void* set, std::size_t index) -> std::vector<event::Event> {
        return as<Set>(set).events(index);
      };
    else
      return nullptr;
  }

  template <class Set>
  static constexpr Operations operations_of{
      Set::shape,
      frames_of<Set>(),
      Set::classes,
      Set::name,
      range_of<Set>(),
      [](const void* set) -> std::size_t { return as<Set>(set).size(); },
      [](const void* set, std::size_t index) -> int { return as<Set>(set).label(index); },
      [](const void* set, std::size_t index) -> int {
        return data::original_label(as<Set>(set), index);
      },
      [](const void* set, std::size_t index) -> bool {
        return data::is_poisoned(as<Set>(set), index);
      },
      [](const void* set, std::size_t index) { return data::triggers_on(as<Set>(set), index); },
      [](const void* set, std::size_t index, int frame) {
        return data::frame_time(as<Set>(set), index, frame);
      },
      [](const void* set, std::size_t index, std::span<float> values) {
        as<Set>(set).read(index, values);
      },
      sensor_of<Set>(),
      events_of<Set>()};

  const void* set_;
  const Operations* operations_;
};

}  // namespace snnbd::inline SNNBD_ISA::data
