#pragma once

#include <type_traits>
#include <utility>

#include <snnbd/kernels/lanes.hpp>
#include <snnbd/neuron/model.hpp>

namespace snnbd::inline SNNBD_ISA::neuron {

/// A neuron's constants in registers and its maths for one lane group: what a sweep runs.
template <class Neuron, class Value>
class Cell {
 public:
  static constexpr bool smooth = requires { Neuron::is_smooth; };
  static constexpr int parameter_count = Neuron::parameter_count;
  /// Whether it pays to ask which units are live.
  static constexpr bool compact =
      !smooth && CompactSurrogate<std::remove_cvref_t<decltype(std::declval<Neuron>().surrogate)>>;

  /// @param amplitude the real value of one spike
  /// @param start the membrane before the first step, in thresholds above rest
  explicit Cell(const Neuron& neuron, double amplitude = 1.0, double start = 0.0)
      : neuron_{neuron},
        leak_{lanes::constant<Value>(neuron.leak())},
        gain_{lanes::constant<Value>(neuron.gain())},
        offset_{lanes::constant<Value>(neuron.offset())},
        threshold_{lanes::constant<Value>(neuron.threshold)},
        initial_{lanes::constant<Value>(static_cast<double>(neuron.reset.resting()) +
                                        start * static_cast<double>(neuron.threshold))},
        amplitude_{lanes::constant<Value>(amplitude)} {
    if constexpr (NormalisedSurrogate<Neuron>) {
      if (neuron.normalise_by_threshold) scale_ = lanes::constant<Value>(1.0 / neuron.threshold);
    }
  }

  [[nodiscard]] Value initial() const { return initial_; }

  [[nodiscard]] Value charge(Value membrane, Value current) const {
    return leak_ * membrane + (gain_ * current + offset_);
  }

  [[nodiscard]] Value fire(Value charge) const {
    if constexpr (smooth) {
      return neuron_.surrogate.primitive((charge - threshold_) * scale_);
    } else {
      return lanes::select(charge >= threshold_, lanes::constant<Value>(1),
                           lanes::constant<Value>(0));
    }
  }

  /// What layers behind see of a spike.
  [[nodiscard]] Value value(Value spike) const { return amplitude_ * spike; }

  [[nodiscard]] Value reset(Value charge, Value spike) const {
    return neuron_.reset.after(charge, spike, threshold_);
  }

  /// dL/dH from dL/dvalue and dL/dV, with dL/dS = amplitude * dL/dvalue.
  [[nodiscard]] Value charge_gradient(Value value_gradient, Value membrane_gradient, Value charge,
                                      Value spike) const {
    return neuron_.reset.gradient(amplitude_ * value_gradient, membrane_gradient, charge, spike,
                                  slope(charge), threshold_);
  }

  /// Whether the gradient of a spike can enter here.
  [[nodiscard]] auto live(Value charge) const { return slope(charge) != lanes::constant<Value>(0); }

  [[nodiscard]] Value input_gradient(Value charge_gradient) const {
    return gain_ * charge_gradient;
  }
  [[nodiscard]] Value membrane_gradient(Value charge_gradient) const {
    return leak_ * charge_gradient;
  }

  /// dH/dw of the neuron's own parameter.
  [[nodiscard]] Value parameter_slope(Value charge, Value before) const {
    return neuron_.charge_slope(charge, before);
  }

 private:
  [[nodiscard]] Value slope(Value charge) const {
    return neuron_.surrogate.derivative((charge - threshold_) * scale_) * scale_;
  }

  Neuron neuron_;
  Value leak_;
  Value gain_;
  Value offset_;
  Value threshold_;
  Value initial_;
  Value amplitude_;
  Value scale_ = lanes::constant<Value>(1);
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
