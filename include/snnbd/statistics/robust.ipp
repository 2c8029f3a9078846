#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numbers>
#include <numeric>

#include <snnbd/statistics/matrix.hpp>
#include <snnbd/statistics/robust.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

SNNBD_COLD double median_in_place(std::span<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  return std::midpoint(*std::max_element(values.begin(), middle), *middle);
}

inline std::vector<double> distances_from(double centre, std::span<const double> values) {
  std::vector<double> distances;
  distances.reserve(values.size());
  for (const double value : values) distances.push_back(std::abs(value - centre));
  return distances;
}

}  // namespace detail

SNNBD_COLD double median(std::span<const double> values) {
  detail::check_values("values", values, 1);
  std::vector<double> copy(values.begin(), values.end());
  return detail::median_in_place(copy);
}

SNNBD_COLD double quantile(std::span<const double> values, double share) {
  detail::check_values("values", values, 1);
  detail::check_share("share of a quantile", share);
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const double place = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

SNNBD_COLD double median_absolute_deviation(std::span<const double> values) {
  auto distances = detail::distances_from(median(values), values);
  return detail::median_in_place(distances);
}

SNNBD_COLD RobustSpread robust_spread(std::span<const double> values) {
  const double middle = median(values);
  auto distances = detail::distances_from(middle, values);
  const double mad = detail::median_in_place(distances);
  if (mad > 0.0) return {middle, mad_scale * mad, false};
  double mean = 0.0;
  for (const double distance : distances) mean += distance / static_cast<double>(distances.size());
  return {middle, std::sqrt(std::numbers::pi / 2.0) * mean, mean > 0.0};
}

SNNBD_COLD std::vector<double> robust_scores(std::span<const double> values) {
  const RobustSpread spread = robust_spread(values);
  std::vector<double> scores;
  scores.reserve(values.size());
  for (const double value : values)
    scores.push_back(spread.deviation > 0.0 ? (value - spread.median) / spread.deviation : 0.0);
  return scores;
}

SNNBD_COLD std::vector<double> anomaly_indices(std::span<const double> values) {
  auto indices = robust_scores(values);
  for (double& index : indices) index = std::abs(index);
  return indices;
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
