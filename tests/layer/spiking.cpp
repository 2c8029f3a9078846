#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/layer/spiking.hpp>

#include "../kernels/neuron/scan_reference.hpp"
#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr Shape shape{2, 3, 70};
constexpr Extent extent{2, 4};
constexpr layer::PassOptions training{true};

/// Currents of 1/8: exact through the steps.
reference::Values<double> eighths(Index count) {
  random::Stream stream{1, random::Purpose::synthetic};
  return reference::drawn<double>(count,
                                  [&] { return (static_cast<int>(stream.below(33)) - 8) / 8.0; });
}

template <class Neuron>
void check(const Neuron& neuron, reference::Dual inverse_tau, double parameter) {
  using Spec = layer::Spiking<Neuron>;
  const Index units = shape.size();
  const auto currents = eighths(extent.frames() * units);
  const auto slopes = reference::noise<double>(extent.frames() * units, 2);
  const auto expected = reference::scan(neuron, inverse_tau, extent, units, currents, slopes);
  const RealView<const double> in{currents.data(), extent, shape};
  LayerProbe<Spec, Real<shape>, double> probe{Spec{neuron}, extent, training};
  CHECK(reference::differences(values_of(probe.forward(in, &parameter)), expected.fired, 1e-12) ==
        0);
  double own = 1.0;
  const auto back = probe.backward(in, slopes, &parameter, &own);
  CHECK(reference::differences(back, expected.current_gradient, 1e-12) == 0);
  CHECK(own - 1.0 == Approx(expected.parameter_gradient).epsilon(1e-10).margin(1e-12));

  // The same current at each step: the gradients of the steps are summed.
  const auto once = eighths(extent.samples * units);
  auto repeated = currents;
  for (Index i = 0; i < extent.frames() * units; ++i)
    repeated[reference::at(i)] = once[reference::at(i / units / extent.steps * units + i % units)];
  const auto steady = reference::scan(neuron, inverse_tau, extent, units, repeated, slopes);
  std::vector<double> sums(reference::at(extent.samples * units));
  for (Index i = 0; i < extent.frames() * units; ++i)
    sums[reference::at(i / units / extent.steps * units + i % units)] +=
        steady.current_gradient[reference::at(i)];
  const RealView<const double> fixed{once.data(), {extent.samples, 1}, shape};
  LayerProbe<Spec, Static<shape>, double> constant{Spec{neuron}, extent, training};
  const auto out = constant.forward(fixed, &parameter);
  CHECK(out.extent == extent);
  CHECK(reference::differences(values_of(out), steady.fired, 1e-12) == 0);
  CHECK(reference::differences(constant.backward(fixed, slopes, &parameter, &own), sums, 1e-12) ==
        0);
}

}  // namespace

TEST_CASE("A layer of neurons fires and carries gradients as its equations say", "[layer]") {
  using namespace neuron;
  check(If<SoftReset, Sigmoid>{}, {}, 0.0);
  check(Lif<HardReset, Arctangent>{}, {0.5, 0.0}, 0.0);
  check(Plif<HardReset, Sigmoid>{}, {0.5, 0.25}, 0.0);
  check(Smooth<Lif<SoftReset, Sigmoid>>{}, {0.5, 0.0}, 0.0);
}

TEST_CASE("Neurons with a parameter have one, others none", "[layer]") {
  using Plif = layer::Spiking<neuron::Plif<>>::Bound<Real<shape>, float>;
  using Lif = layer::Spiking<neuron::Lif<>>::Bound<Real<shape>, float>;
  STATIC_REQUIRE(layer::parameter_total(Plif::parameters) == 1);
  STATIC_REQUIRE(layer::parameter_total(Lif::parameters) == 0);
  STATIC_REQUIRE(SpikeSignal<Lif::Output>);
  using Smooth = layer::Spiking<neuron::Smooth<neuron::Lif<>>>::Bound<Real<shape>, float>;
  STATIC_REQUIRE(RealSignal<Smooth::Output>);
  STATIC_REQUIRE(layer::is_spiking<layer::Spiking<neuron::If<>>>);
  STATIC_REQUIRE_FALSE(layer::is_spiking<int>);
}

TEST_CASE("While training neurons mark the units at which their surrogate is not zero", "[layer]") {
  using Neuron = neuron::If<neuron::SoftReset, neuron::Rectangular>;
  STATIC_REQUIRE(MaskedSignal<layer::Spiking<Neuron>::Bound<Real<shape>, double>::Output>);
  STATIC_REQUIRE(!MaskedSignal<layer::Spiking<neuron::Lif<>>::Bound<Real<shape>, double>::Output>);
  layer::Spiking<Neuron> spec;
  spec.neuron.surrogate.width = 0.5F;
  const Index units = shape.size();
  const auto currents = eighths(extent.frames() * units);
  std::vector<double> expected(reference::at(extent.frames() * units));
  for (Index unit = 0; unit < extent.samples * units; ++unit) {
    const Index first = unit / units * extent.steps * units + unit % units;
    double membrane = 0.0;
    for (Index step = 0; step < extent.steps; ++step) {
      const double charge = membrane + currents[reference::at(first + step * units)];
      expected[reference::at(first + step * units)] = std::abs(charge - 1.0) < 0.25 ? 1.0 : 0.0;
      membrane = charge >= 1.0 ? charge - 1.0 : charge;
    }
  }
  const RealView<const double> in{currents.data(), extent, shape};
  LayerProbe<layer::Spiking<Neuron>, Real<shape>, double> probe{spec, extent, training};
  const auto mask = gradient_mask(probe.forward(in));
  REQUIRE(mask.words != nullptr);
  CHECK(values_of(mask) == expected);
  CHECK(kernels::count_spikes(mask) == std::count(expected.begin(), expected.end(), 1.0));
  probe.options().training = false;
  CHECK(probe.forward(in).gradient_mask == nullptr);
}

TEST_CASE("Neurons keep something for a backward pass only if their input is not in memory",
          "[layer]") {
  using Bound = layer::Spiking<neuron::Lif<>>::Bound<Real<shape>, float>;
  const auto bytes = [](auto reserve, bool to_train) {
    Arena counter;
    reserve(counter, extent, to_train);
    return counter.used();
  };
  const auto values = static_cast<std::size_t>(extent.frames() * shape.size());
  const std::size_t evaluating = bytes(Bound::reserve, false);
  CHECK(evaluating < values);
  CHECK(bytes(Bound::reserve, true) == evaluating);
  CHECK(bytes(Bound::reserve_keeping, false) == evaluating);
  CHECK(bytes(Bound::reserve_keeping, true) >= evaluating + values * sizeof(float));
}

TEST_CASE("No state is left from one sequence to the next", "[layer]") {
  using Spec = layer::Spiking<neuron::If<>>;
  const auto currents = eighths(extent.frames() * shape.size());
  const RealView<const double> in{currents.data(), extent, shape};
  LayerProbe<Spec, Real<shape>, double> probe{{}, extent};
  const auto first = values_of(probe.forward(in));
  CHECK(values_of(probe.forward(in)) == first);
}

TEST_CASE(
    "Of a constant current a charged neuron with soft reset fires the rounded number of spikes") {
  using Spec = layer::Spiking<neuron::If<neuron::SoftReset>>;
  constexpr Shape line{1, 1, 65};
  std::vector<double> currents(65);
  for (std::size_t i = 0; i < currents.size(); ++i) currents[i] = static_cast<double>(i) / 64.0;
  const RealView<const double> in{currents.data(), {1, 1}, line};
  for (const float start : {0.0F, 0.5F}) {
    for (const Index steps : {Index{1}, Index{16}, Index{100}}) {
      Spec spec{};
      spec.start = start;
      spec.amplitude = 3.0F;
      LayerProbe<Spec, Static<line>, double> probe{spec, {1, steps}};
      const auto fired = probe.forward(in);
      CHECK(fired.amplitude == 3.0F);
      const auto values = values_of(fired);
      for (std::size_t i = 0; i < currents.size(); ++i) {
        double sum = 0.0;
        for (Index step = 0; step < steps; ++step)
          sum += values[static_cast<std::size_t>(step) * currents.size() + i];
        CHECK(sum == 3.0 * std::floor(static_cast<double>(steps) * currents[i] +
                                      static_cast<double>(start)));
      }
    }
  }
}
