#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/neuron/scan_batch.hpp>
#include <snnbd/neuron/cell.hpp>

#include "../reference.hpp"
#include "scan_reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Dual;
using reference::Fenced;

namespace {

/// A neuron, which of its settings vary, and the sizes of a scan.
template <class Neuron>
struct Trial {
  Neuron neuron{};
  Dual inverse_tau{1.0, 0.0};
  Extent extent{2, 5};
  Shape shape{2, 3, 7};
  bool fixed = false;  ///< the current is the same at each step
};

/// What the kernels gave.
template <class Scalar>
struct Found {
  std::vector<Scalar> charge;
  std::vector<Scalar> fired;
  std::vector<Scalar> current_gradient;
  Scalar parameter_gradient{};
  bool intact = true;
};

template <class Scalar>
std::vector<Scalar> content(Fenced<Scalar>& values) {
  return {values.inside().begin(), values.inside().end()};
}

/// Scans forward and back. With `keep` the reverse scan reads the charge, else the current.
template <class Scalar, class Neuron>
Found<Scalar> scanned(const Trial<Neuron>& trial, const reference::Values<Scalar>& current,
                      const reference::Values<Scalar>& spike_gradient, bool keep) {
  using Cell = neuron::Cell<Neuron, lanes::Batch<Scalar>>;
  const Cell cell{trial.neuron};
  const Extent extent = trial.extent;
  const Shape shape = trial.shape;
  const Index steps = trial.fixed ? 1 : extent.steps;
  const Index width = shape.channels;
  Fenced<Scalar> charge{extent.frames() * shape.size()};
  Fenced<Scalar> fired{extent.frames() * shape.size()};
  std::vector<Word> words(at(extent.frames() * shape.pixels() * words_per_pixel(shape.channels)),
                          ~Word{0});
  const auto charge_field = kernels::field_of(charge.data(), shape, extent.steps, width);
  const auto current_field = kernels::field_of(current.data(), shape, steps, width);
  kernels::Field<Word> spikes_field;
  kernels::Field<Scalar> fired_field;
  if (Cell::smooth)
    fired_field = kernels::field_of(fired.data(), shape, extent.steps, width);
  else
    spikes_field = kernels::field_of(words.data(), shape, extent.steps,
                                     Index{words_per_pixel(shape.channels)});
  kernels::scan_forward<Cell, Scalar>(cell, extent, shape, current_field, charge_field,
                                      spikes_field, fired_field);

  Found<Scalar> found;
  if (Cell::smooth) {
    found.fired = content(fired);
  } else {
    for (Index unit = 0; unit < extent.frames() * shape.size(); ++unit) {
      const Index word = unit / width * words_per_pixel(shape.channels) + unit % width / 64;
      found.fired.push_back(static_cast<Scalar>(words[at(word)] >> unit % width % 64 & 1U));
      words[at(word)] &= ~(Word{1} << unit % width % 64);
    }
    for (const Word word : words) found.intact = found.intact && word == 0;  // no stray bits
  }

  Fenced<Scalar> gradient{extent.samples * steps * shape.size()};
  kernels::Field<const Scalar> kept;
  kernels::Field<const Scalar> again;
  if (keep)
    kept = kernels::field_of(static_cast<const Scalar*>(charge.data()), shape, extent.steps, width);
  else
    again = current_field;
  const auto own =
      kernels::scan_backward<Scalar>(cell, extent, shape, kept, again,
                                     kernels::StoredGradient<Scalar>{kernels::field_of(
                                         spike_gradient.data(), shape, extent.steps, width)},
                                     kernels::field_of(gradient.data(), shape, steps, width));
  if constexpr (Neuron::parameter_count > 0) found.parameter_gradient = own[0];
  found.charge = content(charge);
  found.current_gradient = content(gradient);
  found.intact = found.intact && charge.intact() && fired.intact() && gradient.intact();
  return found;
}

/// Holds a trial against the reference.
///
/// @param forward how far charges may be off; spikes must be equal
template <class Scalar, class Neuron>
void check(const Trial<Neuron>& trial, double forward, double backward) {
  const Extent extent = trial.extent;
  const Index units = trial.shape.size();
  INFO(Neuron::name << ", " << to_string(trial.shape) << ", " << extent.steps << " steps"
                    << (trial.fixed ? ", current fixed" : "")
                    << (trial.neuron.reset.detached ? ", detached" : ""));
  // Multiples of 1/8, which stay exact through five steps of halving even as floats.
  random::Stream stream{4, random::Purpose::synthetic};
  auto currents = reference::drawn<Scalar>(
      extent.frames() * units, [&] { return (static_cast<int>(stream.below(33)) - 10) / 8.0; });
  auto given = currents;
  if (trial.fixed) {
    for (Index i = 0; i < extent.frames() * units; ++i) {
      const Index sample = i / units / extent.steps;
      currents[at(i)] = given[at(sample * units + i % units)];
    }
  }
  const auto slopes = reference::noise<Scalar>(extent.frames() * units, 5);
  auto expected = reference::scan(trial.neuron, trial.inverse_tau, extent, units, currents, slopes);
  if (trial.fixed) {
    std::vector<double> sums(at(extent.samples * units));
    for (Index i = 0; i < extent.frames() * units; ++i)
      sums[at(i / units / extent.steps * units + i % units)] += expected.current_gradient[at(i)];
    expected.current_gradient = sums;
  }
  const auto kept = scanned<Scalar>(trial, given, slopes, true);
  CHECK(kept.intact);
  CHECK(reference::differences(kept.charge, expected.charge, forward) == 0);
  constexpr bool smooth = requires {
    Neuron::is_smooth;
  };
  CHECK(reference::differences(kept.fired, expected.fired, smooth ? forward : 0.0) == 0);
  CHECK(reference::differences(kept.current_gradient, expected.current_gradient, backward) == 0);

  const auto again = scanned<Scalar>(trial, given, slopes, false);
  CHECK(again.intact);
  CHECK(reference::differences(again.current_gradient, kept.current_gradient) == 0);
  CHECK(again.parameter_gradient == kept.parameter_gradient);
  if constexpr (Neuron::parameter_count > 0) {
    const double scale = static_cast<double>(extent.frames() * units);
    CHECK(std::abs(static_cast<double>(kept.parameter_gradient) - expected.parameter_gradient) <=
          backward * scale);
    CHECK(std::abs(expected.parameter_gradient) > 1e-3);
  } else {
    CHECK(kept.parameter_gradient == Scalar{0});
  }
}

/// Every setting of a neuron at several sizes.
template <class Scalar, class Neuron>
void check_all(double tau, double forward, double backward) {
  constexpr bool leaky = requires(Neuron neuron) {
    neuron.tau;
  };
  for (const bool detached : {false, true}) {
    for (const bool decay_input : {true, false}) {
      if (!leaky && !decay_input) continue;
      Trial<Neuron> trial;
      trial.neuron.threshold = 0.75F;
      trial.neuron.normalize_by_threshold = detached == decay_input;
      trial.neuron.reset.detached = detached;
      trial.neuron.surrogate.steepness = 2.0F;
      if constexpr (requires { trial.neuron.reset.value; }) trial.neuron.reset.value = -0.25F;
      if constexpr (leaky) {
        trial.neuron.tau = static_cast<float>(tau);
        trial.neuron.decay_input = decay_input;
        const double k = 1.0 / static_cast<double>(trial.neuron.tau);
        trial.inverse_tau = {k, Neuron::parameter_count > 0 ? k * (1.0 - k) : 0.0};
      }
      for (const int channels : {1, 3, 10, 17, 33, 64, 70, 130}) {
        trial.shape = {channels % 2 + 1, 3, channels};
        trial.fixed = channels % 3 == 1;
        check<Scalar>(trial, forward, backward);
      }
    }
  }
}

/// A scan of 7 steps in windows: fired values, charges and at last membranes, all of which must be
/// those of the scan of all steps.
template <class Scalar, class Neuron>
void check_windows() {
  using Cell = neuron::Cell<Neuron, lanes::Batch<Scalar>>;
  Neuron given;
  given.threshold = 0.75F;
  if constexpr (requires { given.reset.value; }) given.reset.value = -0.25F;
  const Cell cell{given};
  constexpr Index steps = 7;
  for (const int channels : {3, 33, 70}) {
    const Shape shape{2, 3, channels};
    const Index width = channels;
    const Extent whole{2, steps};
    const auto currents = reference::noise<Scalar>(whole.frames() * shape.size(), 1);
    const auto run = [&](Index window) {
      Fenced<Scalar> membranes{2 * shape.size()};
      const auto kept = kernels::field_of(membranes.data(), shape, Index{1}, width);
      std::vector<Scalar> results(at(whole.frames() * shape.size()));
      std::vector<Word> words(at(whole.frames() * shape.pixels() * words_per_pixel(channels)));
      for (Index first = 0; first < steps; first += window) {
        const Extent part{2, std::min(window, steps - first)};
        const auto from = [&](auto* data, Index values) {
          auto field = kernels::field_of(data, shape, steps, values);
          field.data += first * field.step_stride;
          return field;
        };
        kernels::scan_forward<Cell, Scalar>(
            cell, part, shape, from(std::as_const(currents).data(), width),
            Cell::smooth ? kernels::Field<Scalar>{} : from(results.data(), width),
            Cell::smooth ? kernels::Field<Word>{}
                         : from(words.data(), Index{words_per_pixel(channels)}),
            Cell::smooth ? from(results.data(), width) : kernels::Field<Scalar>{},
            kernels::Field<Word>{}, {first == 0 ? kernels::Field<Scalar>{} : kept, kept});
      }
      CHECK(membranes.intact());
      const auto left = content(membranes);
      results.insert(results.end(), left.begin(), left.end());
      for (const Word word : words) results.push_back(static_cast<Scalar>(std::popcount(word)));
      return results;
    };
    INFO(Neuron::name << ", " << channels << " channels");
    const auto expected = run(steps);
    for (const Index window : {1, 3, 6}) CHECK(run(window) == expected);
    if constexpr (!Cell::smooth) {
      const std::size_t last = at(whole.frames() * shape.size());
      const auto unit = at((steps - 1) * shape.size());
      const Scalar high = expected[unit];
      const auto spike = high >= static_cast<Scalar>(0.75) ? Scalar{1} : Scalar{0};
      CHECK(expected[last] == given.reset.after(high, spike, static_cast<Scalar>(0.75)));
    }
  }
}

template <class Scalar>
struct Tolerance;
template <>
struct Tolerance<float> {
  static constexpr double value = 2e-5;
};
template <>
struct Tolerance<double> {
  static constexpr double value = 1e-12;
};

}  // namespace

TEMPLATE_TEST_CASE("Scans of IF neurons are what the equations say, to the last bit", "[kernels]",
                   float, double) {
  using namespace neuron;
  check_all<TestType, If<HardReset, Sigmoid>>(0.0, 0.0, Tolerance<TestType>::value);
  check_all<TestType, If<SoftReset, Sigmoid>>(0.0, 0.0, Tolerance<TestType>::value);
}

TEMPLATE_TEST_CASE("Scans of LIF neurons are what the equations say, to the last bit", "[kernels]",
                   float, double) {
  using namespace neuron;
  check_all<TestType, Lif<HardReset, Sigmoid>>(2.0, 0.0, Tolerance<TestType>::value);
  check_all<TestType, Lif<SoftReset, Sigmoid>>(2.0, 0.0, Tolerance<TestType>::value);
}

TEMPLATE_TEST_CASE("Scans of parametric LIF neurons are what the equations say", "[kernels]", float,
                   double) {
  using namespace neuron;
  check_all<TestType, Plif<HardReset, Sigmoid>>(2.0, 0.0, Tolerance<TestType>::value);
  check_all<TestType, Plif<SoftReset, Sigmoid>>(2.0, 0.0, Tolerance<TestType>::value);
}

TEST_CASE("Scans with time constants that are no powers of two differ by rounding only",
          "[kernels]") {
  using namespace neuron;
  check_all<double, Lif<HardReset, Sigmoid>>(1.7, 1e-14, 1e-12);
  check_all<double, Plif<SoftReset, Sigmoid>>(3.1, 1e-14, 1e-12);
}

TEMPLATE_TEST_CASE("Scans of smooth neurons fire real values", "[kernels]", float, double) {
  using namespace neuron;
  const double rounding = Tolerance<TestType>::value;
  check_all<TestType, Smooth<Lif<SoftReset, Sigmoid>>>(2.0, rounding, rounding);
  check_all<TestType, Smooth<Plif<HardReset, Sigmoid>>>(1.7, rounding, rounding);
}

TEST_CASE("Where neurons fire without a current no bit above the channels is set", "[kernels]") {
  // A resting value above the threshold: lanes past the last channel would fire as well.
  using Neuron = neuron::If<neuron::HardReset, neuron::Sigmoid>;
  for (const int channels : {1, 3, 17, 33, 70}) {
    Trial<Neuron> trial;
    trial.neuron.reset.value = 1.5F;
    trial.shape = {1, 2, channels};
    const Index count = trial.extent.frames() * trial.shape.size();
    const auto none = reference::drawn<float>(count, [] { return 0; });
    const auto found = scanned<float>(trial, none, none, true);
    CAPTURE(channels);
    CHECK(found.intact);
    CHECK(reference::differences(found.fired, std::vector<int>(at(count), 1)) == 0);
  }
}

TEST_CASE("The gradient of a parametric neuron is the central difference", "[kernels]") {
  using Neuron = neuron::Smooth<neuron::Plif<neuron::SoftReset, neuron::Sigmoid>>;
  using Cell = neuron::Cell<Neuron, lanes::Batch<double>>;
  Neuron given;
  given.tau = 2.6F;
  const kernels::Span span{6, 1, 11};
  const auto current = reference::noise<double>(66, 1);
  const auto slopes = reference::noise<double>(66, 2);
  std::vector<double> charge(66);
  const auto loss = [&](double parameter) {
    std::vector<double> fired(66);
    kernels::scan_forward<Cell, double>(Cell{given.with({parameter})}, span,
                                        {current.data(), 11, 11}, {charge.data(), 11, 11}, {},
                                        {fired.data(), 11, 11});
    double sum = 0.0;
    for (std::size_t i = 0; i < 66; ++i) sum += slopes[i] * fired[i];
    return sum;
  };
  const double w = given.initial_parameters()[0] + 0.3;
  const double difference = (loss(w + 1e-5) - loss(w - 1e-5)) / 2e-5;
  loss(w);
  std::vector<double> gradient(66);
  const auto [found] = kernels::scan_backward<Cell, double>(
      Cell{given.with({w})}, span,
      {{charge.data(), 11, 11}, {}, {slopes.data(), 11, 11}, {gradient.data(), 11, 11}});
  CHECK(found == Approx(difference).epsilon(1e-7));
  CHECK(std::abs(found) > 1e-3);
}

TEST_CASE("Tracks whose pixels stand apart are scanned like those that touch", "[kernels]") {
  using Neuron = neuron::Lif<neuron::HardReset, neuron::Arctangent>;
  using Cell = neuron::Cell<Neuron, lanes::Batch<float>>;
  const Cell cell{Neuron{}};
  const kernels::Span span{4, 5, 9};
  const auto current = reference::noise<float>(4 * 5 * 9, 1);
  const auto slopes = reference::noise<float>(4 * 5 * 9, 2);
  std::vector<float> close(180);
  kernels::scan_backward<Cell, float>(
      cell, span, {{}, {current.data(), 45, 9}, {slopes.data(), 45, 9}, {close.data(), 45, 9}});
  Fenced<float> apart{4 * 5 * 12, -3.0F};
  kernels::scan_backward<Cell, float>(
      cell, span, {{}, {current.data(), 45, 9}, {slopes.data(), 45, 9}, {apart.data(), 60, 12}});
  CHECK(apart.intact());
  for (std::size_t i = 0; i < 240; ++i) {
    const std::size_t channel = i % 12;
    CHECK(apart.inside()[i] == (channel < 9 ? close[i / 12 * 9 + channel] : -3.0F));
  }
}

TEST_CASE("Fields begin rows where the signal does", "[kernels]") {
  const Shape shape{3, 4, 5};
  std::vector<int> values(at(2 * 6 * shape.size()));
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<int>(i);
  const auto field = kernels::field_of(values.data(), shape, Index{6}, Index{5});
  for (Index sample = 0; sample < 2; ++sample)
    for (Index step = 0; step < 6; ++step)
      for (Index y = 0; y < 3; ++y)
        for (Index x = 0; x < 4; ++x)
          CHECK(*field.row(sample, y, 2).at(step, x) ==
                (((sample * 6 + step) * 3 + y) * 4 + x) * 5 + 2);
  CHECK(kernels::field_of(values.data(), shape, Index{1}, Index{5}).step_stride == 0);
  CHECK(kernels::Field<int>{}.row(3, 2, 1).data == nullptr);
}

TEMPLATE_TEST_CASE("A scan that goes on from the membranes it left is one scan", "[kernels]", float,
                   double) {
  using namespace neuron;
  check_windows<TestType, If<HardReset, Sigmoid>>();
  check_windows<TestType, If<SoftReset, Sigmoid>>();
  check_windows<TestType, Lif<HardReset, Sigmoid>>();
  check_windows<TestType, Lif<SoftReset, Sigmoid>>();
  check_windows<TestType, Smooth<Plif<SoftReset, Sigmoid>>>();
}
