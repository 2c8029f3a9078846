#pragma once

#include <cstddef>
#include <limits>
#include <optional>
#include <span>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

/// The ends of a confidence interval: of a probability, each in [0, 1], unless said otherwise.
struct Interval {
  double low = 0.0;
  double high = 1.0;

  friend bool operator==(const Interval&, const Interval&) = default;
};

/// How many standard deviations around its mean hold a share `confidence` of a normal variable.
///
/// @param confidence above 0 and below 1; 0.95 gives 1.959964
/// @throws Error if it is outside
double normal_quantile(double confidence);

/// The score interval of a probability, after `hits` in `total` trials: all p with
/// (hits/total - p)^2 <= z^2 p(1-p)/total (Wilson 1927). It stays within [0, 1] and is [0, 1]
/// without trials.
///
/// @throws Error if `hits` exceeds `total` or `confidence` is not above 0 and below 1
Interval wilson_interval(std::size_t hits, std::size_t total, double confidence = 0.95);

/// The percentile interval of a bootstrap (Efron 1979). Of B values, the floor(B (1 - confidence) /
/// 2) smallest and as many of the largest are left out. If the quantity is undefined in a resample,
/// the resample counts at both ends, as smaller and as larger than all others.
///
/// @param resampled the quantity in each resample, in its own unit
/// @returns nothing if one of the ends falls among the undefined
/// @throws Error if `confidence` is not above 0 and below 1, or leaves out no resample
std::optional<Interval> percentile_interval(std::span<const std::optional<double>> resampled,
                                            double confidence = 0.95);

/// A share of samples, kept as counts so that its uncertainty is never lost.
struct Rate {
  std::size_t hits = 0;
  std::size_t total = 0;

  /// From 0 to 1; not a number if there are no samples.
  [[nodiscard]] double fraction() const {
    if (total == 0) return std::numeric_limits<double>::quiet_NaN();
    return static_cast<double>(hits) / static_cast<double>(total);
  }

  /// From 0 to 100; not a number if there are no samples.
  [[nodiscard]] double percent() const { return 100.0 * fraction(); }

  /// The interval of the probability that the share estimates; see `wilson_interval`.
  [[nodiscard]] Interval wilson(double confidence = 0.95) const {
    return wilson_interval(hits, total, confidence);
  }

  friend bool operator==(const Rate&, const Rate&) = default;
};

}  // namespace snnbd::inline SNNBD_ISA::metric

#if !defined(SNNBD_COMPILED)
#include <snnbd/metric/interval.ipp>
#endif
