#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "probe.hpp"

namespace {

using namespace snnbd;
using snnbd_tests::Probe;

/// Every consumer of spikes: convolution, both poolings, a residual that passes them on, dropout,
/// flattening, a dense layer, a readout.
template <class Neuron>
using Consumers = BasicNetwork<
    double, Shape{5, 4, 2}, layer::ZeroPad<1>, layer::Conv<4, 3>, layer::Spiking<Neuron>,
    layer::Residual<layer::Sequence<layer::Conv<4, 3>, layer::Spiking<Neuron>>>,
    layer::Spiking<Neuron>, layer::AvgPool<2>, layer::Conv<3, 3>, layer::Spiking<Neuron>,
    layer::MaxPool<2, 1>, layer::Dropout, layer::Flatten, layer::Dense<5>, layer::Spiking<Neuron>,
    layer::Dense<3>, layer::Spiking<Neuron>, layer::SpikeRate>;

/// Other amplitudes and other starts in each layer.
template <class Net>
void settle(Net& net) {
  float amplitude = 0.75F;
  net.for_each_layer([&]<class Spec>(Spec& spec, int /*place*/) {
    if constexpr (layer::is_spiking<Spec>) {
      spec.neuron.threshold = 0.375F;
      spec.amplitude = amplitude;
      spec.start = 1.0F - 0.75F * amplitude;
      amplitude *= 1.25F;
    }
  });
}

template <class Neuron>
void check() {
  using Smooth = Consumers<neuron::Smooth<Neuron>>;
  Probe<Smooth, Static<Smooth::input_shape>> smooth{{2, 3}, 0.6, 21};
  settle(smooth.net);
  CHECK(smooth.output_error() < 1e-12);
  CHECK(smooth.weakest_tensor() > 1e-6);
  CHECK(smooth.difference_error() < 1e-6);
  CHECK(smooth.direction_error() < 1e-11);

  using Firing = Consumers<Neuron>;
  Probe<Firing, Static<Firing::input_shape>> firing{{2, 3}, 0.6, 21};
  settle(firing.net);
  CHECK(firing.output_error() < 1e-12);
  CHECK(firing.direction_error() < 1e-11);
}

}  // namespace

TEST_CASE("Gradients pass neurons whose spikes have an amplitude and whose membrane is charged") {
  check<neuron::If<neuron::SoftReset, neuron::Arctangent>>();
  check<neuron::Lif<neuron::HardReset, neuron::Sigmoid>>();
  check<neuron::Plif<neuron::SoftReset, neuron::Sigmoid>>();
}
