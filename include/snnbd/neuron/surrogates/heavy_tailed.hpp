#pragma once

#include <cmath>
#include <numbers>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

/// Surrogates whose tails fall as a power of |x|: all units pass some gradient.
namespace snnbd::inline SNNBD_ISA::neuron {

/// Derivative of an arctangent (Fang et al. 2021): h(x) = s / (2 (1 + (pi s x / 2)^2)).
struct Arctangent {
  static constexpr std::string_view name = "arctangent";
  double steepness = 2.0;

  void check() const { require_positive("arctangent steepness", steepness); }

  template <class Value>
  Value derivative(Value x) const {
    const Value scaled = x * lanes::constant<Value>(0.5 * std::numbers::pi * steepness);
    return lanes::constant<Value>(0.5 * steepness) / (lanes::constant<Value>(1) + scaled * scaled);
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value scaled = x * lanes::constant<Value>(0.5 * std::numbers::pi * steepness);
    return lanes::arctangent(scaled) * lanes::constant<Value>(std::numbers::inv_pi) +
           lanes::constant<Value>(0.5);
  }
};

/// SuperSpike (Zenke and Ganguli 2018): h(x) = height / (1 + s|x|)^2. SpikingJelly's has s = 1 and
/// calls the height alpha; Norse's has height 1 and s = 100. Its area is 2 height / s.
struct SuperSpike {
  static constexpr std::string_view name = "super_spike";
  double height = 1.0;
  double steepness = 1.0;

  void check() const {
    require_positive("super_spike height", height);
    require_positive("super_spike steepness", steepness);
  }

  template <class Value>
  Value derivative(Value x) const {
    const Value one = growth(x);
    return lanes::constant<Value>(height) / (one * one);
  }
  template <class Value>
  Value primitive(Value x) const {
    return lanes::constant<Value>(0.5) + lanes::constant<Value>(height) * x / growth(x);
  }

 private:
  template <class Value>
  Value growth(Value x) const {
    return lanes::constant<Value>(1) + lanes::absolute(x) * lanes::constant<Value>(steepness);
  }
};

/// Derivative of a fast sigmoid (Zenke and Ganguli 2018, as in snnTorch): h(x) = 1 / (1 + s|x|)^2.
/// Its primitive x / (1 + s|x|) + 1/2 runs from 1/2 - 1/s to 1/2 + 1/s: unit area only for s = 2.
struct FastSigmoid {
  static constexpr std::string_view name = "fast_sigmoid";
  double steepness = 25.0;

  void check() const { require_positive("fast_sigmoid steepness", steepness); }

  template <class Value>
  Value derivative(Value x) const {
    return SuperSpike{1.0, steepness}.derivative(x);
  }
  template <class Value>
  Value primitive(Value x) const {
    return SuperSpike{1.0, steepness}.primitive(x);
  }
};

/// Derivative of a soft sign (SpikingJelly's `SoftSign`): h(x) = s / (2 (1 + s|x|)^2), of unit
/// area. Its height is s/2; `FastSigmoid` is the same curve of height 1.
struct SoftSign {
  static constexpr std::string_view name = "soft_sign";
  double steepness = 2.0;

  void check() const { require_positive("soft_sign steepness", steepness); }

  template <class Value>
  Value derivative(Value x) const {
    return SuperSpike{0.5 * steepness, steepness}.derivative(x);
  }
  template <class Value>
  Value primitive(Value x) const {
    return SuperSpike{0.5 * steepness, steepness}.primitive(x);
  }
};

/// q-PseudoSpike (Herranz-Celotti and Rouat 2022): h(x) = (1 + 2|x| / (alpha - 1))^-alpha, of unit
/// height and area. `alpha`, q in the paper, sets how heavy the tails are: towards 1 they fall as
/// 1/|x|, and the larger it is the nearer is h to exp(-2|x|).
struct QPseudoSpike {
  static constexpr std::string_view name = "q_pseudo_spike";
  double alpha = 2.0;

  void check() const {
    if (!(alpha > 1.0) || !std::isfinite(alpha))
      reject("q_pseudo_spike alpha", "a number above 1", alpha);
  }

  template <class Value>
  Value derivative(Value x) const {
    return lanes::exponential(lanes::constant<Value>(-alpha) * growth(x));
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value tail = lanes::constant<Value>(0.5) *
                       lanes::exponential(lanes::constant<Value>(1.0 - alpha) * growth(x));
    return lanes::select(x < lanes::constant<Value>(0), tail, lanes::constant<Value>(1) - tail);
  }

 private:
  /// ln(1 + 2|x| / (alpha - 1)).
  template <class Value>
  Value growth(Value x) const {
    return lanes::log_one_plus(lanes::absolute(x) * lanes::constant<Value>(2.0 / (alpha - 1.0)));
  }
};

/// Derivative of the logarithm with a sign (SpikingJelly's `NonzeroSignLogAbs`): h(x) = s / (1 +
/// s|x|). Its primitive sign(x) ln(1 + s|x|) is 0 at the threshold and has no bounds, so that the
/// area is infinite.
struct NonzeroSignLogAbs {
  static constexpr std::string_view name = "nonzero_sign_log_abs";
  double steepness = 1.0;

  void check() const { require_positive("nonzero_sign_log_abs steepness", steepness); }

  template <class Value>
  Value derivative(Value x) const {
    const Value slope = lanes::constant<Value>(steepness);
    return slope / (lanes::constant<Value>(1) + lanes::absolute(x) * slope);
  }
  template <class Value>
  Value primitive(Value x) const {
    const Value size = lanes::log_one_plus(lanes::absolute(x) * lanes::constant<Value>(steepness));
    return lanes::select(x < lanes::constant<Value>(0), -size, size);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
