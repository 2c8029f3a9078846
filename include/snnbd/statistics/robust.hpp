#pragma once

#include <span>
#include <vector>

#include <snnbd/core/config.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

/// The middle value, or the mean of the two in the middle.
///
/// @throws Error if there are no values, or one that is not finite
double median(std::span<const double> values);

/// The value below which a share of the values lies, from 0 (the smallest) to 1 (the largest);
/// between two values on a straight line, as NumPy's `quantile` does.
///
/// @throws Error as `median`, or if the share is not from 0 to 1
double quantile(std::span<const double> values, double share);

/// MAD: the median of the distances from the median.
///
/// @throws Error as `median`
double median_absolute_deviation(std::span<const double> values);

/// What the MAD of normal variables is multiplied by to become their standard deviation.
inline constexpr double mad_scale = 1.4826;

/// The middle of values and how far they spread, both unmoved by a few outliers.
struct RobustSpread {
  double median = 0.0;
  double deviation = 0.0;  ///< in the values' unit; 0 if all are equal
  bool by_mean = false;    ///< the MAD was 0, so the mean distance took its place
};

/// The median and 1.4826 MAD.
///
/// If more than half of the values are equal, the MAD is 0, and every other value would be
/// infinitely far away. Then the deviation is sqrt(pi / 2) times the mean distance from the median,
/// which for normal variables is their standard deviation, too (Iglewicz and Hoaglin 1993).
///
/// @throws Error as `median`
RobustSpread robust_spread(std::span<const double> values);

/// How many deviations each value is from the median, below it if negative:
/// (x - median) / deviation, with those of `robust_spread`. All are 0 if all values are equal.
///
/// @throws Error as `median`
std::vector<double> robust_scores(std::span<const double> values);

/// The anomaly index of each value, |x - median| / (1.4826 MAD) (Wang et al. 2019, Neural Cleanse,
/// which flags those above 2). The sizes of `robust_scores`, also where the MAD is 0.
///
/// @throws Error as `median`
std::vector<double> anomaly_indices(std::span<const double> values);

namespace detail {
/// The median of at least one value; their order is lost.
double median_in_place(std::span<double> values);
}  // namespace detail

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/robust.ipp>
#endif
