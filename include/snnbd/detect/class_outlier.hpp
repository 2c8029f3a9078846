#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/core/config.hpp>

/// Which class stands out from the others, and how far one of some hundred harmless networks would
/// have it stand out.
namespace snnbd::inline SNNBD_ISA::detect {

/// How far each value is from the others, in deviations of these: each is left out in turn,
/// (x - mean of the others) / deviation of the others, the deviation divided by n - 2. One value
/// that stands out does not hide itself, as it would in a deviation of all. All are 0 if all values
/// are equal; for one among others that are equal, 1e-12 of the values counts as deviation.
///
/// @throws Error if there are fewer than three values, or one that is not finite
std::vector<double> left_out_scores(std::span<const double> values);

/// What the largest of `left_out_scores` of that many independent normal values exceeds with a
/// chance of `rate`: the threshold at which so many harmless networks are flagged. Each score times
/// sqrt((n - 1) / n) has Student's distribution with n - 2 degrees of freedom; that of the largest
/// is drawn, 20,000 times.
///
/// @param classes at least 3
/// @param rate above 0 and below 1
/// @throws Error if they are others
double left_out_threshold(int classes, double rate, std::uint64_t seed = 1);

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/class_outlier.ipp>
#endif
