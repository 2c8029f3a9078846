#pragma once

#include <span>
#include <vector>

#include <snnbd/statistics/matrix.hpp>

/// Beatrix (Ma et al. 2023): how the channels of a sample go together, compared with clean samples.
namespace snnbd::inline SNNBD_ISA::statistics {

/// The Gram features of one sample, order after order: for p = 1, 2, ... the products
/// sum_x F_c(x)^p F_e(x)^p of each two channels c <= e over the positions, each replaced by its
/// p-th root with the sign kept.
///
/// @param maps one sample, [position, channel], as signals have it
/// @param orders 1 to 16
/// @returns orders * channels (channels + 1) / 2 values; (0, 0), (0, 1), ..., (1, 1), ... in each
/// @throws Error if the maps are no whole number of positions, a value is not finite, or the orders
///         are outside
std::vector<double> gram_features(std::span<const double> maps, Index channels, int orders = 8);

struct GramOptions {
  int orders = 8;       ///< 1 to 16
  double width = 10.0;  ///< MADs on either side of the median
  double floor = 1e-6;  ///< added to the size of a bound that excesses are divided by; above 0
};

/// What Gram features of clean samples lie between, and how far others are outside.
///
/// Each feature has the bounds low, high = median -+ width * MAD, its MAD not scaled. The deviation
/// of a sample is the sum over its features g of
///
///     max(0, low - g) / (|low| + floor) + max(0, g - high) / (|high| + floor)
///
/// A feature that is 0 in most clean samples has bounds of 0; where units seldom fire, the floor
/// then decides, and 1e-6 makes any spike there a large deviation.
///
/// Memory: two numbers for each feature, and one for each sample and channel.
class GramBounds {
 public:
  /// @param maps clean samples, of one class for class-conditional bounds; each
  ///        [position, channel]
  /// @throws Error as `gram_features`, or if there are no samples or an option is outside
  GramBounds(const Samples& maps, Index channels, const GramOptions& options = {});

  /// The deviation of each sample.
  ///
  /// @throws Error if the samples have another number of values, or one that is not finite
  [[nodiscard]] std::vector<double> deviations(const Samples& maps) const;

  /// Of the features, in the order of `gram_features`.
  [[nodiscard]] const std::vector<double>& low() const { return low_; }
  [[nodiscard]] const std::vector<double>& high() const { return high_; }

 private:
  Index values_;
  Index channels_;
  GramOptions options_;
  std::vector<double> low_;
  std::vector<double> high_;
};

}  // namespace snnbd::inline SNNBD_ISA::statistics

#if !defined(SNNBD_COMPILED)
#include <snnbd/statistics/gram.ipp>
#endif
