#pragma once

#include <cmath>
#include <limits>
#include <optional>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

namespace snnbd::inline SNNBD_ISA::neuron {

/// The age of a spike that there was not.
inline constexpr double never = std::numeric_limits<double>::infinity();

/// Spike-timing-dependent backpropagation (Rathi et al. 2020, Eq. 6; the paper's Sec. 2.2.3): a
/// spike passes gradient back the better the less time went by since the one before it,
/// h = alpha exp(-beta age), whatever the membrane. The linear form is `Triangle`, of a membrane in
/// thresholds.
///
/// A neuron that has not fired yet passes none, unless `first_age` says how old its last spike is
/// taken to be at the first step. With 1 ages are counted from the start of the sequence. With 999
/// they are those of the code of Rathi et al. (2020), which has last spikes at step -1000 and looks
/// one step back; there the power exp(-age)^beta, evaluated in single precision, then gives the 0
/// of the default.
struct SpikeTiming {
  static constexpr std::string_view name = "spike_timing";
  double alpha = 0.3;
  double beta = 0.01;                 ///< for each step
  std::optional<double> first_age{};  ///< in steps, at least 1; without it there is no last spike

  void check() const {
    require_positive("spike_timing alpha", alpha);
    require_not_negative("spike_timing beta", beta);
    if (first_age && !(*first_age >= 1.0 && std::isfinite(*first_age)))
      reject("spike_timing first_age", "a number of steps of at least 1", *first_age);
  }

  /// The age of the last spike of a neuron that has not fired, at the first step.
  [[nodiscard]] double unfired_age() const { return first_age ? *first_age : never; }

  template <class Value>
  Value derivative(Value /*x*/, Value age) const {
    const Value fresh =
        lanes::constant<Value>(alpha) * lanes::exponential(lanes::constant<Value>(-beta) * age);
    return lanes::select(age < lanes::constant<Value>(never), fresh, lanes::constant<Value>(0));
  }
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
