#pragma once

#include <concepts>
#include <string_view>

#include <snnbd/core/policy.hpp>
#include <snnbd/kernels/simd/lanes.hpp>

namespace snnbd::inline SNNBD_ISA::neuron {

/// What happens to the membrane when a neuron fires, and what that means for the gradient. A reset
/// for neurons that train their threshold also has `threshold_gradient`, as those below. `check()`,
/// if there is one, throws `Error` for settings out of range.
template <class Type>
concept Reset = requires(const Type reset, float x) {
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  { reset.resting() } -> std::convertible_to<double>;
  { reset.after(x, x, x) } -> std::same_as<float>;
  { reset.gradient(x, x, x, x, x, x) } -> std::same_as<float>;
};

/// The membrane falls to `value`: V = (1 - S) H + S value.
struct HardReset {
  static constexpr std::string_view name = "hard";
  double value = 0.0;
  bool detached = false;  ///< whether the gradient ignores that S depends on H here

  void check() const { require_finite("hard reset value", value); }
  [[nodiscard]] double resting() const { return value; }

  template <class Value>
  Value after(Value charge, Value spike, Value /*threshold*/) const {
    return (lanes::constant<Value>(1) - spike) * charge + spike * lanes::constant<Value>(value);
  }
  /// gH = gS h + gV [(1 - S) + (value - H) h], the last term only if not detached.
  template <class Value>
  Value gradient(Value spike_gradient, Value membrane_gradient, Value charge, Value spike,
                 Value slope, Value /*threshold*/) const {
    const Value through =
        detached ? lanes::constant<Value>(0) : lanes::constant<Value>(value) - charge;
    return spike_gradient * slope +
           membrane_gradient * (lanes::constant<Value>(1) - spike + through * slope);
  }
  /// What the threshold adds to its gradient, with dS/dthreshold: (gS + gV (value - H)) dS, the
  /// second term only if not detached.
  template <class Value>
  Value threshold_gradient(Value spike_gradient, Value membrane_gradient, Value charge,
                           Value /*spike*/, Value spike_change, Value /*threshold*/) const {
    const Value through =
        detached ? lanes::constant<Value>(0) : lanes::constant<Value>(value) - charge;
    return (spike_gradient + membrane_gradient * through) * spike_change;
  }
};

/// The threshold is subtracted: V = H - S threshold. What a converted network needs.
struct SoftReset {
  static constexpr std::string_view name = "soft";
  bool detached = false;  ///< whether the gradient ignores that S depends on H here

  [[nodiscard]] double resting() const { return 0.0; }

  template <class Value>
  Value after(Value charge, Value spike, Value threshold) const {
    return charge - spike * threshold;
  }
  /// gH = gS h + gV (1 - threshold h), the last term only if not detached.
  template <class Value>
  Value gradient(Value spike_gradient, Value membrane_gradient, Value /*charge*/, Value /*spike*/,
                 Value slope, Value threshold) const {
    const Value through = detached ? lanes::constant<Value>(0) : -threshold;
    return spike_gradient * slope +
           membrane_gradient * (lanes::constant<Value>(1) + through * slope);
  }
  /// (gS - gV threshold) dS - gV S, the term in the brackets only if not detached.
  template <class Value>
  Value threshold_gradient(Value spike_gradient, Value membrane_gradient, Value /*charge*/,
                           Value spike, Value spike_change, Value threshold) const {
    const Value through = detached ? lanes::constant<Value>(0) : -threshold;
    return (spike_gradient + membrane_gradient * through) * spike_change -
           membrane_gradient * spike;
  }
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
