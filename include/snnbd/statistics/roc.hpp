#pragma once

#include <span>
#include <vector>

#include <snnbd/core/config.hpp>

/// How well a score tells clean from poisoned. A larger score is more suspicious; what is above a
/// threshold is flagged, what equals it is not.
namespace snnbd::inline SNNBD_ISA::statistics {

/// AUROC: the chance that a poisoned sample has a larger score than a clean one, where equal scores
/// count half; the area below the ROC curve. By mid-ranks (Mann and Whitney 1947).
///
/// @throws Error if either has no scores, or one that is not finite
double auroc(std::span<const double> clean, std::span<const double> poisoned);

/// A point of the ROC curve.
struct RocPoint {
  double threshold = 0.0;
  double false_positive_rate = 0.0;  ///< the share of clean scores above the threshold
  double true_positive_rate = 0.0;   ///< the share of poisoned scores above the threshold

  friend bool operator==(const RocPoint&, const RocPoint&) = default;
};

/// The ROC curve: a point for each score as a threshold, the largest first, at which nothing is
/// flagged, and one for minus infinity, at which everything is.
///
/// @throws Error as `auroc`
std::vector<RocPoint> roc_curve(std::span<const double> clean, std::span<const double> poisoned);

/// The area below a curve by trapezoids; of a ROC curve its AUROC.
double area_below(std::span<const RocPoint> curve);

/// The share of scores above a threshold: of clean ones the false-positive rate, of poisoned ones
/// the true-positive rate.
///
/// @throws Error if there are no scores, or one that is not finite
double flagged_share(std::span<const double> scores, double threshold);

/// The smallest threshold at which at most a share `rate` of these scores is flagged: the (k + 1)th
/// largest score, with k = floor(rate n). On the scores themselves the rate is kept; on others of
/// the same kind it is kept on average.
///
/// @param clean scores of held-out clean samples
/// @param rate the false-positive rate that is asked for, from 0 to 1; minus infinity for 1
/// @throws Error as `flagged_share`, or if the rate is outside
double empirical_threshold(std::span<const double> clean, double rate);

/// The threshold that normal scores with the mean and deviation (divided by n) of these would
/// exceed at that rate: mean + deviation * normal_quantile(1 - rate). STRIP's threshold, of negated
/// entropies (Gao et al. 2019).
///
/// @param rate above 0 and below 1
/// @throws Error as `flagged_share`, or if the rate is outside
double normal_threshold(std::span<const double> clean, double rate);

/// TPR at a FPR: the share of poisoned scores above the threshold that flags at most a share `rate`
/// of the clean ones.
///
/// @throws Error as `auroc`, or if the rate is not from 0 to 1
double true_positive_rate_at(std::span<const double> clean, std::span<const double> poisoned,
                             double rate);

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/roc.ipp>
#endif
