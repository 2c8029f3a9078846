#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>

#include <snnbd/core/error.hpp>
#include <snnbd/core/members.hpp>
#include <snnbd/core/policy.hpp>
#include <snnbd/core/type_traits.hpp>
#include <snnbd/neuron/reset.hpp>
#include <snnbd/neuron/surrogate.hpp>

/// Neurons in discrete time: charge H = leak V + gain X + offset, fire S = 1[H >= threshold],
/// reset. V starts at the resting value of the reset.
namespace snnbd::inline SNNBD_ISA::neuron {

/// What a neuron must have. A neuron with trained parameters, `parameter_count` of them for a
/// layer, also has `initial_parameters`, `with` and `charge_slopes` as `Plif` shows; if one of them
/// is the threshold, `threshold_parameter` is its number, as in `Diet`.
template <class Type>
concept NeuronModel = requires(const Type neuron) {
  requires std::convertible_to<decltype(Type::name), std::string_view>;
  requires Reset<std::remove_cvref_t<decltype(neuron.reset)>>;
  requires StepSlope<std::remove_cvref_t<decltype(neuron.surrogate)>>;
  { Type::parameter_count } -> std::convertible_to<int>;
  { neuron.threshold } -> std::convertible_to<double>;
  { neuron.leak() } -> std::convertible_to<double>;
  { neuron.gain() } -> std::convertible_to<double>;
  { neuron.offset() } -> std::convertible_to<double>;
};

/// A neuron whose surrogate is divided by the threshold and taken at H / threshold - 1, the
/// convention of hybrid training, has a member `normalize_by_threshold`.
template <class Type>
concept NormalizedSurrogate = requires(const Type neuron) {
  { neuron.normalize_by_threshold } -> std::convertible_to<bool>;
};

/// Refuses settings that no neuron can have, those of its reset and its surrogate among them, and
/// what a neuron's own `check()` refuses.
template <NeuronModel Neuron>
void check(const Neuron& neuron) {
  // A network in single precision must have it, too.
  if (!(static_cast<float>(neuron.threshold) > 0.0F) ||
      !std::isfinite(static_cast<float>(neuron.threshold)))
    reject(std::string{Neuron::name} + " threshold", "a positive number", neuron.threshold);
  if constexpr (requires { neuron.tau; }) {
    if (!(neuron.tau > 1.0) || !std::isfinite(neuron.tau))
      reject(std::string{Neuron::name} + " tau", "a number of steps above 1", neuron.tau);
  }
  if constexpr (requires { neuron.decay; }) {
    if (!(neuron.decay >= 0.0 && neuron.decay <= 1.0))
      reject(std::string{Neuron::name} + " decay", "a number from 0 to 1", neuron.decay);
  }
  if constexpr (requires { neuron.inverse_tau(); })
    require_share(std::string{Neuron::name} + " rate", neuron.inverse_tau());
  check_policy(neuron.reset);
  if (!(neuron.reset.resting() < neuron.threshold))
    reject(std::string{Neuron::name} + " reset", "a resting value below the threshold",
           neuron.reset.resting());
  check_policy(neuron.surrogate);
  check_policy(neuron);
}

namespace detail {

template <class Scalar, class Part>
void round_members(Part& part) {
  if constexpr (std::floating_point<Part>) {
    part = static_cast<Part>(static_cast<Scalar>(part));
  } else if constexpr (snnbd::detail::is_optional<Part>) {
    if (part.has_value()) round_members<Scalar>(*part);
  } else if constexpr (members::Listed<Part>) {
    members::for_each(part, [](std::string_view /*name*/, auto& m) { round_members<Scalar>(m); });
  } else if constexpr (std::is_class_v<Part> && std::is_aggregate_v<Part>) {
    if constexpr (members::detail::census<Part>().owners <= 1)
      members::for_each(part, [](std::string_view /*name*/, auto& m) { round_members<Scalar>(m); });
  }
}

}  // namespace detail

/// A neuron as a network of `Scalar` values has it: settings are in double, those of a network in
/// single precision are first rounded to it, and all that is made of them is made of the rounded
/// ones.
template <class Scalar, NeuronModel Neuron>
[[nodiscard]] Neuron rounded(Neuron neuron) {
  if constexpr (!std::is_same_v<Scalar, double>) detail::round_members<Scalar>(neuron);
  return neuron;
}

/// Integrate and fire: H = V + X (the paper's Eq. 1).
template <Reset ResetPolicy = HardReset, StepSlope SurrogatePolicy = Sigmoid>
struct If {
  static constexpr std::string_view name = "if";
  static constexpr int parameter_count = 0;

  double threshold = 1.0;
  bool normalize_by_threshold = false;
  ResetPolicy reset{};
  SurrogatePolicy surrogate{};

  [[nodiscard]] double leak() const { return 1.0; }
  [[nodiscard]] double gain() const { return 1.0; }
  [[nodiscard]] double offset() const { return 0.0; }
};

/// Leaky integrate and fire with time constant `tau` in steps (the paper's Eq. 2):
/// H = V + (X - (V - rest)) / tau, or with decay_input off H = V - (V - rest) / tau + X.
template <Reset ResetPolicy = HardReset, StepSlope SurrogatePolicy = Sigmoid>
struct Lif {
  static constexpr std::string_view name = "lif";
  static constexpr int parameter_count = 0;

  double tau = 2.0;
  double threshold = 1.0;
  bool decay_input = true;
  bool normalize_by_threshold = false;
  ResetPolicy reset{};
  SurrogatePolicy surrogate{};

  [[nodiscard]] double leak() const { return 1.0 - 1.0 / tau; }
  [[nodiscard]] double gain() const { return decay_input ? 1.0 / tau : 1.0; }
  [[nodiscard]] double offset() const { return reset.resting() / tau; }
};

/// A LIF neuron whose 1/tau = sigma(w) is trained, one w for a layer (Fang et al. 2021).
/// `tau` is where it starts.
template <Reset ResetPolicy = HardReset, StepSlope SurrogatePolicy = Sigmoid>
struct Plif {
  static constexpr std::string_view name = "plif";
  static constexpr int parameter_count = 1;

  double tau = 2.0;
  double threshold = 1.0;
  bool decay_input = true;
  bool normalize_by_threshold = false;
  ResetPolicy reset{};
  SurrogatePolicy surrogate{};
  double rate = -1.0;  ///< sigma(w) once `with` was called; below 0 stands for 1 / tau

  [[nodiscard]] double inverse_tau() const { return rate < 0.0 ? 1.0 / tau : rate; }
  [[nodiscard]] double leak() const { return 1.0 - inverse_tau(); }
  [[nodiscard]] double gain() const { return decay_input ? inverse_tau() : 1.0; }
  [[nodiscard]] double offset() const { return reset.resting() * inverse_tau(); }

  /// w = -ln(tau - 1).
  [[nodiscard]] std::array<double, 1> initial_parameters() const { return {-std::log(tau - 1)}; }

  /// This neuron with 1/tau = sigma(w).
  [[nodiscard]] Plif with(const std::array<double, 1>& parameters) const {
    Plif result = *this;
    result.rate = 1.0 / (1.0 + std::exp(-parameters[0]));
    return result;
  }

  /// dH/dw from the membrane at charge and the membrane before it.
  template <class Value>
  std::array<Value, 1> charge_slopes(Value charge, Value before) const {
    const double k = inverse_tau();
    if (decay_input) return {(charge - before) * lanes::constant<Value>(1.0 - k)};
    return {(lanes::constant<Value>(reset.resting()) - before) *
            lanes::constant<Value>(k * (1.0 - k))};
  }
};

/// Fires the surrogate's primitive of H - threshold instead of the step: a real value, so that the
/// whole network is differentiable. For gradient checks and for "soft" networks.
template <NeuronModel Neuron>
struct Smooth : Neuron {
  static constexpr bool is_smooth = true;

  [[nodiscard]] Smooth with(
      const std::array<double, std::size_t{Neuron::parameter_count}>& parameters) const
      requires(Neuron::parameter_count > 0) {
    return {Neuron::with(parameters)};
  }
};

}  // namespace snnbd::inline SNNBD_ISA::neuron
