#pragma once

#include <span>
#include <vector>

#include <snnbd/data/dataset_view.hpp>
#include <snnbd/metric/attack_success.hpp>
#include <snnbd/metric/interval.hpp>
#include <snnbd/network/view.hpp>

namespace snnbd::inline SNNBD_ISA {

/// What a model does with clean and with triggered samples.
struct Measurement {
  metric::Rate accuracy;         ///< on clean samples
  metric::AttackSuccess attack;  ///< on triggered samples
};

/// The classes that a model predicts for clean and for triggered samples.
struct Predictions {
  std::vector<int> clean;
  std::vector<int> triggered;
};

/// A clean test set, the same set triggered, and their labels.
class TestSets {
 public:
  /// @param clean a test set with its true labels
  /// @param triggered a `poison::Triggered`: its labels are what the attacker wants
  TestSets(data::DatasetView clean, data::DatasetView triggered);

  /// What a model predicts after some numbers of steps, all from one pass over each set.
  ///
  /// @param observer told how many samples of both sets are done; may be empty
  /// @throws Error if a set does not fit the model, or as `NetworkView::predict_after` does
  [[nodiscard]] std::vector<Predictions> predict(const NetworkView& model,
                                                 std::span<const Index> step_counts,
                                                 const NetworkView::Observer& observer = {}) const;

  [[nodiscard]] data::DatasetView clean() const { return clean_; }
  [[nodiscard]] data::DatasetView triggered() const { return triggered_; }

  /// The samples of both sets.
  [[nodiscard]] std::size_t size() const { return labels_.size() + wanted_.size(); }

  /// @throws Error if there are more or fewer predictions than samples
  [[nodiscard]] Measurement measure(const Predictions& predictions) const;

  [[nodiscard]] std::span<const int> labels() const { return labels_; }
  [[nodiscard]] std::span<const int> originals() const { return originals_; }
  [[nodiscard]] std::span<const int> wanted() const { return wanted_; }

 private:
  data::DatasetView clean_;
  data::DatasetView triggered_;
  std::vector<int> labels_;     ///< true ones of the clean samples
  std::vector<int> originals_;  ///< true ones of the triggered samples
  std::vector<int> wanted_;     ///< by the attacker
};

/// Runs a model over a clean test set and the same set triggered.
///
/// @param clean, triggered as for `TestSets`
/// @throws Error if a set does not fit the model
Measurement measure(const NetworkView& model, data::DatasetView clean, data::DatasetView triggered);

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/stage/measurement.ipp>
#endif
