#pragma once

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <utility>

#include <sys/ioctl.h>
#include <unistd.h>

#include <snnbd/core/number.hpp>
#include <snnbd/report/progress.hpp>

namespace snnbd::inline SNNBD_ISA::report {

namespace detail {

inline constexpr double bar_pause = 0.1;
inline constexpr double line_pause = 5.0;

inline double steady_seconds() {
  const auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(now).count();
}

inline bool is_terminal(std::FILE* file) {
  return ::isatty(::fileno(file)) == 1;
}

inline std::size_t terminal_width(std::FILE* file) {
  winsize size{};
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-vararg): POSIX
  if (::ioctl(::fileno(file), TIOCGWINSZ, &size) != 0 || size.ws_col < 20) return 80;
  return size.ws_col;
}

/// A number with as many digits after the point as wanted.
inline std::string decimal(double number, int places) {
  return std::isfinite(number) ? decimal_text(number, places) : "?";
}

inline std::string two_digits(long long number) {
  return (number < 10 ? "0" : "") + std::to_string(number);
}

/// The time that the rest takes at the speed so far.
inline double remaining_seconds(double elapsed, std::size_t done, std::size_t total) {
  if (done == 0 || total == 0) return std::numeric_limits<double>::quiet_NaN();
  const std::size_t rest = total - std::min(done, total);
  return elapsed * static_cast<double>(rest) / static_cast<double>(done);
}

}  // namespace detail

SNNBD_COLD std::string duration_text(double seconds) {
  if (!(seconds >= 0.0 && seconds < 1e12)) return "?";
  const long long whole = std::llround(seconds);
  if (whole < 60) return std::to_string(whole) + " s";
  if (whole < 3600)
    return std::to_string(whole / 60) + " min " + detail::two_digits(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + detail::two_digits(whole / 60 % 60) + " min";
}

SNNBD_COLD std::string training_status(double loss, double accuracy) {
  return "loss " + detail::decimal(loss, 4) + ", accuracy " + detail::decimal(accuracy, 2) + " %";
}

SNNBD_COLD Progress::Progress(std::string title, std::size_t total, ProgressMode mode,
                              std::FILE* file, Clock clock)
    : title_{std::move(title)},
      total_{total},
      mode_{mode},
      file_{file},
      clock_{clock ? std::move(clock) : Clock{detail::steady_seconds}},
      start_{clock_()},
      last_{start_} {
  if (file_ == nullptr) mode_ = ProgressMode::silent;
  if (mode_ == ProgressMode::automatic)
    mode_ = detail::is_terminal(file_) ? ProgressMode::bar : ProgressMode::lines;
}

SNNBD_COLD Progress::~Progress() {
  if (!drawn_ || finished_) return;
  std::fputc('\n', file_);
  std::fflush(file_);
}

SNNBD_COLD void Progress::advance(std::size_t done, std::string_view status) {
  if (mode_ == ProgressMode::silent || finished_) return;
  const double pause = mode_ == ProgressMode::bar ? detail::bar_pause : detail::line_pause;
  const double now = clock_();
  if (now - last_ < pause) return;
  last_ = now;
  print(done, status, false);
}

SNNBD_COLD void Progress::milestone(std::size_t done, std::string_view status) {
  if (mode_ == ProgressMode::silent || finished_) return;
  last_ = clock_();
  print(done, status, true);
}

SNNBD_COLD void Progress::finish(std::string_view summary) {
  if (finished_) return;
  finished_ = true;
  if (mode_ == ProgressMode::silent) return;
  std::string text = title_ + ": done in " + duration_text(elapsed());
  if (!summary.empty()) text.append(", ").append(summary);
  if (drawn_) text.insert(0, "\r\x1B[K");
  text += '\n';
  std::fwrite(text.data(), 1, text.size(), file_);
  std::fflush(file_);
}

SNNBD_COLD void Progress::print(std::size_t done, std::string_view status, bool keep) {
  const bool in_place = mode_ == ProgressMode::bar;
  std::string text = in_place && !keep ? bar(done, status) : line(done, status);
  // The escape sequence clears what a longer line has left behind.
  if (in_place) text.insert(0, "\r\x1B[K");
  if (keep || !in_place) text += '\n';
  drawn_ = in_place && !keep;
  std::fwrite(text.data(), 1, text.size(), file_);
  std::fflush(file_);
}

SNNBD_COLD std::string Progress::line(std::size_t done, std::string_view status) const {
  const double seconds = elapsed();
  std::string text = title_ + ": " + std::to_string(done);
  if (total_ > 0) text += '/' + std::to_string(total_);
  text += ", " + duration_text(seconds);
  if (done > 0 && done < total_)
    text += ", " + duration_text(detail::remaining_seconds(seconds, done, total_)) + " left";
  if (!status.empty()) text.append(", ").append(status);
  return text;
}

SNNBD_COLD std::string Progress::bar(std::size_t done, std::string_view status) const {
  constexpr std::size_t cells = 20;
  std::string text;
  if (total_ > 0) {
    const double share = static_cast<double>(std::min(done, total_)) / static_cast<double>(total_);
    const auto full = static_cast<std::size_t>(share * static_cast<double>(cells));
    text = '[' + std::string(full, '#') + std::string(cells - full, '.') + "] ";
  }
  text += line(done, status);
  // A line as wide as the terminal would wrap, and the next one could not return to its beginning.
  const std::size_t width = detail::terminal_width(file_) - 1;
  if (text.size() > width) text.resize(width);
  return text;
}

}  // namespace snnbd::inline SNNBD_ISA::report
