#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "probe.hpp"

/// Max poolings with padding in networks, of real values, spikes and marked spikes.
namespace {

using namespace snnbd;
using snnbd_tests::Probe;

template <class Surrogate>
using Fires = neuron::If<neuron::SoftReset, Surrogate>;

/// Behind neurons, as those of residual networks have it; windows apart, which would be joined with
/// the neurons if they had no padding; of currents.
template <class Neuron>
using Padded = BasicNetwork<double, Shape{7, 6, 2}, layer::Conv<5, 3>, layer::Spiking<Neuron>,
                            layer::MaxPool<3, 2, 1>, layer::Conv<6, 3>, layer::Spiking<Neuron>,
                            layer::MaxPool<2, 2, 1>, layer::Conv<4, 2>, layer::MaxPool<3, 1, 1>,
                            layer::Spiking<Neuron>, layer::Dense<3>, layer::MeanOverTime>;

using Artificial = BasicNetwork<double, Shape{7, 6, 1}, layer::Conv<3, 3>, layer::MaxPool<3, 2, 1>,
                                layer::Conv<4, 3>, layer::Relu, layer::MaxPool<2, 2, 1>,
                                layer::Dense<2>, layer::MeanOverTime>;

constexpr auto settle = [](auto& neuron) {
  neuron.threshold = 0.375F;
  if constexpr (requires { neuron.surrogate.width; }) neuron.surrogate.width = 2.0F;
};

template <class Neuron, Signal In>
void check_firing() {
  Probe<Padded<Neuron>, In> firing{{2, 3}, 0.5, 3};
  firing.net.for_each_neuron(settle);
  CHECK(firing.output_error() < 1e-12);
  CHECK(firing.weakest_tensor() > 1e-4);
  CHECK(firing.direction_error() < 1e-11);
}

}  // namespace

TEST_CASE("Gradients of max poolings with padding are the derivatives", "[network]") {
  Probe<Artificial, Static<Shape{7, 6, 1}>> artificial{{3, 1}, 0.8, 9};
  CHECK(artificial.output_error() < 1e-12);
  CHECK(artificial.weakest_tensor() > 1e-4);
  CHECK(artificial.reference_error() < 1e-11);
  CHECK(artificial.difference_error() < 1e-6);

  using Smooth = neuron::Smooth<Fires<neuron::Sigmoid>>;
  Probe<Padded<Smooth>, Static<Shape{7, 6, 2}>> smooth{{2, 3}, 0.5, 2};
  smooth.net.for_each_neuron(settle);
  CHECK(smooth.output_error() < 1e-12);
  CHECK(smooth.weakest_tensor() > 1e-5);
  CHECK(smooth.difference_error() < 1e-6);
}

TEST_CASE("Gradients through max poolings of spikes with padding are the derivatives",
          "[network]") {
  check_firing<Fires<neuron::Arctangent>, Static<Shape{7, 6, 2}>>();
  check_firing<Fires<neuron::Arctangent>, Spikes<Shape{7, 6, 2}>>();
}

TEST_CASE("Gradients through max poolings of marked spikes with padding are the derivatives",
          "[network]") {
  using Marked = Fires<neuron::Rectangular>;
  using Net = Padded<Marked>;
  STATIC_REQUIRE(MaskedSignal<Net::BoundTo<Static<Net::input_shape>>::At<2>::Input>);
  check_firing<Marked, Static<Shape{7, 6, 2}>>();
  check_firing<Marked, Spikes<Shape{7, 6, 2}>>();
}
