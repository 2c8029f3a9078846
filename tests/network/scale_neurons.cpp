#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/scale_neurons.hpp>
#include <snnbd/neuron/neuron.hpp>

using namespace snnbd;
using Catch::Matchers::Contains;

namespace {

template <class Neuron>
using Net = Network<Shape{2, 2, 1}, layer::Dense<3>, layer::Spiking<Neuron>, layer::Dense<2>,
                    layer::MeanOverTime>;

template <class Neuron>
Neuron scaled(Neuron neuron, const network::NeuronFactors& factors) {
  Net<Neuron> net;
  net.template layer<1>().neuron = neuron;
  network::scale_neurons(net, factors);
  return net.template layer<1>().neuron;
}

}  // namespace

TEST_CASE("Factors multiply thresholds and time constants", "[network]") {
  const auto lif =
      scaled(neuron::Lif<>{.tau = 2.5, .threshold = 0.8}, {.threshold = 1.5, .tau = 2.0});
  CHECK(lif.threshold == Approx(1.2));
  CHECK(lif.tau == Approx(5.0));
  // A decay of 0.75 is a time constant of 4 steps; half of it is 2, a decay of 0.5.
  neuron::Leaky<> leaky;
  leaky.decay = 0.75;
  CHECK(scaled(leaky, {.tau = 0.5}).decay == Approx(0.5));
  CHECK(scaled(leaky, {.threshold = 2.0}).decay == 0.75);
  leaky.decay = 1.0;
  CHECK(scaled(leaky, {.tau = 0.5}).decay == 1.0);
  CHECK(scaled(neuron::If<>{}, {.threshold = 0.5}).threshold == 0.5);
  CHECK(scaled(neuron::Plif<>{}, {.threshold = 0.5}).threshold == 0.5);
}

TEST_CASE("Factors that no neuron can follow are refused by name", "[network]") {
  CHECK_THROWS_WITH(scaled(neuron::If<>{}, {.tau = 0.5}),
                    Contains("time constant of if") && Contains("they have none"));
  CHECK_THROWS_WITH(scaled(neuron::Plif<>{}, {.tau = 0.5}), Contains("time constant of plif"));
  CHECK_THROWS_WITH(scaled(neuron::Diet<>{}, {.threshold = 0.5}), Contains("threshold of diet"));
  CHECK_THROWS_WITH(scaled(neuron::Lif<>{}, {.tau = 0.5}), Contains("tau"));
  CHECK_THROWS_WITH(scaled(neuron::Lif<>{}, {.threshold = 0.0}), Contains("threshold"));
  CHECK_THROWS_WITH(scaled(neuron::Lif<>{}, {.tau = -1.0}), Contains("time constant"));
  neuron::Leaky<> leaky;
  leaky.decay = 0.25;
  CHECK_THROWS_WITH(scaled(leaky, {.tau = 0.5}), Contains("decay"));
}

TEST_CASE("Factors of 1 change nothing, and say so", "[network]") {
  const auto lif = scaled(neuron::Lif<>{.tau = 2.3, .threshold = 0.7}, {});
  CHECK(lif.tau == 2.3);
  CHECK(lif.threshold == 0.7);
  CHECK(network::NeuronFactors{}.text() == "nominal");
  CHECK(network::NeuronFactors{.threshold = 1.5}.text() == "threshold x 1.5");
  CHECK(network::NeuronFactors{.tau = 0.5}.text() == "tau x 0.5");
  CHECK(network::NeuronFactors{.threshold = 1.5, .tau = 0.5}.text() ==
        "threshold x 1.5, tau x 0.5");
}
