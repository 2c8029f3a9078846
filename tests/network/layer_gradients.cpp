#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "probe.hpp"

namespace {

using namespace snnbd;
using snnbd_tests::Probe;

using Leaky = neuron::Lif<neuron::SoftReset, neuron::Sigmoid>;
using Trained = neuron::Plif<neuron::HardReset, neuron::Arctangent>;
using Plain = neuron::If<neuron::SoftReset, neuron::Arctangent>;

/// Convolutions of static values and of spikes, with bias, stride and border; pooling and dropout
/// of spikes.
template <class Neuron>
using Deep =
    BasicNetwork<double, Shape{6, 6, 2}, layer::Conv<3, 3, layer::ConvOptions{.bias = true}>,
                 layer::Spiking<Neuron>, layer::MaxPool<2>,
                 layer::Conv<4, 3, layer::ConvOptions{.stride = 2, .bias = true}>,
                 layer::Spiking<Neuron>, layer::Dropout, layer::Flatten,
                 layer::Dense<5, layer::DenseOptions{.bias = true}>, layer::Spiking<Neuron>,
                 layer::Dense<3>, layer::MeanOverTime>;

/// Spikes as input, a convolution without border, an even kernel, overlapping mean pooling.
template <class Neuron>
using Rated =
    BasicNetwork<double, Shape{5, 7, 3}, layer::Conv<4, 3, layer::ConvOptions{.padding = 0}>,
                 layer::Spiking<Neuron>, layer::AvgPool<2, 1>, layer::Conv<3, 2>,
                 layer::Spiking<Neuron>, layer::Dense<4>, layer::Spiking<Neuron>, layer::SpikeRate>;

/// Neurons that are not run as one with the layer before them, and pooling of currents.
template <class Neuron>
using Apart = BasicNetwork<double, Shape{6, 5, 2}, layer::AvgPool<2>, layer::Spiking<Neuron>,
                           layer::Conv<4, 5, layer::ConvOptions{.stride = 1, .padding = 3}>,
                           layer::MaxPool<2, 1>, layer::Dropout, layer::Spiking<Neuron>,
                           layer::Dense<3>, layer::AccumulatedMembrane>;

/// More than one word of channels, and a flattening that has to move bits.
template <class Neuron>
using Wide =
    BasicNetwork<double, Shape{4, 4, 70}, layer::MaxPool<2, 1>,
                 layer::Conv<66, 2, layer::ConvOptions{.padding = 0}>, layer::Spiking<Neuron>,
                 layer::Dropout, layer::MaxPool<2, 1>, layer::Flatten, layer::Dense<70>,
                 layer::Spiking<Neuron>, layer::Dense<2>, layer::AccumulatedMembrane>;

using Artificial =
    BasicNetwork<double, Shape{7, 6, 1}, layer::Conv<3, 3, layer::ConvOptions{.bias = true}>,
                 layer::Relu, layer::MaxPool<2>, layer::Dropout, layer::AvgPool<3>, layer::Flatten,
                 layer::Dense<6, layer::DenseOptions{.bias = true}>, layer::Relu, layer::Dense<2>,
                 layer::MeanOverTime>;

/// Low enough that inputs in [0, 1] make neurons fire by themselves.
constexpr auto lower_threshold = [](auto& neuron) { neuron.threshold = 0.375F; };

template <template <class> class Net, class Neuron, template <Shape> class In>
void check_both(double scale, std::uint64_t seed, Extent extent = {2, 3}) {
  using Smooth = Net<neuron::Smooth<Neuron>>;
  Probe<Smooth, Static<Smooth::input_shape>> smooth{extent, scale, seed};
  smooth.net.for_each_neuron(lower_threshold);
  CHECK(smooth.output_error() < 1e-12);
  CHECK(smooth.weakest_tensor() > 1e-5);
  CHECK(smooth.difference_error() < 1e-6);
  CHECK(smooth.direction_error() < 1e-11);

  using Firing = Net<Neuron>;
  Probe<Firing, In<Firing::input_shape>> firing{extent, scale, seed};
  firing.net.for_each_neuron(lower_threshold);
  CHECK(firing.output_error() < 1e-12);
  CHECK(firing.weakest_tensor() > 1e-4);
  CHECK(firing.direction_error() < 1e-11);
}

}  // namespace

TEST_CASE("Gradients through convolutions, pooling, dropout and dense layers are the derivatives",
          "[network]") {
  check_both<Deep, Leaky, Static>(0.9, 2);
  check_both<Deep, Trained, Static>(0.9, 3);
}

TEST_CASE("Gradients of networks that are fed with spikes are the derivatives", "[network]") {
  check_both<Rated, Plain, Spikes>(0.6, 4);
  check_both<Rated, Plain, Spikes>(0.6, 5, {3, 1});
}

TEST_CASE("Gradients of neurons behind pooling and dropout are the derivatives", "[network]") {
  check_both<Apart, Trained, Spikes>(0.9, 6);
  check_both<Apart, Leaky, Static>(0.9, 7);
}

TEST_CASE("Gradients of layers of more than 64 channels are the derivatives", "[network]") {
  Probe<Wide<Leaky>, Spikes<Shape{4, 4, 70}>> probe{{2, 3}, 0.12, 8};
  CHECK(probe.output_error() < 1e-12);
  CHECK(probe.weakest_tensor() > 1e-4);
  CHECK(probe.direction_error() < 1e-11);
}

TEST_CASE("Gradients of an artificial network are the derivatives", "[network]") {
  Probe<Artificial, Static<Shape{7, 6, 1}>> probe{{3, 1}, 0.8, 9};
  CHECK(probe.output_error() < 1e-12);
  CHECK(probe.weakest_tensor() > 1e-4);
  CHECK(probe.reference_error() < 1e-11);
  CHECK(probe.difference_error() < 1e-6);
}

TEST_CASE("Readouts scale as their settings say", "[network]") {
  using Net = Rated<Plain>;
  Probe<Net, Spikes<Shape{5, 7, 3}>> rated{{2, 4}, 0.6, 10};
  rated.net.layer<7>().factor = 10.0F;
  CHECK(rated.output_error() < 1e-12);
  CHECK(rated.direction_error() < 1e-11);

  Probe<Apart<Leaky>, Static<Shape{6, 5, 2}>> summed{{2, 4}, 0.9, 10};
  const std::vector<double> sums = summed.forward();
  summed.net.layer<7>().divide_by_steps = true;
  CHECK(summed.output_error() < 1e-12);
  CHECK(summed.direction_error() < 1e-11);
  CHECK(summed.forward()[0] == Approx(sums[0] / 4));
}

TEST_CASE("Neurons fire when the naive network's do, spike for spike", "[network]") {
  using Net = BasicNetwork<double, Shape{6, 6, 2}, layer::Conv<5, 3>, layer::Spiking<Leaky>,
                           layer::MaxPool<2>, layer::Conv<70, 3>, layer::Spiking<Leaky>>;
  Probe<Net, Static<Shape{6, 6, 2}>> direct{{3, 4}, 0.6, 11};
  CHECK(direct.output_error() == 0.0);
  Probe<Net, Spikes<Shape{6, 6, 2}>> trains{{3, 4}, 0.6, 11};
  CHECK(trains.output_error() == 0.0);
  const std::vector<double> fired = trains.forward();
  const auto share = static_cast<double>(std::count(fired.begin(), fired.end(), 1.0)) /
                     static_cast<double>(fired.size());
  CHECK(share > 0.1);
  CHECK(share < 0.9);
}

TEST_CASE("Single precision gives the naive network's sums where they are exact", "[network]") {
  using Net =
      Network<Shape{8, 8, 2}, layer::Conv<24, 3>, layer::Spiking<Plain>, layer::MaxPool<2>,
              layer::Conv<70, 3>, layer::Spiking<Plain>, layer::AvgPool<2>, layer::Dense<33>,
              layer::Spiking<Plain>, layer::Dropout, layer::Dense<5>, layer::MeanOverTime>;
  Probe<Net, Static<Shape{8, 8, 2}>> direct{{3, 4}, 0.25, 12, 1.0 / 16};
  CHECK(direct.output_error() == 0.0);
  CHECK(direct.weakest_tensor() > 1e-4);
  CHECK(direct.direction_error(2) < 1e-5);
  Probe<Net, Spikes<Shape{8, 8, 2}>> trains{{3, 4}, 0.25, 12, 1.0 / 16};
  CHECK(trains.output_error() == 0.0);
  CHECK(trains.direction_error(2) < 1e-5);
}
