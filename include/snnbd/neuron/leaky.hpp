#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <type_traits>

#include <snnbd/neuron/model.hpp>

/// Neurons of hybrid learning: their leak is a factor of its own, as converted weights are scaled
/// for a gain of 1.
namespace snnbd::inline SNNBD_ISA::neuron {

/// Leaky integrate and fire with a factor for each step: H = decay (V - rest) + rest + X. With a
/// decay of 1 it is `If`.
template <Reset ResetPolicy = SoftReset, StepSlope SurrogatePolicy = Sigmoid>
struct Leaky {
  static constexpr std::string_view name = "leaky";
  static constexpr int parameter_count = 0;

  double threshold = 1.0;
  double decay = 1.0;
  bool normalize_by_threshold = false;
  ResetPolicy reset{};
  SurrogatePolicy surrogate{};

  [[nodiscard]] double leak() const { return decay; }
  [[nodiscard]] double gain() const { return 1.0; }
  [[nodiscard]] double offset() const { return reset.resting() * (1.0 - decay); }
};

/// A leaky neuron whose threshold and decay are trained, one of each for a layer (DIET-SNN, Rathi
/// and Roy 2021, Eq. 10 to 13). `threshold` and `decay` are where they start. The threshold is held
/// above 0 and the decay between 0 and 1, wherever training takes the parameters.
template <Reset ResetPolicy = SoftReset, StepSlope SurrogatePolicy = Sigmoid>
struct Diet : Leaky<ResetPolicy, SurrogatePolicy> {
  static constexpr std::string_view name = "diet";
  static constexpr int parameter_count = 2;
  static constexpr int threshold_parameter = 0;
  static constexpr double least_threshold = 1e-6F;

  /// The threshold and the decay.
  [[nodiscard]] std::array<double, 2> initial_parameters() const {
    return {this->threshold, this->decay};
  }

  [[nodiscard]] Diet with(const std::array<double, 2>& parameters) const {
    Diet result = *this;
    result.threshold = std::max(parameters[0], least_threshold);
    result.decay = std::clamp(parameters[1], 0.0, 1.0);
    return result;
  }

  /// dH/dthreshold = 0 and dH/ddecay = V - rest.
  template <class Value>
  std::array<Value, 2> charge_slopes(Value /*charge*/, Value before) const {
    return {lanes::constant<Value>(0), before - lanes::constant<Value>(this->reset.resting())};
  }
};

/// A neuron that fires at a step by the membrane that the step before it left, and only above the
/// threshold: S_t = 1[U_{t-1} > threshold], U_t = decay U_{t-1} + X_t - threshold S_t. Each layer
/// delays its input by one step, and the last current of a sequence is without effect. The reading
/// of the code of Rathi et al. (2020).
template <NeuronModel Neuron>
struct Delayed : Neuron {
  static_assert(std::is_same_v<decltype(Neuron::reset), SoftReset>,
                "snnbd: a Delayed neuron resets by subtraction; give it SoftReset");
  static constexpr std::string_view name = "delayed";
  static constexpr bool is_delayed = true;

  [[nodiscard]] Delayed with(
      const std::array<double, std::size_t{Neuron::parameter_count}>& parameters) const
      requires(Neuron::parameter_count > 0) {
    return {Neuron::with(parameters)};
  }
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
