#pragma once

#include <array>
#include <type_traits>
#include <utility>

#include <snnbd/kernels/simd/lanes.hpp>
#include <snnbd/neuron/model.hpp>

namespace snnbd::inline SNNBD_ISA::neuron {

/// A neuron's constants in registers and its maths for one lane group: what a scan runs.
template <class Neuron, class Value>
class Cell {
  using SurrogateType = std::remove_cvref_t<decltype(std::declval<Neuron>().surrogate)>;

 public:
  static constexpr bool smooth = requires { Neuron::is_smooth; };
  static constexpr int parameter_count = Neuron::parameter_count;
  using Parameters = std::array<Value, std::size_t{parameter_count}>;
  /// Whether it fires by the membrane that the step before left.
  static constexpr bool delayed = requires { Neuron::is_delayed; };
  /// Whether its gradient depends on the age of the last spike.
  static constexpr bool timed = TimedSurrogate<SurrogateType>;
  /// Whether it pays to ask which units are masked.
  static constexpr bool compact = !smooth && (timed || CompactSurrogate<SurrogateType>);
  static_assert(!(smooth && timed),
                "snnbd: a surrogate of spike times has no primitive, so there is no Smooth neuron");

  /// What a gradient is made from at one step.
  struct Step {
    Value spike_gradient;     ///< dL/dvalue, of what layers behind see
    Value membrane_gradient;  ///< dL/dV, from the step after
    Value charge;             ///< H
    Value spike;              ///< S
    Value age;                ///< steps since the last spike; only read if `timed`
  };

  /// @param amplitude the real value of one spike
  /// @param start the membrane before the first step, in thresholds above rest
  explicit Cell(const Neuron& neuron, double amplitude = 1.0, double start = 0.0)
      : neuron_{neuron},
        leak_{lanes::constant<Value>(neuron.leak())},
        gain_{lanes::constant<Value>(neuron.gain())},
        offset_{lanes::constant<Value>(neuron.offset())},
        threshold_{lanes::constant<Value>(neuron.threshold)},
        initial_{lanes::constant<Value>(neuron.reset.resting() + start * neuron.threshold)},
        amplitude_{lanes::constant<Value>(amplitude)} {
    if constexpr (NormalizedSurrogate<Neuron>) {
      normalized_ = neuron.normalize_by_threshold;
      if (normalized_) scale_ = lanes::constant<Value>(1.0 / neuron.threshold);
    }
  }

  [[nodiscard]] Value initial() const { return initial_; }

  /// The membrane by which the neuron fires.
  [[nodiscard]] Value charge(Value membrane, Value current) const {
    if constexpr (delayed) {
      return membrane;
    } else {
      return leak_ * membrane + (gain_ * current + offset_);
    }
  }

  [[nodiscard]] Value fire(Value charge) const {
    const Value one = lanes::constant<Value>(1);
    const Value zero = lanes::constant<Value>(0);
    if constexpr (smooth) {
      return neuron_.surrogate.primitive((charge - threshold_) * scale_);
    } else if constexpr (delayed) {
      return lanes::select(charge > threshold_, one, zero);
    } else {
      return lanes::select(charge >= threshold_, one, zero);
    }
  }

  /// What layers behind see of a spike.
  [[nodiscard]] Value value(Value spike) const { return amplitude_ * spike; }

  /// The membrane behind a step.
  [[nodiscard]] Value reset(Value charge, Value spike, [[maybe_unused]] Value current) const {
    if constexpr (delayed) {
      return leak_ * charge - threshold_ * spike + (gain_ * current + offset_);
    } else {
      return neuron_.reset.after(charge, spike, threshold_);
    }
  }

  /// The age of the last spike at the first step, before there was one.
  [[nodiscard]] Value unfired_age() const {
    if constexpr (requires { neuron_.surrogate.unfired_age(); }) {
      return lanes::constant<Value>(neuron_.surrogate.unfired_age());
    } else {
      return lanes::constant<Value>(never);
    }
  }

  /// The age of the last spike at the step behind one with this age.
  [[nodiscard]] Value older(Value age, Value spike) const {
    return lanes::select(spike > lanes::constant<Value>(0), lanes::constant<Value>(1),
                         age + lanes::constant<Value>(1));
  }

  /// dL/dH, with dL/dS = amplitude * dL/dvalue.
  [[nodiscard]] Value charge_gradient(const Step& step) const {
    const Value gradient =
        neuron_.reset.gradient(amplitude_ * step.spike_gradient, step.membrane_gradient,
                               step.charge, step.spike, slope(step.charge, step.age), threshold_);
    if constexpr (delayed) {
      return gradient + (leak_ - lanes::constant<Value>(1)) * step.membrane_gradient;
    } else {
      return gradient;
    }
  }

  /// Whether the gradient of a spike can enter here.
  [[nodiscard]] auto passes_gradient(Value charge, Value age) const {
    return slope(charge, age) != lanes::constant<Value>(0);
  }

  /// dL/dX, with what `charge_gradient` gave for the step.
  [[nodiscard]] Value input_gradient(const Step& step, Value charge_gradient) const {
    if constexpr (delayed) {
      return gain_ * step.membrane_gradient;
    } else {
      return gain_ * charge_gradient;
    }
  }

  /// dL/dV of the step before.
  [[nodiscard]] Value membrane_gradient(Value charge_gradient) const {
    if constexpr (delayed) {
      return charge_gradient;
    } else {
      return leak_ * charge_gradient;
    }
  }

  /// What the step adds to the gradients of the neuron's own parameters.
  ///
  /// @param before the membrane before the step; of a delayed neuron, nothing
  [[nodiscard]] Parameters parameter_gradient(const Step& step, Value charge_gradient,
                                              Value before) const {
    Parameters own = [&] {
      if constexpr (delayed) {
        return neuron_.charge_slopes(step.charge, step.charge);
      } else {
        return neuron_.charge_slopes(step.charge, before);
      }
    }();
    for (Value& gradient : own)
      gradient = gradient * (delayed ? step.membrane_gradient : charge_gradient);
    if constexpr (requires { Neuron::threshold_parameter; }) {
      const Value normalized = normalized_ ? step.charge * scale_ : lanes::constant<Value>(1);
      own[std::size_t{Neuron::threshold_parameter}] += neuron_.reset.threshold_gradient(
          amplitude_ * step.spike_gradient, step.membrane_gradient, step.charge, step.spike,
          -slope(step.charge, step.age) * normalized, threshold_);
    }
    return own;
  }

 private:
  [[nodiscard]] Value slope(Value charge, [[maybe_unused]] Value age) const {
    const Value distance = (charge - threshold_) * scale_;
    if constexpr (timed) {
      return neuron_.surrogate.derivative(distance, age) * scale_;
    } else {
      return neuron_.surrogate.derivative(distance) * scale_;
    }
  }

  Neuron neuron_;
  Value leak_;
  Value gain_;
  Value offset_;
  Value threshold_;
  Value initial_;
  Value amplitude_;
  Value scale_ = lanes::constant<Value>(1);
  bool normalized_ = false;
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
