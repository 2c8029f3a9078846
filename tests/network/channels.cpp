#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/network/channels.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/recording.hpp>

using namespace snnbd;
using network::ChannelLayer;

namespace {

using Cell = neuron::Lif<neuron::SoftReset>;
using Block =
    layer::Residual<layer::Sequence<layer::Conv<6, 3>, layer::BatchNorm<>, layer::Spiking<Cell>,
                                    layer::Conv<6, 3>, layer::BatchNorm<>>,
                    layer::Sequence<layer::Conv<6, 1>, layer::BatchNorm<>>>;
// Places: 0 conv, 1 norm, 2 neurons, 3 residual, 4 conv, 5 norm, 6 neurons, 7 conv, 8 norm,
// 9 conv, 10 norm, 11 neurons, 12 pool, 13 dense, 14 neurons, 15 dense, 16 readout.
using Net =
    Network<Shape{5, 5, 2}, layer::Conv<5, 3>, layer::BatchNorm<>, layer::Spiking<Cell>, Block,
            layer::Spiking<Cell>, layer::MaxPool<2>, layer::Dense<7, layer::DenseOptions{true}>,
            layer::Spiking<Cell>, layer::Dense<3>, layer::MeanOverTime>;

Net random_net() {
  Net net;
  network::initialize(net, 4);
  std::uint32_t state = 1;
  for (const auto& tensor : Net::tensors())
    for (Index i = 0; i < tensor.parameter.size(); ++i) {
      state = state * 1664525U + 1013904223U;
      const float noise = static_cast<float>(state >> 8U) * 0x1p-24F;
      float& value = net.parameters()[static_cast<std::size_t>(tensor.offset + i)];
      if (tensor.parameter.name.ends_with("running_var"))
        value = 0.5F + noise;
      else if (tensor.parameter.kind == layer::ParameterKind::norm)
        value += noise;
      else
        value = 1.5F * value + 0.2F * noise;
    }
  return net;
}

network::Recording<Net> record(const Net& net) {
  Tensor<float, 4> images{3, 5, 5, 2};
  for (Index i = 0; i < images.size(); ++i)
    images.data()[i] = static_cast<float>((i * 7) % 13) / 6.0F;
  return net.record(images, {.timesteps = 6});
}

/// Whether the values of two layers are the same to the bit in all channels but one.
bool same_beside(const Tensor<float, 5>& left, const Tensor<float, 5>& right, Index channel) {
  const Index channels = left.dimension(4);
  for (Index i = 0; i < left.size(); ++i)
    if (i % channels != channel && left.data()[i] != right.data()[i]) return false;
  return true;
}

float sum_of(const Tensor<float, 5>& values, Index channel) {
  float sum = 0.0F;
  for (Index i = channel; i < values.size(); i += values.dimension(4))
    sum += std::abs(values.data()[i]);
  return sum;
}

}  // namespace

TEST_CASE("the layers whose channels drive neurons are found, within residuals too", "[network]") {
  Net net = random_net();
  net.layer<2>().amplitude = 0.5;
  net.layer<2>().neuron.threshold = 0.75;
  const auto layers = network::channel_layers(net);
  REQUIRE(layers.size() == 5);  // the outputs drive no neurons
  const std::vector<int> places{0, 4, 7, 9, 13};
  const std::vector<int> neurons{2, 6, 11, 11, 14};
  const std::vector<bool> summed{false, false, true, true, false};
  const std::vector<double> amplitudes{1.0, 0.5, 1.0, 0.5, 1.0};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    CHECK(layers[i].place == places[i]);
    CHECK(layers[i].neurons == neurons[i]);
    CHECK(layers[i].summed == summed[i]);
    CHECK(layers[i].input_amplitude == amplitudes[i]);
    CHECK(layers[i].norm.has_value() == (i < 4));
    CHECK(layers[i].bias.has_value() == (i == 4));
  }
  CHECK(layers[0].threshold == 0.75);
  CHECK(layers[3].weight.name() == "3.shortcut.0.weight");
  CHECK(layers[3].norm->variance.name() == "3.shortcut.1.running_var");
  CHECK(network::channel_layer_at(layers, -1).place == 9);
  CHECK(network::channel_layer_at(layers, 13).channels() == 7);
  CHECK_THROWS_WITH(network::channel_layer_at(layers, 3),
                    "layer whose channels drive neurons: expected a place among 0, 4, 7, 9, 13, "
                    "found 3");
  CHECK_THROWS_WITH(network::silence(layers[0], 5, net.parameters()),
                    "channel of 0.weight: expected below 5, found 5");
}

TEST_CASE("a silenced channel has no currents and changes none before or beside it", "[network]") {
  const Net net = random_net();
  const auto before = record(net);
  for (const ChannelLayer& layer : network::channel_layers(net)) {
    const Index channel = 2;
    Net silenced = net;
    network::silence(layer, channel, silenced.parameters());
    const auto after = record(silenced);
    for (const auto& seen : before.layers()) {
      const auto& now = after.layer(seen.place);
      INFO("layer " << layer.place << ", neurons " << seen.place);
      if (seen.place < layer.neurons && (seen.place < layer.place || layer.summed))
        CHECK(same_beside(seen.currents, now.currents, -1));
      if (seen.place != layer.neurons) continue;
      CHECK(same_beside(seen.currents, now.currents, channel));
      CHECK(sum_of(seen.currents, channel) > 0.0F);
      if (layer.summed) continue;
      CHECK(sum_of(seen.spikes, channel) > 0.0F);
      CHECK(sum_of(now.currents, channel) == 0.0F);
      CHECK(sum_of(now.spikes, channel) == 0.0F);
    }
  }
  // Of a sum both parts must be silenced.
  const auto layers = network::channel_layers(net);
  Net both = net;
  network::silence(layers[2], 1, both.parameters());
  network::silence(layers[3], 1, both.parameters());
  CHECK(sum_of(record(both).layer(11).currents, 1) == 0.0F);
}
