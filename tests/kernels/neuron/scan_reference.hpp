#pragma once

#include <vector>

#include <snnbd/neuron/model.hpp>

#include "../reference.hpp"

/// Neurons one unit and one step at a time, with derivatives carried forward (dual numbers):
/// nothing is shared with the recursion that the kernels run backwards.
namespace snnbd_tests::reference {

/// A value and its derivative by whatever was given a slope of 1.
struct Dual {
  double value = 0.0;
  double slope = 0.0;

  friend Dual operator+(Dual a, Dual b) { return {a.value + b.value, a.slope + b.slope}; }
  friend Dual operator-(Dual a, Dual b) { return {a.value - b.value, a.slope - b.slope}; }
  friend Dual operator*(Dual a, Dual b) {
    return {a.value * b.value, a.slope * b.value + a.value * b.slope};
  }
};

/// What one unit did.
struct Trace {
  std::vector<double> charge;
  std::vector<double> fired;
  std::vector<double> slope;  ///< of `fired`
};

/// Runs one unit by the equations of its neuron. `inverse_tau` is not used by an IF neuron.
template <class Neuron>
Trace run_unit(const Neuron& neuron, Dual inverse_tau, const std::vector<Dual>& currents) {
  constexpr bool smooth = requires {
    Neuron::is_smooth;
  };
  const double threshold = static_cast<double>(neuron.threshold);
  const bool normalized = neuron.normalize_by_threshold;
  double rest = 0.0;
  if constexpr (requires { neuron.reset.value; }) rest = static_cast<double>(neuron.reset.value);

  Trace trace;
  Dual membrane{rest};
  for (const Dual current : currents) {
    Dual high = membrane + current;
    if constexpr (requires { neuron.tau; }) {
      const Dual leaked = membrane - inverse_tau * (membrane - Dual{rest});
      high = leaked + (neuron.decay_input ? inverse_tau * current : current);
    }
    const double scale = normalized ? 1.0 / threshold : 1.0;
    const double x = (high.value - threshold) * scale;
    Dual spike{high.value >= threshold ? 1.0 : 0.0};
    if constexpr (smooth) spike.value = neuron.surrogate.primitive(x);
    spike.slope = neuron.surrogate.derivative(x) * scale * high.slope;

    const Dual gate = neuron.reset.detached ? Dual{spike.value} : spike;
    if constexpr (requires { neuron.reset.value; }) {
      membrane = (Dual{1.0} - gate) * high + gate * Dual{rest};
    } else {
      membrane = high - gate * Dual{threshold};
    }
    trace.charge.push_back(high.value);
    trace.fired.push_back(spike.value);
    trace.slope.push_back(spike.slope);
  }
  return trace;
}

/// A batch of units: forward, and the gradient of sum(spike gradient * spike).
struct Scanned {
  std::vector<double> charge;            ///< [sample, step, unit]
  std::vector<double> fired;             ///< [sample, step, unit]
  std::vector<double> current_gradient;  ///< [sample, step, unit]
  double parameter_gradient = 0.0;
};

/// @param currents [sample, step, unit]
/// @param inverse_tau with the slope of the neuron's own parameter
template <class Neuron, class Scalar>
Scanned scan(const Neuron& neuron, Dual inverse_tau, Extent extent, Index units,
             const Values<Scalar>& currents, const Values<Scalar>& spike_gradient) {
  Scanned result;
  const auto size = at(extent.frames() * units);
  result.charge.resize(size);
  result.fired.resize(size);
  result.current_gradient.resize(size);
  for (Index sample = 0; sample < extent.samples; ++sample) {
    for (Index unit = 0; unit < units; ++unit) {
      const auto place = [&](Index step) {
        return at((sample * extent.steps + step) * units + unit);
      };
      std::vector<Dual> input;
      for (Index step = 0; step < extent.steps; ++step)
        input.push_back({static_cast<double>(currents[place(step)])});
      const auto gradient = [&](const Trace& trace) {
        double sum = 0.0;
        for (Index step = 0; step < extent.steps; ++step)
          sum += static_cast<double>(spike_gradient[place(step)]) * trace.slope[at(step)];
        return sum;
      };
      const Trace trace = run_unit(neuron, inverse_tau, input);
      result.parameter_gradient += gradient(trace);
      for (Index step = 0; step < extent.steps; ++step) {
        result.charge[place(step)] = trace.charge[at(step)];
        result.fired[place(step)] = trace.fired[at(step)];
        input[at(step)].slope = 1.0;
        result.current_gradient[place(step)] =
            gradient(run_unit(neuron, Dual{inverse_tau.value}, input));
        input[at(step)].slope = 0.0;
      }
    }
  }
  return result;
}

}  // namespace snnbd_tests::reference
