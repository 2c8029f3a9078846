#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <snnbd/core/config.hpp>
#include <snnbd/metric/interval.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

/// ACC: how many predictions equal their labels.
///
/// @param predictions, labels one class for each sample
/// @returns a rate without samples for empty lists
/// @throws Error if their sizes differ
Rate accuracy(std::span<const int> predictions, std::span<const int> labels);

/// How many samples of each class were taken for each class.
class Confusion {
 public:
  /// @param predictions, labels one class from 0 to `classes` - 1 for each sample
  /// @throws Error if their sizes differ or a class lies outside
  Confusion(std::span<const int> predictions, std::span<const int> labels, int classes);

  [[nodiscard]] int classes() const { return classes_; }

  /// The samples of class `label` that were taken for class `prediction`.
  ///
  /// @throws Error if a class lies outside
  [[nodiscard]] std::size_t count(int label, int prediction) const;

  /// The accuracy among the samples of one class.
  [[nodiscard]] Rate of_class(int label) const;

  /// The accuracy among all samples.
  [[nodiscard]] Rate overall() const;

 private:
  int classes_;
  std::vector<std::size_t> counts_;
};

}  // namespace snnbd::inline SNNBD_ISA::metric

#if !defined(SNNBD_COMPILED)
#include <snnbd/metric/accuracy.ipp>
#endif
