#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>
#include <string_view>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/statistics/spike_train.hpp>

namespace snnbd::inline SNNBD_ISA::statistics {

namespace detail {

inline void check_train(std::string_view subject, std::span<const int> steps) {
  const auto place = std::ranges::is_sorted_until(steps);
  if (place != steps.end())
    reject(subject, "ascending numbers, so at least " + std::to_string(*(place - 1)), *place);
}

inline void check_tau(double tau) {
  if (!(tau > 0.0 && std::isfinite(tau))) reject("tau", "a finite number above 0", tau);
}

template <class Value>
std::vector<int> steps_of(std::span<const Value> train) {
  std::vector<int> steps;
  for (std::size_t step = 0; step < train.size(); ++step)
    if (train[step] != Value{}) steps.push_back(static_cast<int>(step));
  return steps;
}

}  // namespace detail

SNNBD_INLINE std::vector<int> spike_steps(std::span<const float> train) {
  return detail::steps_of(train);
}

SNNBD_INLINE std::vector<int> spike_steps(std::span<const std::uint8_t> train) {
  return detail::steps_of(train);
}

SNNBD_INLINE double van_rossum_distance(std::span<const int> one, std::span<const int> other,
                                        double tau) {
  detail::check_train("first spike train", one);
  detail::check_train("second spike train", other);
  detail::check_tau(tau);
  // Between two spikes the difference of the traces decays, and its squares are a geometric sum.
  double sum = 0.0;
  double difference = 0.0;
  std::size_t i = 0;
  std::size_t j = 0;
  for (double now = 0.0; i < one.size() || j < other.size();) {
    const int step = j == other.size() || (i < one.size() && one[i] < other[j]) ? one[i] : other[j];
    const double passed = step - now;
    sum -= difference * difference * std::expm1(-2.0 * passed / tau);
    difference *= std::exp(-passed / tau);
    now = step;
    for (; i < one.size() && one[i] == step; ++i) difference += 1.0;
    for (; j < other.size() && other[j] == step; ++j) difference -= 1.0;
  }
  return std::sqrt(0.5 * (sum + difference * difference));
}

SNNBD_INLINE Matrix van_rossum_points(const Samples& trains, double tau) {
  detail::check_samples("spike trains", trains, 0);
  detail::check_tau(tau);
  const double decay = std::exp(-1.0 / tau);
  const double scale = std::sqrt(-0.5 * std::expm1(-2.0 / tau));
  const Index steps = trains.cols();
  Matrix points(trains.rows(), steps + 1);
  for (Index row = 0; row < trains.rows(); ++row) {
    double trace = 0.0;
    for (Index step = 0; step < steps; ++step) {
      trace = trace * decay + trains(row, step);
      points(row, step) = scale * trace;
    }
    points(row, steps) = std::sqrt(0.5) * decay * trace;
  }
  return points;
}

SNNBD_INLINE double victor_purpura_distance(std::span<const int> one, std::span<const int> other,
                                            double cost) {
  detail::check_train("first spike train", one);
  detail::check_train("second spike train", other);
  if (!(cost >= 0.0 && std::isfinite(cost)))
    reject("cost of moving a spike", "a finite number of at least 0", cost);
  // least[j]: the cost of turning the spikes so far of one into the first j of the other.
  std::vector<double> least(other.size() + 1);
  std::iota(least.begin(), least.end(), 0.0);
  for (const int step : one) {
    double diagonal = std::exchange(least[0], least[0] + 1.0);
    for (std::size_t j = 1; j < least.size(); ++j) {
      const double moved = diagonal + cost * std::abs(static_cast<double>(step) - other[j - 1]);
      diagonal = least[j];
      least[j] = std::min({least[j] + 1.0, least[j - 1] + 1.0, moved});
    }
  }
  return least.back();
}

}  // namespace snnbd::inline SNNBD_ISA::statistics
