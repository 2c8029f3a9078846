#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/network/normalize_weights.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/network/twin.hpp>

#include "firing_run.hpp"

using namespace snnbd;
using snnbd_tests::run_firing;

namespace {

using Fires = layer::Spiking<network::ConvertedNeuron>;
constexpr layer::ConvOptions biased{.bias = true};
constexpr layer::DenseOptions offset{.bias = true};

/// Weights in a row without neurons between them, a pooling, residuals whose shortcut is bare, has
/// weights, or whose branch ends in neurons, neurons behind a pooling.
template <class Scalar>
using Net = BasicNetwork<
    Scalar, Shape{8, 8, 2}, layer::Conv<4, 3, biased>, Fires, layer::Conv<4, 3>, layer::AvgPool<2>,
    layer::Conv<4, 1, biased>, Fires,
    layer::Residual<layer::Sequence<layer::Conv<3, 3, biased>, Fires, layer::Conv<4, 3, biased>>>,
    Fires,
    layer::Residual<layer::Sequence<layer::Conv<3, 3>, Fires, layer::Conv<5, 3, biased>>,
                    layer::Sequence<layer::Conv<5, 1, biased>>>,
    Fires,
    layer::Residual<layer::Sequence<layer::Conv<5, 3>, Fires>,
                    layer::Sequence<layer::Conv<5, 1>, Fires>>,
    Fires, layer::AvgPool<2>, Fires, layer::Dense<4, offset>, Fires, layer::Dense<3, offset>,
    layer::MeanOverTime>;

/// Scales from 1/4 to 4, powers of two or not.
template <class Scalar>
Net<Scalar> drawn(bool powers) {
  Net<Scalar> net;
  random::Stream stream{4, random::Purpose::synthetic};
  for (Scalar& value : net.parameters()) value = static_cast<Scalar>(stream.uniform() - 0.4F);
  net.for_each_layer([&]<class Spec>(Spec& spec, int) {
    if constexpr (layer::is_spiking<Spec>) {
      const float exponent = 4.0F * stream.uniform() - 2.0F;
      spec.neuron.threshold = std::exp2(powers ? std::round(exponent) : exponent);
      spec.amplitude = spec.neuron.threshold;
      spec.start = 0.5F;
    }
  });
  return net;
}

}  // namespace

TEST_CASE("Both forms of a converted network fire the same spikes") {
  const auto balanced = drawn<float>(true);
  const auto normalized = network::normalize_weights(balanced);
  const auto first = run_firing(balanced, 20);
  const auto second = run_firing(normalized, 20);
  REQUIRE(first.spikes.size() == 11);
  CHECK(first.spikes == second.spikes);
  CHECK(first.outputs == second.outputs);
}

TEST_CASE("Weight normalization keeps the outputs whatever the scales are") {
  const auto balanced = drawn<double>(false);
  const auto first = run_firing(balanced, 20);
  const auto second = run_firing(network::normalize_weights(balanced), 20);
  for (std::size_t i = 0; i < first.outputs.size(); ++i)
    CHECK(second.outputs[i] == Approx(first.outputs[i]).epsilon(1e-5));
}

TEST_CASE(
    "In the form of weight normalization thresholds and spikes are 1 where weights allow it") {
  const auto net = network::normalize_weights(drawn<float>(false));
  CHECK(net.layer<1>().neuron.threshold == Approx(1.0F));
  CHECK(net.layer<1>().amplitude == 1.0F);
  CHECK(net.layer<5>().neuron.threshold == Approx(1.0F));
  CHECK(net.layer<6>().branch.layer<1>().neuron.threshold == Approx(1.0F));
  CHECK(net.layer<9>().neuron.threshold == Approx(1.0F));
  CHECK(net.layer<15>().amplitude == 1.0F);
}
