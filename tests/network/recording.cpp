#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/recording.hpp>

#include "edge.hpp"

using namespace snnbd;
using Catch::Contains;

namespace {

constexpr Shape shape{4, 5, 2};
using Soft = neuron::If<neuron::SoftReset, neuron::Arctangent>;
using Leaky = neuron::Lif<neuron::HardReset, neuron::Sigmoid>;
using Block =
    layer::Residual<layer::Sequence<layer::Conv<3, 3>, layer::BatchNorm<>, layer::Spiking<Soft>,
                                    layer::Conv<3, 3>, layer::BatchNorm<>>>;
using Net = BasicNetwork<double, shape, layer::Conv<3, 3>, layer::Spiking<Soft>, Block,
                         layer::Spiking<Leaky>, layer::MaxPool<2>, layer::Dense<4>,
                         layer::Spiking<Soft>, layer::Dense<2>, layer::MeanOverTime>;

Net made() {
  Net net;
  network::initialize(net, 5);
  net.for_each_neuron([](auto& neuron) { neuron.threshold = 0.25F; });
  return net;
}

}  // namespace

TEST_CASE("A recording has every layer of neurons and conserves charge", "[network]") {
  const Net net = made();
  const auto images = snnbd_tests::images<double>(3, shape);
  const auto recording = net.record(images, {.timesteps = 6});
  std::vector<int> places;
  for (const auto& layer : recording.layers()) places.push_back(layer.place);
  // The block is layer 2, its first convolution 3, its neurons 5, and so on.
  CHECK(places == std::vector<int>{1, 5, 8, 11});
  for (const int place : {1, 5, 11}) {
    INFO(place);
    const auto& layer = recording.layer(place);
    CHECK(layer.spikes.dimension(0) == 3);
    CHECK(layer.spikes.dimension(1) == 6);
    // From rest, what came in is what stands in the membrane and what the spikes took.
    const Tensor<double, 4> in = layer.currents.sum(std::array{1});
    const Tensor<double, 4> left = layer.membrane.chip(5, 1);
    const Tensor<double, 4> fired = layer.spikes.sum(std::array{1});
    const Tensor<double, 0> error = (in - left - fired * 0.25).abs().maximum();
    CHECK(error() < 1e-12);
    const Tensor<double, 0> count = fired.sum();
    CHECK(count() > 0.0);
  }
}

TEST_CASE("Membranes fire at the threshold and are reset", "[network]") {
  const Net net = made();
  const auto layer =
      net.record(snnbd_tests::images<double>(3, shape), {.timesteps = 6, .places = {8}}).layer(8);
  double fired = 0.0;
  for (Index i = 0; i < layer.spikes.size(); ++i) {
    const double spike = layer.spikes.data()[i];
    fired += spike;
    REQUIRE(spike == (layer.charge.data()[i] >= 0.25 ? 1.0 : 0.0));
    REQUIRE(layer.membrane.data()[i] == (spike > 0.0 ? 0.0 : layer.charge.data()[i]));
  }
  CHECK(fired > 0.0);
}

TEST_CASE("A pass in training is recorded too", "[network]") {
  const Net net = made();
  PassOf<Net, encode::Poisson> pass{{2, 4}, true};
  Tensor<double, 5> spikes{2, 4, shape.height, shape.width, shape.channels};
  spikes.setRandom();
  spikes = (spikes > spikes.constant(0.5)).cast<double>();
  pass.forward(net, spikes, {.training = true});
  const network::Recording recording{pass, net, {.places = {1}, .membranes = false}};
  CHECK(recording.layers().size() == 1);
  CHECK(recording.layer(1).charge.size() == 0);
  CHECK(recording.layer(1).currents.size() == 2 * 4 * 4 * 5 * 3);
}

TEST_CASE("Layers without neurons are not recorded", "[network]") {
  const Net net = made();
  const auto images = snnbd_tests::images<double>(1, shape);
  CHECK_THROWS_WITH(
      net.record(images, {.timesteps = 2, .places = {0}}),
      Contains("recorded layer: expected the place of a layer of neurons, one of 1, 5, 8, 11, "
               "found 0"));
  const PassOf<Net> pass{{1, 2}, false};
  CHECK_THROWS_WITH((network::Recording{pass, net}), Contains("neurons of a pass: expected"));
}
