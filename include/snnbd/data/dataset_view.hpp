#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <snnbd/core/shape.hpp>
#include <snnbd/data/dataset.hpp>

namespace snnbd::inline SNNBD_ISA::data {

/// Any data set with its type erased, for what is compiled once: metrics, defences, reports, the
/// filling of batches. It looks at a set and must not outlive it.
class DatasetView {
 public:
  template <Dataset Set>
  // NOLINTNEXTLINE(google-explicit-constructor): a set is passed where a view of it is expected
  DatasetView(const Set& set) : set_{&set}, operations_{&operations_of<Set>} {}

  [[nodiscard]] Shape shape() const { return operations_->shape; }
  [[nodiscard]] int classes() const { return operations_->classes; }
  [[nodiscard]] std::string_view name() const { return operations_->name; }

  /// The values that images may have.
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

  /// @param image room for one image, [height, width, channel]
  void read(std::size_t index, std::span<float> image) const {
    operations_->read(set_, index, image);
  }

 private:
  struct Operations {
    Shape shape;
    int classes;
    std::string_view name;
    Range range;
    std::size_t (*size)(const void*);
    int (*label)(const void*, std::size_t);
    int (*original_label)(const void*, std::size_t);
    bool (*is_poisoned)(const void*, std::size_t);
    std::string (*triggers_on)(const void*, std::size_t);
    void (*read)(const void*, std::size_t, std::span<float>);
  };

  template <class Set>
  static const Set& as(const void* set) {
    return *static_cast<const Set*>(set);
  }

  template <class Set>
  static constexpr Operations operations_of{
      Set::shape,
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
      [](const void* set, std::size_t index, std::span<float> image) {
        as<Set>(set).read(index, image);
      }};

  const void* set_;
  const Operations* operations_;
};

}  // namespace snnbd::inline SNNBD_ISA::data
