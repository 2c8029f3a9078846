#pragma once

#include <algorithm>
#include <cmath>

#include <snnbd/core/error.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/detect/class_outlier.hpp>
#include <snnbd/statistics/roc.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

SNNBD_COLD std::vector<double> left_out_scores(std::span<const double> values) {
  if (values.size() < 3) reject("values to compare", "at least 3", values.size());
  for (const double value : values)
    if (!std::isfinite(value)) reject("value to compare", "a finite number", value);
  std::vector<double> scores(values.size());
  const auto others = static_cast<double>(values.size() - 1);
  for (std::size_t left = 0; left < values.size(); ++left) {
    double mean = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (i != left) mean += values[i] / others;
    double squares = 0.0;
    for (std::size_t i = 0; i < values.size(); ++i)
      if (i != left) squares += (values[i] - mean) * (values[i] - mean);
    const double distance = values[left] - mean;
    const double deviation = std::sqrt(squares / (others - 1.0));
    // What rounding leaves of equal values is no deviation.
    const double least = 1e-12 * std::max(std::abs(mean), std::abs(values[left]));
    if (std::abs(distance) > least) scores[left] = distance / std::max(deviation, least);
  }
  return scores;
}

SNNBD_COLD double left_out_threshold(int classes, double rate, std::uint64_t seed) {
  if (classes < 3) reject("classes to compare", "at least 3", classes);
  if (!(rate > 0.0 && rate < 1.0))
    reject("false-positive rate", "a number above 0 and below 1", rate);
  std::vector<double> largest(20'000);
  std::vector<double> values(static_cast<std::size_t>(classes));
  for (std::size_t turn = 0; turn < largest.size(); ++turn) {
    random::Stream random{seed, random::Purpose::defend, turn};
    for (double& value : values) value = random.normal();
    largest[turn] = std::ranges::max(left_out_scores(values));
  }
  return statistics::empirical_threshold(largest, rate);
}

}  // namespace snnbd::inline SNNBD_ISA::detect
