#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/network/normalize_channels.hpp>
#include <snnbd/network/pass.hpp>

#include "firing_run.hpp"

using namespace snnbd;
using snnbd_tests::run_firing;

namespace {

using Fires = layer::Spiking<network::ConvertedNeuron>;
constexpr layer::ConvOptions biased{.bias = true};

/// Weights in a row without neurons between them, poolings on either side of neurons, a dense layer
/// behind a flattened one and one behind pixels.
template <class Scalar>
using Net =
    BasicNetwork<Scalar, Shape{8, 8, 2}, layer::Conv<4, 3, biased>, Fires, layer::ZeroPad<1>,
                 layer::Conv<3, 3>, layer::Conv<5, 1, biased>, layer::AvgPool<2>, Fires,
                 layer::AvgPool<2>, layer::Flatten, layer::Dense<6, layer::DenseOptions{true}>,
                 Fires, layer::Dense<3>, layer::MeanOverTime>;

template <class Scalar>
Net<Scalar> drawn(float threshold) {
  Net<Scalar> net;
  random::Stream stream{4, random::Purpose::synthetic};
  for (Scalar& value : net.parameters()) value = static_cast<Scalar>(stream.uniform() - 0.4F);
  net.for_each_layer([&]<class Spec>(Spec& spec, int) {
    if constexpr (layer::is_spiking<Spec>) {
      spec.neuron.threshold = spec.amplitude = threshold;
      spec.start = 0.5F;
    }
  });
  return net;
}

}  // namespace

TEST_CASE("Channels with one scale fire the spikes of the weight normalization of layers",
          "[network]") {
  for (const float scale : {4.0F, 8.0F}) {
    const auto balanced = drawn<float>(scale);
    const auto each = static_cast<double>(scale);
    const auto channels = network::normalize_channels(
        balanced, {std::vector(4, each), std::vector(5, each), std::vector(6, each)});
    const auto first = run_firing(balanced, 20);
    const auto second = run_firing(channels, 20);
    CHECK(first.spikes == second.spikes);
    CHECK(first.outputs == second.outputs);
    CHECK(first.spikes == run_firing(network::normalize_weights(balanced), 20).spikes);
  }
}

TEST_CASE("Channels with scales of their own give the same outputs in the end", "[network]") {
  const std::vector<std::vector<double>> scales{
      {8.0, 4.0, 6.0, 9.0}, {8.0, 14.0, 7.0, 5.0, 10.0}, {15.0, 12.0, 8.0, 20.0, 11.0, 13.0}};
  const auto balanced = drawn<double>(16.0F);
  const auto channels = network::normalize_channels(balanced, scales);
  for (const Index steps : {Index{500}, Index{4000}}) {
    const auto first = run_firing(balanced, steps);
    const auto second = run_firing(channels, steps);
    CHECK(first.spikes != second.spikes);
    double largest = 0.0;
    for (const double output : first.outputs) largest = std::max(largest, std::abs(output));
    for (std::size_t i = 0; i < first.outputs.size(); ++i)
      CHECK(std::abs(first.outputs[i] - second.outputs[i]) <
            10.0 * largest / static_cast<double>(steps));
  }
}

TEST_CASE("Scales of channels that do not fit are refused", "[network]") {
  const auto net = drawn<float>(1.0F);
  using Scales = std::vector<std::vector<double>>;
  const std::vector<double> first(4, 1.0);
  const std::vector<double> second(5, 1.0);
  CHECK_THROWS_WITH(network::normalize_channels(net, Scales{first, second}),
                    Catch::Contains("expected 3 layers, found 2"));
  CHECK_THROWS_WITH(network::normalize_channels(net, Scales{first, second, second}),
                    Catch::Contains("activation layer 2: expected 6, found 5"));
  CHECK_THROWS_WITH(network::normalize_channels(
                        net, Scales{first, {1.0, 1.0, 0.0, 1.0, 1.0}, std::vector(6, 1.0)}),
                    Catch::Contains("activation layer 1: expected positive numbers"));
}
