#pragma once

#include <cmath>
#include <concepts>
#include <string>
#include <string_view>

#include <snnbd/core/error.hpp>
#include <snnbd/neuron/reset.hpp>
#include <snnbd/neuron/surrogate.hpp>

/// Neurons in discrete time: charge H = leak V + gain X + offset, fire S = 1[H >= threshold],
/// reset. V starts at the resting value of the reset.
namespace snnbd::inline SNNBD_ISA::neuron {

/// What a neuron must have. `parameter_count` is 0, or 1 for a neuron with one trained parameter,
/// which then also has `initial_parameter`, `with` and `charge_slope` as `Plif` shows.
template <class Type>
concept NeuronModel = requires(const Type neuron) {
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  requires Reset<std::remove_cvref_t<decltype(neuron.reset)>>;
  requires Surrogate<std::remove_cvref_t<decltype(neuron.surrogate)>>;
  { Type::parameter_count } -> std::convertible_to<int>;
  { neuron.threshold } -> std::convertible_to<float>;
  { neuron.leak() } -> std::convertible_to<double>;
  { neuron.gain() } -> std::convertible_to<double>;
  { neuron.offset() } -> std::convertible_to<double>;
};

/// A neuron whose surrogate is divided by the threshold and taken at H / threshold - 1, the
/// convention of hybrid training, has a member `normalise_by_threshold`.
template <class Type>
concept NormalisedSurrogate = requires(const Type neuron) {
  { neuron.normalise_by_threshold } -> std::convertible_to<bool>;
};

/// Refuses settings that no neuron can have.
template <class Neuron>
void check(const Neuron& neuron) {
  if (!(neuron.threshold > 0.0F) || !std::isfinite(neuron.threshold))
    reject(std::string{Neuron::name} + " threshold", "a positive number", neuron.threshold);
  if constexpr (requires { neuron.tau; }) {
    if (!(neuron.tau > 1.0F) || !std::isfinite(neuron.tau))
      reject(std::string{Neuron::name} + " tau", "a number of steps above 1", neuron.tau);
  }
}

/// Integrate and fire: H = V + X (the paper's Eq. 1).
template <Reset ResetPolicy = HardReset, Surrogate SurrogatePolicy = Sigmoid>
struct If {
  static constexpr std::string_view name = "if";
  static constexpr int parameter_count = 0;

  float threshold = 1.0F;
  bool normalise_by_threshold = false;
  ResetPolicy reset{};
  SurrogatePolicy surrogate{};

  [[nodiscard]] double leak() const { return 1.0; }
  [[nodiscard]] double gain() const { return 1.0; }
  [[nodiscard]] double offset() const { return 0.0; }
};

/// Leaky integrate and fire with time constant `tau` in steps (the paper's Eq. 2):
/// H = V + (X - (V - rest)) / tau, or with decay_input off H = V - (V - rest) / tau + X.
template <Reset ResetPolicy = HardReset, Surrogate SurrogatePolicy = Sigmoid>
struct Lif {
  static constexpr std::string_view name = "lif";
  static constexpr int parameter_count = 0;

  float tau = 2.0F;
  float threshold = 1.0F;
  bool decay_input = true;
  bool normalise_by_threshold = false;
  ResetPolicy reset{};
  SurrogatePolicy surrogate{};

  [[nodiscard]] double leak() const { return 1.0 - 1.0 / tau; }
  [[nodiscard]] double gain() const { return decay_input ? 1.0 / tau : 1.0; }
  [[nodiscard]] double offset() const { return reset.resting() / static_cast<double>(tau); }
};

/// A LIF neuron whose 1/tau = sigma(w) is trained, one w for a layer (Fang et al. 2021).
/// `tau` is where it starts.
template <Reset ResetPolicy = HardReset, Surrogate SurrogatePolicy = Sigmoid>
struct Plif {
  static constexpr std::string_view name = "plif";
  static constexpr int parameter_count = 1;

  float tau = 2.0F;
  float threshold = 1.0F;
  bool decay_input = true;
  bool normalise_by_threshold = false;
  ResetPolicy reset{};
  SurrogatePolicy surrogate{};
  double rate = -1.0;  ///< sigma(w) once `with` was called; below 0 stands for 1 / tau

  [[nodiscard]] double inverse_tau() const { return rate < 0.0 ? 1.0 / tau : rate; }
  [[nodiscard]] double leak() const { return 1.0 - inverse_tau(); }
  [[nodiscard]] double gain() const { return decay_input ? inverse_tau() : 1.0; }
  [[nodiscard]] double offset() const { return reset.resting() * inverse_tau(); }

  /// w = -ln(tau - 1).
  [[nodiscard]] double initial_parameter() const { return -std::log(static_cast<double>(tau) - 1); }

  /// This neuron with 1/tau = sigma(parameter).
  [[nodiscard]] Plif with(double parameter) const {
    Plif result = *this;
    result.rate = 1.0 / (1.0 + std::exp(-parameter));
    return result;
  }

  /// dH/dw from the membrane at charge and the membrane before it.
  template <class Value>
  Value charge_slope(Value charge, Value before) const {
    const double k = inverse_tau();
    if (decay_input) return (charge - before) * lanes::constant<Value>(1.0 - k);
    return (lanes::constant<Value>(reset.resting()) - before) *
           lanes::constant<Value>(k * (1.0 - k));
  }
};

/// Fires the surrogate's primitive of H - threshold instead of the step: a real value, so that the
/// whole network is differentiable. For gradient checks and for "soft" networks.
template <NeuronModel Neuron>
struct Smooth : Neuron {
  static constexpr bool is_smooth = true;

  [[nodiscard]] Smooth with(double parameter) const requires(Neuron::parameter_count > 0) {
    return {Neuron::with(parameter)};
  }
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
