#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include <snnbd/core/shape.hpp>
#include <snnbd/kernels/conversion/quantization.hpp>

/// What sets the firing rates of a converted layer apart from the activations that they stand for.
/// Both are read once, a task for each sample; each has sums of its own, about 50 numbers in the
/// first cache, which are folded in the order of the samples. Each pair costs some twenty
/// operations in double: arithmetic bounds it.
namespace snnbd::inline SNNBD_ISA::kernels {

/// Sum and sum of squares.
struct PowerSums {
  double first = 0.0;
  double second = 0.0;

  void add(double value) {
    first += value;
    second += value * value;
  }
  PowerSums& operator+=(const PowerSums& other) {
    first += other.first;
    second += other.second;
    return *this;
  }
  bool operator==(const PowerSums&) const = default;
};

/// The pairs of an activation and a rate whose activations lie in one interval.
struct RateBin {
  std::int64_t count = 0;
  double activation = 0.0;  ///< sum, in thresholds
  double rate = 0.0;        ///< sum

  bool operator==(const RateBin&) const = default;
};

/// Sums over pairs of an activation a and the rate r of the neuron that took its place. With the
/// activation in thresholds x = a / scale, and what T steps of a constant current make of a value,
/// q(x) = clip(floor(x T + start), 0, T) / T:
///
/// x - r = (x - min(x, 1)) + (min(x, 1) - q(x)) + (q(x) - r).
struct RateErrors {
  /// Bin 0 holds activations of 0, bin k those up to k / 10, the last one those that are clipped.
  static constexpr std::size_t bins = 12;

  std::int64_t count = 0;
  std::int64_t clipped = 0;  ///< activations above the scale
  PowerSums activation;
  PowerSums rate;
  PowerSums error;               ///< x - r
  PowerSums clipping;            ///< x - min(x, 1)
  PowerSums quantization;        ///< min(x, 1) - q(x)
  PowerSums residual;            ///< q(x) - r
  double real_activation = 0.0;  ///< sum of the squares of a
  double real_error = 0.0;       ///< sum of the squares of a - scale r
  std::array<RateBin, bins> curve{};

  RateErrors& operator+=(const RateErrors& other);
  bool operator==(const RateErrors&) const = default;
};

/// Adds the pairs of some samples. Sample by sample in their order, so that sums depend neither on
/// batches nor on threads.
///
/// @param activations [sample, unit]
/// @param spikes how many there were, [sample, unit]
/// @param units of a sample
/// @param scales of the channels, which lie next to each other, or one for all; above 0
void add_rate_errors(const float* activations, const float* spikes, Index samples, Index units,
                     const Quantization& by, std::span<const double> scales, RateErrors& sums);

/// Marks each unit whose value is above 0 in some sample.
///
/// @param values [sample, unit]
/// @param marks one for each unit; others stay as they are
void mark_positive(const float* values, Index samples, std::span<std::uint8_t> marks);

}  // namespace snnbd::inline SNNBD_ISA::kernels

#if !defined(SNNBD_COMPILED)
#include <snnbd/kernels/conversion/rate_error.ipp>
#endif
