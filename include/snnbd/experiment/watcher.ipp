#pragma once

#include <chrono>
#include <cstdio>
#include <utility>

#include <snnbd/experiment/watcher.hpp>
#include <snnbd/learn/training/interrupt.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

namespace detail {

/// Shows progress from the moment on at which it is clear that it will take some time.
class LateProgress {
 public:
  LateProgress(std::string title, std::size_t total, report::ProgressMode mode)
      : title_{std::move(title)}, total_{total}, mode_{mode} {}

  void operator()(std::size_t done) {
    if (learn::interrupt_requested().load())
      throw learn::Interrupted{"interrupted while " + title_};
    if (!progress_ && std::chrono::steady_clock::now() - begin_ > std::chrono::seconds{3}) {
      progress_ = std::make_shared<report::Progress>(title_, total_ - done, mode_);
      shown_from_ = done;
    }
    if (!progress_) return;
    progress_->advance(done - shown_from_);
    if (done == total_) progress_->finish();
  }

 private:
  std::string title_;
  std::size_t total_;
  report::ProgressMode mode_;
  std::chrono::steady_clock::time_point begin_ = std::chrono::steady_clock::now();
  std::shared_ptr<report::Progress> progress_;
  std::size_t shown_from_ = 0;
};

}  // namespace detail

SNNBD_COLD learn::Observer Watcher::begin(const std::string& title,
                                          const learn::TrainEstimate& estimate, double seconds,
                                          const learn::TrainSettings& settings,
                                          std::size_t samples) {
  const auto batch = static_cast<std::size_t>(settings.batch_size);
  const std::size_t batches = (samples + batch - 1) / batch;
  if (mode_ != report::ProgressMode::silent) {
    constexpr std::size_t megabyte = 1'000'000;
    const std::string line =
        title + ": " + std::to_string(samples) + " samples, about " +
        report::duration_text(seconds) + " and " +
        std::to_string((estimate.signal_bytes + estimate.parameter_bytes + megabyte / 2) /
                       megabyte) +
        " MB\n";
    std::fputs(line.c_str(), stderr);
  }
  progress_ = std::make_shared<report::Progress>(
      title, batches * static_cast<std::size_t>(settings.epochs), mode_);
  return [progress = progress_](const learn::TrainProgress& now) {
    const std::size_t done = static_cast<std::size_t>(now.epoch) * now.batches + now.batch;
    const std::string status = "epoch " + std::to_string(now.epoch + 1) + '/' +
                               std::to_string(now.epochs) + ", " +
                               report::training_status(now.loss, now.accuracy);
    if (now.epoch_done)
      progress->milestone(done, status);
    else
      progress->advance(done, status);
  };
}

SNNBD_COLD void Watcher::finish() {
  if (progress_) progress_->finish();
  progress_.reset();
}

SNNBD_COLD NetworkView::Observer Watcher::measuring(const std::string& title,
                                                    std::size_t samples) const {
  return detail::LateProgress{title, samples, mode_};
}

}  // namespace snnbd::inline SNNBD_ISA::experiment
