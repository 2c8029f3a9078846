#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include <snnbd/statistics/matrix.hpp>

/// How far apart two spike trains are. A train is the numbers of the steps at which a unit fired,
/// in ascending order; `spike_steps` makes one of zeros and ones.
namespace snnbd::inline SNNBD_ISA::statistics {

/// The steps at which a train has a value other than 0.
std::vector<int> spike_steps(std::span<const float> train);
std::vector<int> spike_steps(std::span<const std::uint8_t> train);

/// The distance of van Rossum (2001), in discrete time. Each spike becomes a trace that begins with
/// 1 and decays by exp(-1 / tau) each step, also after the last step of the train, and
///
///     D^2 = (1 - exp(-2 / tau)) / 2 * sum_t (trace_one(t) - trace_other(t))^2
///
/// The factor is 1 / tau for large tau, as in the paper, and makes what it says of single spikes
/// exact: one spike against none is sqrt(1 / 2), and one against another d steps away is
/// sqrt(1 - exp(-d / tau)).
///
/// @param tau in steps, above 0: small, it counts spikes that do not coincide; large, it compares
///        the numbers of spikes
/// @throws Error if the steps are not in ascending order, or tau is not above 0 and finite
double van_rossum_distance(std::span<const int> one, std::span<const int> other, double tau);

/// Trains as points whose Euclidean distance is that of van Rossum: [train, step + 1], the last
/// column for what comes after the last step. Several units of a sample side by side are a point,
/// whose squared distance is the sum of those of the units.
///
/// @param trains 0 or 1, or the number of spikes, [train, step]
/// @throws Error if there are no steps, a value is not finite, or tau is not above 0 and finite
Matrix van_rossum_points(const Samples& trains, double tau);

/// The distance of Victor and Purpura (1996): the least cost of turning one train into the other,
/// where a spike is added or removed for 1, or moved for `cost` a step.
///
/// One spike against none is 1, and one against another d steps away is min(cost * d, 2).
///
/// @param cost a step, at least 0: 0 compares the numbers of spikes; from 2 on it counts spikes
///        that do not coincide
/// @throws Error if the steps are not in ascending order, or the cost is below 0 or not finite
double victor_purpura_distance(std::span<const int> one, std::span<const int> other, double cost);

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/spike_train.ipp>
#endif
