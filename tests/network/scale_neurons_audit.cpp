#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/probed_network.hpp>

using namespace snnbd;
using network::NeuronFactors;
using network::with_neuron_factors;

namespace {

constexpr Shape shape{4, 4, 1};
using Blobs = data::Blobs<shape, 3>;

template <class... Layers>
using Net = Network<shape, layer::Dense<6>, Layers..., layer::Dense<3>, layer::MeanOverTime>;

template <class Type>
Type made() {
  Type net;
  network::initialize(net, 4);
  for (auto& value : net.parameters()) value *= 3;
  net.set_neuron_parameters();
  return net;
}

}  // namespace

TEST_CASE("factors multiply thresholds and time constants", "[network]") {
  auto net = made<Net<layer::Spiking<neuron::Lif<>>>>();
  net.layer<1>().neuron = {.tau = 3.0, .threshold = 0.8};
  net.layer<1>().amplitude = 0.8;
  const auto changed = with_neuron_factors(net, {.threshold = 0.5, .tau = 2.0});
  CHECK(changed.layer<1>().neuron.threshold == 0.4);
  CHECK(changed.layer<1>().neuron.tau == 6.0);
  CHECK(changed.layer<1>().amplitude == 0.8);
  CHECK(std::ranges::equal(changed.parameters(), net.parameters()));
  CHECK(net.layer<1>().neuron.threshold == 0.8);
  // Half of three steps is fine, a third is the shortest.
  CHECK(with_neuron_factors(net, {.tau = 0.5}).layer<1>().neuron.tau == 1.5);
  CHECK(with_neuron_factors(net, {.tau = 0.3}).layer<1>().neuron.tau == network::shortest_tau);
  CHECK_THROWS_WITH(with_neuron_factors(net, {.threshold = 0.0}),
                    "factor of the threshold: expected a number above 0, found 0");
}

TEST_CASE("factors multiply constants that were trained", "[network]") {
  auto parametric = made<Net<layer::Spiking<neuron::Plif<>>>>();
  const float untouched = parametric.parameter("1.w").values()[0];
  CHECK(untouched == 0.0F);  // sigma(0) = 1/2: two steps
  const auto longer = with_neuron_factors(parametric, {.tau = 2.0});
  CHECK(longer.parameter("1.w").values()[0] == Approx(-std::log(3.0)));  // four steps
  CHECK(longer.parameter("0.weight").values()[0] == parametric.parameter("0.weight").values()[0]);

  auto trained = made<Net<layer::Spiking<neuron::Diet<>>>>();
  trained.parameter("1.w").values()[0] = 0.6F;
  trained.parameter("1.w").values()[1] = 0.8F;  // five steps
  const auto both = with_neuron_factors(trained, {.threshold = 1.5, .tau = 2.0});
  CHECK(both.parameter("1.w").values()[0] == Approx(0.9));
  CHECK(both.parameter("1.w").values()[1] == Approx(0.9));  // ten steps
  CHECK(with_neuron_factors(trained, {.tau = 0.1}).parameter("1.w").values()[1] == 0.0F);
}

TEST_CASE("a probe runs a copy with other constants", "[network]") {
  auto net = made<Net<layer::Spiking<neuron::Lif<>>>>();
  const auto probe = probe_of(net, encode::Direct{}, 3, 2);
  const auto usual = probe.outputs(Blobs{5});
  CHECK(probe.outputs_with({}, Blobs{5}) == usual);
  const auto found = probe.outputs_with({.threshold = 0.5, .tau = 1.5}, Blobs{5});
  CHECK(probe.passes().forward == 15);
  CHECK(probe.outputs(Blobs{5}) == usual);
  net.layer<1>().neuron.threshold *= 0.5;
  net.layer<1>().neuron.tau *= 1.5;
  CHECK(found != usual);
  CHECK(found == view_of(net, encode::Direct{}, 3).outputs(Blobs{5}));
  CHECK_THROWS_WITH(probe.outputs_with({.tau = -1.0}, Blobs{5}),
                    "factor of the time constant: expected a number above 0, found -1");
}
