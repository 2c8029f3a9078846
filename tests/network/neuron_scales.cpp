#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/neuron_scales.hpp>

using namespace snnbd;
using network::NeuronScales;

namespace {

using Cell = neuron::If<>;
using Block =
    layer::Residual<layer::Sequence<layer::Conv<2, 3>, layer::Spiking<Cell>, layer::Conv<2, 3>>>;
using Net = Network<Shape{4, 4, 1}, layer::Conv<2, 3>, layer::Spiking<Cell>, Block,
                    layer::Spiking<Cell>, layer::Dense<2>, layer::MeanOverTime>;

}  // namespace

TEST_CASE("Scales of neurons are read and set by place, those within residuals too", "[network]") {
  Net net;
  net.layer<1>().neuron.threshold = 0.5F;
  net.layer<2>().branch.layer<1>().amplitude = 0.25F;
  net.layer<3>().start = 0.125F;
  const std::vector<NeuronScales> scales = network::neuron_scales(net);
  CHECK(scales == std::vector<NeuronScales>{{.place = 1, .threshold = 0.5F},
                                            {.place = 4, .amplitude = 0.25F},
                                            {.place = 6, .start = 0.125F}});
  Net other;
  network::set_neuron_scales(other, scales);
  CHECK(network::neuron_scales(other) == scales);
  CHECK(other.layer<2>().branch.layer<1>().amplitude == 0.25F);
  CHECK(other.layer<3>().start == 0.125F);
}
