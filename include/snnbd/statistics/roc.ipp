#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <functional>
#include <limits>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/statistics/matrix.hpp>
#include <snnbd/statistics/normal.hpp>
#include <snnbd/statistics/roc.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

/// The largest first.
inline std::vector<double> descending(std::string_view subject, std::span<const double> scores) {
  check_values(subject, scores, 1);
  std::vector<double> sorted(scores.begin(), scores.end());
  std::ranges::sort(sorted, std::greater{});
  return sorted;
}

}  // namespace detail

SNNBD_COLD std::vector<RocPoint> roc_curve(std::span<const double> clean,
                                           std::span<const double> poisoned) {
  const auto negatives = detail::descending("clean scores", clean);
  const auto positives = detail::descending("poisoned scores", poisoned);
  std::vector<RocPoint> curve;
  std::size_t false_positives = 0;
  std::size_t true_positives = 0;
  constexpr double lowest = -std::numeric_limits<double>::infinity();
  const auto at = [&](double threshold) {
    curve.push_back({threshold,
                     static_cast<double>(false_positives) / static_cast<double>(negatives.size()),
                     static_cast<double>(true_positives) / static_cast<double>(positives.size())});
  };
  while (false_positives < negatives.size() || true_positives < positives.size()) {
    const double score =
        std::max(false_positives < negatives.size() ? negatives[false_positives] : lowest,
                 true_positives < positives.size() ? positives[true_positives] : lowest);
    at(score);
    while (false_positives < negatives.size() && negatives[false_positives] == score)
      ++false_positives;
    while (true_positives < positives.size() && positives[true_positives] == score)
      ++true_positives;
  }
  at(lowest);
  return curve;
}

SNNBD_COLD double area_below(std::span<const RocPoint> curve) {
  double area = 0.0;
  for (std::size_t i = 1; i < curve.size(); ++i)
    area += (curve[i].false_positive_rate - curve[i - 1].false_positive_rate) *
            (curve[i].true_positive_rate + curve[i - 1].true_positive_rate) / 2.0;
  return area;
}

SNNBD_COLD double auroc(std::span<const double> clean, std::span<const double> poisoned) {
  struct Scored {
    double score;
    bool poisoned;
  };
  detail::check_values("clean scores", clean, 1);
  detail::check_values("poisoned scores", poisoned, 1);
  std::vector<Scored> all;
  all.reserve(clean.size() + poisoned.size());
  for (const double score : clean) all.push_back({score, false});
  for (const double score : poisoned) all.push_back({score, true});
  std::ranges::sort(all, {}, &Scored::score);
  double rank_sum = 0.0;
  for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
    std::size_t ties = 0;
    for (; last < all.size() && all[last].score == all[first].score; ++last)
      if (all[last].poisoned) ++ties;
    // Ranks begin at 1: those of first to last - 1 are first + 1 to last.
    rank_sum += static_cast<double>(ties) * 0.5 * static_cast<double>(first + 1 + last);
  }
  const auto negatives = static_cast<double>(clean.size());
  const auto positives = static_cast<double>(poisoned.size());
  return (rank_sum - 0.5 * positives * (positives + 1.0)) / (negatives * positives);
}

SNNBD_COLD double flagged_share(std::span<const double> scores, double threshold) {
  detail::check_values("scores", scores, 1);
  const auto above = std::ranges::count_if(scores, [&](double score) { return score > threshold; });
  return static_cast<double>(above) / static_cast<double>(scores.size());
}

SNNBD_COLD double empirical_threshold(std::span<const double> clean, double rate) {
  detail::check_share("false-positive rate", rate);
  const auto sorted = detail::descending("clean scores", clean);
  constexpr double rounding = 1e-9;  // 100 * 0.29 is a little less than 29
  const auto allowed =
      static_cast<std::size_t>(rate * static_cast<double>(sorted.size()) + rounding);
  if (allowed >= sorted.size()) return -std::numeric_limits<double>::infinity();
  return sorted[allowed];
}

SNNBD_COLD double normal_threshold(std::span<const double> clean, double rate) {
  detail::check_values("clean scores", clean, 1);
  if (!(rate > 0.0 && rate < 1.0))
    reject("false-positive rate", "a number above 0 and below 1", rate);
  const auto size = static_cast<double>(clean.size());
  double mean = 0.0;
  for (const double score : clean) mean += score / size;
  double variance = 0.0;
  for (const double score : clean) variance += (score - mean) * (score - mean) / size;
  return mean + std::sqrt(variance) * -normal_quantile(rate);
}

SNNBD_COLD double true_positive_rate_at(std::span<const double> clean,
                                        std::span<const double> poisoned, double rate) {
  detail::check_values("poisoned scores", poisoned, 1);
  return flagged_share(poisoned, empirical_threshold(clean, rate));
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
