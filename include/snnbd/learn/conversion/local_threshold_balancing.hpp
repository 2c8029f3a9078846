#pragma once

#include <string_view>
#include <vector>

#include <snnbd/kernels/conversion/quantization.hpp>
#include <snnbd/learn/conversion/normalizer.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// Thresholds that descend the squared error of clipping, E[(a - min(a, lambda))^2], whose
/// derivative is -2 E[max(a - lambda, 0)]: from 0, each batch adds to lambda twice the mean of what
/// it clips (local threshold balancing; Bu et al. 2024, "Inference-Scale Complexity in ANN-SNN
/// Conversion"; the recipe of that name in SpikingJelly). Membranes begin at half of it.
///
/// The error is smallest at the largest activation and beyond; the set ends before lambda gets
/// there, so that rare activations count little. It depends on the size, the number and the order
/// of the batches, of which it takes many, and not on the number of steps. `MmseNorm` differs: it
/// weighs clipping against quantization at a number of steps, and finds the smallest of both.
///
/// In the paper each channel has a threshold, `PerChannel<LocalThresholdBalancing>`. In
/// SpikingJelly layers see activations that those before them have clipped; here they see those of
/// the artificial network.
struct LocalThresholdBalancing {
  static constexpr std::string_view name = "local_threshold_balancing";
  double start = 0.5;  ///< of the membranes, in thresholds

  void check() const { detail::check_start("start of local_threshold_balancing", start); }

  /// @throws Error if `start` is out of range
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    check();
    std::vector<double> scales(std::size_t{Set::activations});
    calibration.for_each_activation([&](int number, const RealView<const float>& values) {
      double& scale = scales[static_cast<std::size_t>(number)];
      scale += 2.0 * kernels::sum_above(values.data, values.size(), scale) /
               static_cast<double>(values.size());
    });
    return scales;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::learn
