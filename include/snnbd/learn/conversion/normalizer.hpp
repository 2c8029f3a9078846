#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/number.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/conversion/quantile.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/conversion/calibration.hpp>

/// How conversion scales: what value of an activation one spike at each step stands for.
namespace snnbd::inline SNNBD_ISA::learn {

namespace detail {
using SmallAnn =
    Network<Shape{1, 1, 1}, layer::Dense<1>, layer::Relu, layer::Dense<1>, layer::MeanOverTime>;
using SmallCalibration = Calibration<SmallAnn, encode::Direct>;
}  // namespace detail

/// Gives a scale lambda for each layer of rectifiers, in their order: the threshold of the neurons
/// that come in its place, and the real value of one of their spikes. An activation a becomes the
/// rate min(a / lambda, 1): what is larger is clipped, and T steps tell T values apart.
///
/// A member `start`, if there is one, is where the membranes begin, in thresholds. `check()`, if
/// there is one, throws `Error` for settings out of range, and `zero_cause()` says what of the
/// settings may have made a scale 0.
template <class Type>
concept Normalizer = requires(const Type& normalizer, const detail::SmallCalibration& calibration) {
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { normalizer.scales(calibration) } -> std::same_as<std::vector<double>>;
};

namespace detail {

/// What a refinement of a normalizer is called.
template <class Base, std::size_t Size>
constexpr auto with_suffix(const char (&suffix)[Size]) {
  std::array<char, Base::name.size() + Size - 1> text{};
  std::copy_n(Base::name.begin(), Base::name.size(), text.begin());
  std::copy_n(suffix, Size - 1, text.begin() + Base::name.size());
  return text;
}

/// Refuses what is not a percentile above the first: a share such as 0.999 would clip nearly all.
inline void check_percentile(std::string_view setting, double percentile) {
  if (!(percentile > 1.0 && percentile <= 100.0))
    reject(setting, "a number of percent above 1, at most 100, such as 99.9", percentile);
}

/// What of a percentile may have made the scale of an active layer 0.
inline std::string percentile_cause(double percentile, bool positive) {
  if (positive) return {};
  return ", and its percentile " + rounded_text(percentile, 6) +
         " be above 0: a larger one, or one over positive values, may help";
}

/// Refuses membranes that begin below rest or at the threshold.
inline void check_start(std::string_view setting, double start) {
  require_part(setting, start);
}

/// The largest activation of each layer over the whole set.
template <class Set>
std::vector<double> largest_activations(const Set& calibration) {
  std::vector<double> largest(std::size_t{Set::activations});
  calibration.for_each_activation([&](int number, const RealView<const float>& values) {
    double& most = largest[static_cast<std::size_t>(number)];
    most =
        static_cast<double>(kernels::largest(values.data, values.size(), static_cast<float>(most)));
  });
  return largest;
}

/// A moving average over the batches of what `statistic(values)` gives for each layer, from that of
/// the first batch: lambda <- (1 - momentum) lambda + momentum statistic(batch).
template <class Set, class Statistic>
std::vector<double> moving_average(const Set& calibration, double momentum,
                                   const Statistic& statistic) {
  std::vector<double> scales(std::size_t{Set::activations});
  std::vector<bool> begun(scales.size());
  calibration.for_each_activation([&](int number, const RealView<const float>& values) {
    const auto layer = static_cast<std::size_t>(number);
    const double found = statistic(values);
    scales[layer] = begun[layer] ? (1.0 - momentum) * scales[layer] + momentum * found : found;
    begun[layer] = true;
  });
  return scales;
}

}  // namespace detail

/// The largest activation of each layer over the calibration set, whatever its order: data-based
/// normalization (Diehl et al. 2015, Sec. III), without the largest weight that its code also looks
/// at. Nothing is clipped; rates are low where a few activations are large.
struct MaxNorm {
  static constexpr std::string_view name = "max_norm";

  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    return detail::largest_activations(calibration);
  }
};

/// A share of the largest activation: lambda = factor * max. Activations above it are clipped, all
/// others fire more often. What the paper calls Spike-Norm with a scale of 1/2 to 1/5 (Jin et al.
/// 2024, Fig. 7).
struct ScaledMax {
  static constexpr std::string_view name = "scaled_max";
  double factor = 0.5;

  void check() const { require_positive("factor of scaled_max", factor); }

  /// @throws Error if `factor` is not above 0
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    check();
    auto largest = detail::largest_activations(calibration);
    for (double& scale : largest) scale *= factor;
    return largest;
  }
};

/// A moving average of the batches' largest activations, as SpikingJelly's converter has it (Fang
/// et al. 2023, ann2snn): lambda <- (1 - momentum) lambda + momentum factor max(batch), from
/// factor max(first batch). It depends on the size and the order of the batches.
struct MovingMaxNorm {
  static constexpr std::string_view name = "moving_max_norm";
  double momentum = 0.1;
  double factor = 1.0;

  void check() const {
    require_share("momentum of moving_max_norm", momentum);
    require_positive("factor of moving_max_norm", factor);
  }

  /// @throws Error if a setting is out of range
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    check();
    return detail::moving_average(calibration, momentum, [&](const RealView<const float>& values) {
      return factor * static_cast<double>(kernels::largest(values.data, values.size(), 0.0F));
    });
  }
};

/// A percentile of the activations of each layer in place of the largest one, so that outliers do
/// not slow down all others (Rueckauer et al. 2017, Sec. 2.2.2). SpikingJelly takes it over all
/// activations, the SNN toolbox over those above zero. Exact, in two passes over the set.
struct RobustNorm {
  static constexpr std::string_view name = "robust_norm";
  double percentile = 99.9;  ///< in percent, above 1
  bool positive = false;     ///< over activations above zero, else over all
  static constexpr Index bytes_for_a_layer = Index{1} << 20;  ///< that finding a scale takes

  void check() const { detail::check_percentile("percentile of robust_norm", percentile); }

  /// Of a layer that is active, but so rarely that the percentile is 0.
  [[nodiscard]] std::string zero_cause() const {
    return detail::percentile_cause(percentile, positive);
  }

  /// @throws Error if the percentile is not above 1 and at most 100
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    check();
    std::vector<kernels::Quantile> quantiles(std::size_t{Set::activations},
                                             kernels::Quantile{percentile / 100.0, positive});
    bool again = true;
    while (again) {
      calibration.for_each_activation([&](int number, const RealView<const float>& values) {
        quantiles[static_cast<std::size_t>(number)].observe(values.data, values.size());
      });
      again = false;
      for (kernels::Quantile& quantile : quantiles) again = quantile.again() || again;
    }
    std::vector<double> scales(quantiles.size());
    std::transform(quantiles.begin(), quantiles.end(), scales.begin(),
                   [](const kernels::Quantile& quantile) { return quantile.value(); });
    return scales;
  }
};

/// A moving average of the batches' percentiles: lambda <- (1 - momentum) lambda + momentum
/// percentile(batch), from that of the first batch. What SpikingJelly's converter does in its mode
/// "99.9%". It needs one pass, and depends on the size and the order of the batches.
struct MovingRobustNorm {
  static constexpr std::string_view name = "moving_robust_norm";
  double percentile = 99.9;  ///< in percent, above 1
  double momentum = 0.1;
  bool positive = false;  ///< over activations above zero, else over all, as SpikingJelly does

  void check() const {
    detail::check_percentile("percentile of moving_robust_norm", percentile);
    require_share("momentum of moving_robust_norm", momentum);
  }

  /// Of a layer that is active, but so rarely that the percentile is 0.
  [[nodiscard]] std::string zero_cause() const {
    return detail::percentile_cause(percentile, positive);
  }

  /// @throws Error if a setting is out of range
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    check();
    return detail::moving_average(calibration, momentum, [&](const RealView<const float>& values) {
      return kernels::quantile_of(values.data, values.size(), percentile / 100.0, positive);
    });
  }
};

/// The limits that a `QcfsTwin` has learned, with membranes that begin at half of them (Bu et al.
/// 2022, Theorem 2). The calibration set is not looked at.
struct LearnedNorm {
  static constexpr std::string_view name = "learned_norm";
  static constexpr double start = 0.5;

  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    using Net = typename Set::NetType;
    std::vector<double> limits;
    for (const network::ParameterTensor& tensor : Net::tensors())
      if (tensor.parameter.kind == layer::ParameterKind::neuron)
        limits.push_back(static_cast<double>(
            calibration.net().parameters()[static_cast<std::size_t>(tensor.offset)]));
    if (limits.size() != std::size_t{Set::activations})
      reject("network for learned_norm", "a limit for each layer of rectifiers, as a QcfsTwin has",
             std::to_string(limits.size()) + " of " + std::to_string(Set::activations));
    return limits;
  }
};

/// Any normalizer, with membranes that begin at half of the threshold: the number of spikes is
/// rounded and no longer floored, which makes the expected error of quantization zero (Bu et al.
/// 2022, "Optimized Potential Initialization", Theorem 1).
///
/// ```cpp
/// learn::HalfStart<learn::RobustNorm> normalizer{{.percentile = 99.0}};
/// ```
template <Normalizer Base>
struct HalfStart : Base {
  static constexpr auto name_text = detail::with_suffix<Base>("_half_start");
  static constexpr std::string_view name{name_text.data(), name_text.size()};
  static constexpr double start = 0.5;
};

}  // namespace snnbd::inline SNNBD_ISA::learn
