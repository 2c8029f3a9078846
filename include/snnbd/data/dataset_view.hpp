#pragma once

#include <cstddef>
#include <span>
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

  /// @param image room for one image, [height, width, channel]
  void read(std::size_t index, std::span<float> image) const {
    operations_->read(set_, index, image);
  }

 private:
  struct Operations {
    Shape shape;
    int classes;
    std::string_view name;
    std::size_t (*size)(const void*);
    int (*label)(const void*, std::size_t);
    int (*original_label)(const void*, std::size_t);
    bool (*is_poisoned)(const void*, std::size_t);
    void (*read)(const void*, std::size_t, std::span<float>);
  };

  template <class Set>
  static const Set& as(const void* set) {
    return *static_cast<const Set*>(set);
  }

  template <class Set>
  static int original_label_of(const void* set, std::size_t index) {
    if constexpr (requires { as<Set>(set).original_label(index); })
      return as<Set>(set).original_label(index);
    else
      return as<Set>(set).label(index);
  }

  template <class Set>
  static bool is_poisoned_in([[maybe_unused]] const void* set, [[maybe_unused]] std::size_t index) {
    if constexpr (requires { as<Set>(set).is_poisoned(index); })
      return as<Set>(set).is_poisoned(index);
    else
      return false;
  }

  template <class Set>
  static constexpr Operations operations_of{
      Set::shape,
      Set::classes,
      Set::name,
      [](const void* set) -> std::size_t { return as<Set>(set).size(); },
      [](const void* set, std::size_t index) -> int { return as<Set>(set).label(index); },
      original_label_of<Set>,
      is_poisoned_in<Set>,
      [](const void* set, std::size_t index, std::span<float> image) {
        as<Set>(set).read(index, image);
      }};

  const void* set_;
  const Operations* operations_;
};

}  // namespace snnbd::inline SNNBD_ISA::data
