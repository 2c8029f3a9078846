#pragma once

#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::report {

/// How progress is shown: `automatic` is a bar on a terminal and lines elsewhere.
enum class ProgressMode { automatic, bar, lines, silent };

/// Shows how far long work has come, for how long it has run and how long it will take: a bar that
/// is redrawn in place, or plain lines some seconds apart that suit a log. Not for several threads.
class Progress {
 public:
  /// Tells seconds since any fixed moment.
  using Clock = std::function<double()>;

  /// @param total steps of the whole work, 0 if unknown
  /// @param clock for tests; the steady clock of the system if empty
  Progress(std::string title, std::size_t total, ProgressMode mode = ProgressMode::automatic,
           std::FILE* file = stderr, Clock clock = {});
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// Ends the line of an unfinished bar.
  ~Progress();

  /// Shows that `done` steps are over, unless the last time was a moment ago.
  ///
  /// @param status such as `training_status` gives
  void advance(std::size_t done, std::string_view status = {});

  /// The same, in any case, as a line that stays: the end of an epoch.
  void milestone(std::size_t done, std::string_view status = {});

  /// Shows the end of the work and its whole time. Later calls have no effect.
  void finish(std::string_view summary = {});

  /// The seconds since the beginning.
  [[nodiscard]] double elapsed() const { return clock_() - start_; }

 private:
  void print(std::size_t done, std::string_view status, bool keep);
  [[nodiscard]] std::string line(std::size_t done, std::string_view status) const;
  [[nodiscard]] std::string bar(std::size_t done, std::string_view status) const;

  std::string title_;
  std::size_t total_;
  ProgressMode mode_;
  std::FILE* file_;
  Clock clock_;
  double start_;
  double last_;
  bool drawn_ = false;
  bool finished_ = false;
};

/// `loss 0.1234, accuracy 97.10 %`
///
/// @param accuracy in percent
std::string training_status(double loss, double accuracy);

/// `8 s`, `1 min 05 s` or `2 h 03 min`; `?` if it is not known.
std::string duration_text(double seconds);

}  // namespace snnbd::inline SNNBD_ISA::report

#if !defined(SNNBD_COMPILED)
#include <snnbd/report/progress.ipp>
#endif
