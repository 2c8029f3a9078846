#pragma once

#include <cmath>
#include <cstddef>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

class FittedScaleUp;

/// SCALE-UP (Guo et al. 2023): a trigger still works if all values of a sample are multiplied; what
/// a clean sample shows is lost. The score is the share of the multiplied samples that are given
/// the class of the sample itself, less the mean of clean samples of that class and over their
/// deviation. Values are multiplied above the lowest that they may have, and clipped to the
/// highest.
///
/// With few factors many samples have the same share, and a threshold for a rare false alarm finds
/// nothing. So half of a step between two shares comes from the outputs: how far the class is ahead
/// of the next one, on average over the factors, as a part of all that outputs differ by.
struct ScaleUp {
  static constexpr std::string_view name = "scale_up";
  std::vector<double> factors{3.0, 5.0, 7.0, 9.0, 11.0};  ///< the authors'
  bool by_class = true;  ///< in deviations of clean samples of a class, or the share as it is
  /// Deviations of a class count as at least this, so that a class of samples which all stay what
  /// they are does not make others infinitely odd.
  double least_deviation = 0.05;

  void check() const {
    if (factors.empty()) reject("factors of scale_up", "at least one", "none");
    for (const double factor : factors) require_positive("factor of scale_up", factor);
    require_positive("least deviation of scale_up", least_deviation);
  }

  /// @throws Error if a setting is out of range or there are no clean samples
  [[nodiscard]] FittedScaleUp fit(const NetworkProbe& suspect,
                                  const defend::Evidence& evidence) const;
};

/// What SCALE-UP has learned from clean samples.
class FittedScaleUp {
 public:
  FittedScaleUp(const ScaleUp& settings, const NetworkProbe& suspect,
                const defend::Evidence& evidence);

  [[nodiscard]] std::vector<double> scores(data::DatasetView set) const;

 private:
  /// How many of the multiplied samples keep a class, and what class that is.
  struct Kept {
    std::vector<double> share;
    std::vector<int> label;
  };
  [[nodiscard]] Kept kept(data::DatasetView set) const;

  ScaleUp settings_;
  const NetworkProbe& suspect_;
  std::vector<double> means_;  ///< of each class
  std::vector<double> deviations_;
};

inline FittedScaleUp ScaleUp::fit(const NetworkProbe& suspect,
                                  const defend::Evidence& evidence) const {
  return {*this, suspect, evidence};
}

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/scale_up.ipp>
#endif
