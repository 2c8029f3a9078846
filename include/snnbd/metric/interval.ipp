#pragma once

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/metric/check.hpp>
#include <snnbd/metric/interval.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

SNNBD_INLINE double normal_quantile(double confidence) {
  detail::check_confidence(confidence);
  // The tail erfc(z / sqrt 2) is convex, so Newton's steps from 0 rise to the root and never pass
  // it.
  const double tail = 1.0 - confidence;
  double quantile = 0.0;
  for (int step = 0; step < 200; ++step) {
    const double excess = std::erfc(quantile / std::numbers::sqrt2) - tail;
    const double slope = std::sqrt(2.0 / std::numbers::pi) * std::exp(-quantile * quantile / 2.0);
    const double next = quantile + excess / slope;
    if (!(next > quantile)) break;
    quantile = next;
  }
  return quantile;
}

SNNBD_INLINE Interval wilson_interval(std::size_t hits, std::size_t total, double confidence) {
  if (hits > total) reject("hits", "at most " + std::to_string(total), std::to_string(hits));
  const double quantile = normal_quantile(confidence);
  if (total == 0) return {};
  const auto trials = static_cast<double>(total);
  const double share = static_cast<double>(hits) / trials;
  const double square = quantile * quantile;
  const double centre = share + square / (2.0 * trials);
  const double spread =
      quantile * std::sqrt(share * (1.0 - share) / trials + square / (4.0 * trials * trials));
  const double scale = 1.0 + square / trials;
  // With no hits or no misses one end is exact, whatever rounding says.
  return {hits == 0 ? 0.0 : std::max(0.0, (centre - spread) / scale),
          hits == total ? 1.0 : std::min(1.0, (centre + spread) / scale)};
}

SNNBD_INLINE std::optional<Interval> percentile_interval(
    std::span<const std::optional<double>> resampled, double confidence) {
  detail::check_confidence(confidence);
  const auto total = static_cast<double>(resampled.size());
  constexpr double rounding = 1e-9;  // 100 * (1 - 0.9) is a little less than 10
  const auto beyond = static_cast<std::size_t>(0.5 * total * (1.0 - confidence) + rounding);
  if (beyond == 0) reject("resamples", "at least 2 / (1 - confidence)", resampled.size());
  std::vector<double> values;
  for (const std::optional<double>& value : resampled)
    if (value) values.push_back(*value);
  const std::size_t without_value = resampled.size() - values.size();
  if (without_value > beyond) return std::nullopt;
  std::sort(values.begin(), values.end());
  const std::size_t low = std::min(beyond, (resampled.size() - 1) / 2) - without_value;
  return Interval{values[low], values[values.size() - 1 - low]};
}

}  // namespace snnbd::inline SNNBD_ISA::metric
