#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <snnbd/learn/training/trainer.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/report/progress.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

/// Shows what goes on while experiments run: the next piece of work with its size, and then how far
/// it has come.
class Watcher {
 public:
  explicit Watcher(report::ProgressMode mode) : mode_{mode} {}

  /// Announces a network that is to be trained.
  ///
  /// @param title rule, model and poisoning rate
  /// @param seconds how long it is expected to take
  /// @param samples of the training set
  learn::Observer begin(const std::string& title, const learn::TrainEstimate& estimate,
                        double seconds, const learn::TrainSettings& settings, std::size_t samples);

  /// Says that it is trained.
  void finish();

  /// Leaves the progress as it stands, for work that was interrupted.
  void stop() { progress_.reset(); }

  /// Shows how far a network is measured, if that takes more than a moment.
  ///
  /// @param samples of all sets together
  [[nodiscard]] NetworkView::Observer measuring(const std::string& title,
                                                std::size_t samples) const;

 private:
  report::ProgressMode mode_;
  std::shared_ptr<report::Progress> progress_;
};

}  // namespace snnbd::inline SNNBD_ISA::experiment

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/watcher.ipp>
#endif
