#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/neuron/scan_batch.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "../reference.hpp"
#include "scan_reference.hpp"

// Neurons of hybrid learning against their equations, one unit and one step at a time, with
// derivatives carried forward: nothing is shared with the recursion that the kernel runs backwards.

using namespace snnbd;
using namespace snnbd_tests;
using Catch::Detail::Approx;
using reference::at;
using reference::Dual;

namespace {

Dual operator/(Dual a, Dual b) {
  return {a.value / b.value, (a.slope * b.value - a.value * b.slope) / (b.value * b.value)};
}

struct Parameters {
  Dual threshold;
  Dual decay;
};

template <class Neuron>
Dual fire(const Neuron& neuron, Dual charge, Dual threshold, double age) {
  const Dual x =
      neuron.normalize_by_threshold ? charge / threshold - Dual{1.0} : charge - threshold;
  constexpr bool strict = requires {
    Neuron::is_delayed;
  };
  Dual spike{(strict ? x.value > 0.0 : x.value >= 0.0) ? 1.0 : 0.0};
  if constexpr (requires { Neuron::is_smooth; }) spike.value = neuron.surrogate.primitive(x.value);
  double height = 0.0;
  if constexpr (requires { neuron.surrogate.alpha; }) {
    if (!std::isinf(age))
      height = static_cast<double>(neuron.surrogate.alpha) *
               std::exp(-static_cast<double>(neuron.surrogate.beta) * age);
  } else {
    height = neuron.surrogate.derivative(x.value);
  }
  spike.slope = height * x.slope;
  return spike;
}

/// What one unit fires.
template <class Neuron>
std::vector<Dual> run_unit(const Neuron& neuron, const Parameters& own,
                           const std::vector<Dual>& currents) {
  std::vector<Dual> fired;
  Dual membrane{0.0};
  double last = -INFINITY;
  if constexpr (requires { neuron.surrogate.first_age; }) {
    if (neuron.surrogate.first_age) last = -static_cast<double>(*neuron.surrogate.first_age);
  }
  for (std::size_t step = 0; step < currents.size(); ++step) {
    const double age = static_cast<double>(step) - last;
    Dual charge = membrane;
    if constexpr (!requires { Neuron::is_delayed; }) charge = own.decay * membrane + currents[step];
    const Dual spike = fire(neuron, charge, own.threshold, age);
    const Dual gate = neuron.reset.detached ? Dual{spike.value} : spike;
    if constexpr (requires { Neuron::is_delayed; }) {
      membrane = own.decay * charge + currents[step] - own.threshold * gate;
    } else if constexpr (requires { neuron.reset.value; }) {
      membrane = (Dual{1.0} - gate) * charge;
    } else {
      membrane = charge - own.threshold * gate;
    }
    if (spike.value > 0.0) last = static_cast<double>(step);
    fired.push_back(spike);
  }
  return fired;
}

constexpr Index steps = 9;
constexpr Index units = 37;  // full registers and a part of one, for every width

struct Found {
  std::vector<double> fired;
  std::vector<double> mask;
  std::vector<double> current_gradient;
  std::vector<double> own;
};

/// The same by scans, with the charge kept or made again.
template <class Neuron>
Found scan(const Neuron& neuron, const std::vector<double>& currents,
           const std::vector<double>& slopes, bool keep) {
  using Cell = neuron::Cell<Neuron, lanes::Batch<double>>;
  const Cell cell = [&] {
    if constexpr (Neuron::parameter_count > 0) {
      return Cell{neuron.with(neuron.initial_parameters())};
    } else {
      return Cell{neuron};
    }
  }();
  const kernels::Span span{steps, 1, units};
  Found found{std::vector<double>(steps * units),
              std::vector<double>(steps * units),
              std::vector<double>(steps * units),
              {}};
  std::vector<double> charge(steps * units);
  std::vector<Word> words(steps);
  std::vector<Word> mask(steps);
  kernels::scan_forward<Cell, double>(cell, span, {currents.data(), units, units},
                                      {charge.data(), units, units}, {words.data(), 1, 1},
                                      {found.fired.data(), units, units}, {mask.data(), 1, 1});
  for (Index step = 0; step < steps; ++step)
    for (Index unit = 0; unit < units; ++unit) {
      if constexpr (!Cell::smooth)
        found.fired[at(step * units + unit)] = static_cast<double>(words[at(step)] >> unit & 1U);
      found.mask[at(step * units + unit)] = static_cast<double>(mask[at(step)] >> unit & 1U);
    }
  kernels::BackwardTracks<double> tracks{{},
                                         {currents.data(), units, units},
                                         {slopes.data(), units, units},
                                         {found.current_gradient.data(), units, units}};
  if (keep) tracks.charge = {charge.data(), units, units};
  const auto own = kernels::scan_backward<Cell, double>(cell, span, tracks);
  found.own.assign(own.begin(), own.end());
  return found;
}

template <class Neuron>
void check(bool detached, bool normalized, Neuron neuron = {}) {
  neuron.threshold = 0.7F;
  neuron.decay = 0.9F;
  neuron.reset.detached = detached;
  neuron.normalize_by_threshold = normalized;
  if constexpr (requires { neuron.surrogate.beta; }) neuron.surrogate.beta = 0.2F;
  const auto currents = reference::noise<double>(steps * units, 1);
  const auto slopes = reference::noise<double>(steps * units, 2);
  const Parameters given{Dual{static_cast<double>(neuron.threshold)},
                         Dual{static_cast<double>(neuron.decay)}};
  INFO(Neuron::name << ", " << neuron.surrogate.name << (detached ? ", detached" : "")
                    << (normalized ? ", normalized" : ""));
  std::vector<double> gradient(steps * units);
  std::vector<double> fired(steps * units);
  double threshold_gradient = 0.0;
  double decay_gradient = 0.0;
  for (Index unit = 0; unit < units; ++unit) {
    std::vector<Dual> input;
    for (Index step = 0; step < steps; ++step) input.push_back({currents[at(step * units + unit)]});
    const auto slope_of = [&](const Parameters& own) {
      const auto trace = run_unit(neuron, own, input);
      double sum = 0.0;
      for (Index step = 0; step < steps; ++step)
        sum += slopes[at(step * units + unit)] * trace[at(step)].slope;
      return sum;
    };
    const auto trace = run_unit(neuron, given, input);
    for (Index step = 0; step < steps; ++step) {
      fired[at(step * units + unit)] = trace[at(step)].value;
      input[at(step)].slope = 1.0;
      gradient[at(step * units + unit)] = slope_of(given);
      input[at(step)].slope = 0.0;
    }
    threshold_gradient += slope_of({{given.threshold.value, 1.0}, given.decay});
    decay_gradient += slope_of({given.threshold, {given.decay.value, 1.0}});
  }
  for (const bool keep : {true, false}) {
    CAPTURE(keep);
    const Found found = scan(neuron, currents, slopes, keep);
    CHECK(reference::differences(found.fired, fired, 1e-13) == 0);
    CHECK(reference::differences(found.current_gradient, gradient, 1e-12) == 0);
    if constexpr (Neuron::parameter_count == 2) {
      CHECK(found.own[0] == Approx(threshold_gradient).epsilon(1e-10));
      CHECK(found.own[1] == Approx(decay_gradient).epsilon(1e-10));
      CHECK(std::abs(found.own[0]) > 1e-3);
      CHECK(std::abs(found.own[1]) > 1e-3);
    }
  }
}

template <template <class, class> class Model, class Reset, class Surrogate>
void check_all() {
  for (const bool detached : {false, true})
    for (const bool normalized : {false, true})
      check<Model<Reset, Surrogate>>(detached, normalized);
}

template <class Reset, class Surrogate>
using DelayedLeaky = neuron::Delayed<neuron::Leaky<Reset, Surrogate>>;
template <class Reset, class Surrogate>
using DelayedDiet = neuron::Delayed<neuron::Diet<Reset, Surrogate>>;
template <class Reset, class Surrogate>
using SmoothDiet = neuron::Smooth<neuron::Diet<Reset, Surrogate>>;
template <class Reset, class Surrogate>
using SmoothDelayed = neuron::Smooth<neuron::Delayed<neuron::Diet<Reset, Surrogate>>>;

}  // namespace

TEMPLATE_TEST_CASE("Neurons of hybrid learning follow their recursion both ways", "[kernels]",
                   neuron::SpikeTiming, neuron::Triangle, neuron::Sigmoid) {
  check_all<neuron::Leaky, neuron::SoftReset, TestType>();
  check_all<neuron::Leaky, neuron::HardReset, TestType>();
  check_all<neuron::Diet, neuron::SoftReset, TestType>();
  check_all<neuron::Diet, neuron::HardReset, TestType>();
  check_all<DelayedLeaky, neuron::SoftReset, TestType>();
  check_all<DelayedDiet, neuron::SoftReset, TestType>();
}

TEST_CASE("Smooth neurons of hybrid learning follow their recursion both ways", "[kernels]") {
  check_all<SmoothDiet, neuron::SoftReset, neuron::Sigmoid>();
  check_all<SmoothDiet, neuron::HardReset, neuron::Arctangent>();
  check_all<SmoothDelayed, neuron::SoftReset, neuron::Sigmoid>();
}

TEST_CASE("The units that a timed gradient enters are those that have fired before", "[kernels]") {
  const auto currents = reference::noise<double>(steps * units, 3);
  const std::vector<double> slopes(steps * units);
  neuron::Leaky<neuron::SoftReset, neuron::SpikeTiming> neuron;
  neuron.threshold = 0.9F;
  const Found found = scan(neuron, currents, slopes, true);
  Index silent = 0;
  for (Index unit = 0; unit < units; ++unit) {
    bool before = false;
    for (Index step = 0; step < steps; ++step) {
      CAPTURE(unit, step);
      CHECK((found.mask[at(step * units + unit)] != 0.0) == before);
      before = before || found.fired[at(step * units + unit)] != 0.0;
    }
    silent += before ? 0 : 1;
  }
  CHECK(silent > 0);
  CHECK(silent < units);
}

TEST_CASE("A neuron that has not fired passes the gradient of the age that it is given",
          "[kernels]") {
  for (const float first_age : {1.0F, 4.0F, 999.0F}) {
    CAPTURE(first_age);
    const auto aged = [&](auto neuron) {
      neuron.surrogate.first_age = first_age;
      for (const bool detached : {false, true}) check(detached, true, neuron);
      return neuron;
    };
    aged(neuron::Diet<neuron::HardReset, neuron::SpikeTiming>{});
    aged(DelayedLeaky<neuron::SoftReset, neuron::SpikeTiming>{});
    const auto neuron = aged(neuron::Leaky<neuron::SoftReset, neuron::SpikeTiming>{});
    const auto currents = reference::noise<double>(steps * units, 3);
    const Found found = scan(neuron, currents, std::vector<double>(steps * units), true);
    CHECK(reference::differences(found.mask, std::vector<double>(steps * units, 1.0), 0.0) == 0);
  }
}

TEST_CASE("A delayed neuron fires one step after its input and not at its threshold", "[kernels]") {
  neuron::Delayed<neuron::Leaky<neuron::SoftReset, neuron::SpikeTiming>> neuron;
  neuron.threshold = 0.5F;
  std::vector<double> currents(steps * units);
  const std::vector<double> slopes(steps * units, 1.0);
  for (Index unit = 0; unit < units; ++unit) {
    currents[at(2 * units + unit)] = unit == 5 ? 0.5 : 0.75;  // at step 2 alone
  }
  const Found found = scan(neuron, currents, slopes, false);
  for (Index step = 0; step < steps; ++step) {
    for (Index unit = 0; unit < units; ++unit) {
      CAPTURE(step, unit);
      CHECK(found.fired[at(step * units + unit)] == (step == 3 && unit != 5 ? 1.0 : 0.0));
      if (step == steps - 1) CHECK(found.current_gradient[at(step * units + unit)] == 0.0);
    }
  }
}
