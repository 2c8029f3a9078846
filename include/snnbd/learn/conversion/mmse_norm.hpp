#pragma once

#include <algorithm>
#include <string_view>
#include <vector>

#include <snnbd/kernels/conversion/quantization.hpp>
#include <snnbd/learn/conversion/normalizer.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// The scale with the smallest squared error of clipping and quantization at a number of steps, out
/// of 1, 2, ... hundredths of the largest activation: the threshold of SNN calibration (Li et al.
/// 2021, Sec. 4.1). Membranes begin at half of it. Made for few steps; converts for more too.
struct MmseNorm {
  static constexpr std::string_view name = "mmse_norm";
  Index timesteps = 32;  ///< that the network will run for
  double start = 0.5;    ///< of the membranes, in thresholds

  void check() const {
    if (timesteps < 1) reject("timesteps of mmse_norm", "at least 1", timesteps);
    detail::check_start("start of mmse_norm", start);
  }

  /// @throws Error if a setting is out of range
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    check();
    auto scales = detail::largest_activations(calibration);
    std::vector<std::vector<double>> grids(scales.size());
    std::vector<std::vector<double>> errors(scales.size(), std::vector<double>(candidates));
    for (std::size_t layer = 0; layer < scales.size(); ++layer)
      for (std::size_t i = 0; i < candidates; ++i)
        grids[layer].push_back(scales[layer] * static_cast<double>(i + 1) /
                               static_cast<double>(candidates));
    calibration.for_each_activation([&](int number, const RealView<const float>& values) {
      const auto layer = static_cast<std::size_t>(number);
      if (scales[layer] > 0.0)
        kernels::add_quantization_errors(values.data, values.size(), {timesteps, start},
                                         grids[layer], errors[layer]);
    });
    for (std::size_t layer = 0; layer < scales.size(); ++layer) {
      const auto best = std::min_element(errors[layer].begin(), errors[layer].end());
      scales[layer] = grids[layer][static_cast<std::size_t>(best - errors[layer].begin())];
    }
    return scales;
  }

 private:
  static constexpr std::size_t candidates = 100;
};

}  // namespace snnbd::inline SNNBD_ISA::learn
