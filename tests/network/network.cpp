#include <cmath>
#include <cstdint>
#include <string>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>

namespace {

using namespace snnbd;
using Cell = neuron::Lif<neuron::SoftReset, neuron::Sigmoid>;
using Digits =
    Network<Shape{28, 28, 1}, layer::Conv<32, 3>, layer::Spiking<Cell>, layer::MaxPool<2>,
            layer::Conv<64, 3>, layer::Spiking<Cell>, layer::MaxPool<2>, layer::Dense<256>,
            layer::Spiking<Cell>, layer::Dropout, layer::Dense<10>, layer::MeanOverTime>;

using Trained = neuron::Plif<neuron::HardReset, neuron::Arctangent>;
using Mixed =
    Network<Shape{9, 7, 2}, layer::Conv<4, 3, layer::ConvOptions{.stride = 2, .bias = true}>,
            layer::Spiking<Trained>, layer::AvgPool<2, 1>, layer::Flatten,
            layer::Dense<6, layer::DenseOptions{.bias = true}>, layer::Spiking<Trained>,
            layer::Dense<3>, layer::SpikeRate>;

std::vector<std::string> names(const std::vector<network::ParameterTensor>& tensors) {
  std::vector<std::string> result;
  for (const auto& tensor : tensors) result.push_back(tensor.name());
  return result;
}

}  // namespace

TEST_CASE("The network for digits has the parameters of its closed form", "[network]") {
  constexpr Index expected = 9 * 1 * 32 + 9 * 32 * 64 + 7 * 7 * 64 * 256 + 256 * 10;
  STATIC_REQUIRE(expected == 824096);
  STATIC_REQUIRE(Digits::parameter_count == expected);
  const Digits net;
  CHECK(net.parameters().size() == static_cast<std::size_t>(expected));
  CHECK(reinterpret_cast<std::uintptr_t>(net.parameters().data()) % cache_line == 0);
  STATIC_REQUIRE(Digits::output_shape == Shape{1, 1, 10});
  STATIC_REQUIRE(Digits::spikes);
  CHECK(Digits::notation() == "32C3-P2-64C3-P2-256-10");
  CHECK(Digits::neuron_name() == "lif");
  CHECK(names(Digits::tensors()) ==
        std::vector<std::string>{"0.weight", "3.weight", "6.weight", "9.weight"});
}

TEST_CASE("Tensors lie one behind the other, named by layer", "[network]") {
  const auto tensors = Mixed::tensors();
  CHECK(names(tensors) == std::vector<std::string>{"0.weight", "0.bias", "1.w", "4.weight",
                                                   "4.bias", "5.w", "6.weight"});
  // 9 x 7 becomes 5 x 4 by the convolution and 4 x 3 by the pooling.
  const std::vector<Index> sizes{9 * 2 * 4, 4, 1, 4 * 3 * 4 * 6, 6, 1, 6 * 3};
  Index offset = 0;
  REQUIRE(tensors.size() == sizes.size());
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    CHECK(tensors[i].offset == offset);
    CHECK(tensors[i].parameter.size() == sizes[i]);
    offset += sizes[i];
  }
  STATIC_REQUIRE(Mixed::parameter_count == 72 + 4 + 1 + 288 + 6 + 1 + 18);
  CHECK(Mixed::description() == "conv-spiking-avg_pool-flatten-dense-spiking-dense-spike_rate");
}

TEST_CASE("Signals follow from the input and the layers", "[network]") {
  using Neurons = layer::Spiking<Cell>;
  using One = layer::Stages<float, Static<Shape{8, 8, 1}>, layer::Conv<3, 3>>;
  STATIC_REQUIRE(std::is_same_v<One::Output, Static<Shape{8, 8, 3}>>);
  using Two = layer::Stages<float, Static<Shape{8, 8, 1}>, layer::Conv<3, 3>, Neurons>;
  STATIC_REQUIRE(std::is_same_v<Two::Output, Spikes<Shape{8, 8, 3}>>);
  STATIC_REQUIRE(Two::size == 1);
  using Pooled = layer::Stages<float, Spikes<Shape{8, 8, 3}>, layer::MaxPool<3>, layer::Flatten,
                               layer::Dropout>;
  STATIC_REQUIRE(std::is_same_v<Pooled::Output, Spikes<Shape{1, 1, 12}>>);
  using Mean = layer::Stages<float, Spikes<Shape{8, 8, 3}>, layer::AvgPool<3, 2>>;
  STATIC_REQUIRE(std::is_same_v<Mean::Output, Real<Shape{3, 3, 3}>>);
  using Read =
      layer::Stages<float, Spikes<Shape{8, 8, 3}>, layer::Dense<4>, layer::AccumulatedMembrane>;
  STATIC_REQUIRE(std::is_same_v<Read::Output, Static<Shape{1, 1, 4}>>);
  using Soft = layer::Stages<float, Static<Shape{2, 2, 1}>, layer::Spiking<neuron::Smooth<Cell>>>;
  STATIC_REQUIRE(std::is_same_v<Soft::Output, Real<Shape{2, 2, 1}>>);
}

TEST_CASE("Convolutions have the sizes that PyTorch gives them", "[network]") {
  const auto side = [](auto bound) { return decltype(bound)::out.height; };
  using In = Static<Shape{11, 11, 1}>;
  CHECK(side(layer::Conv<1, 3>::Bound<In, float>{}) == 11);
  CHECK(side(layer::Conv<1, 3, layer::ConvOptions{.padding = 0}>::Bound<In, float>{}) == 9);
  CHECK(side(layer::Conv<1, 3, layer::ConvOptions{.stride = 2}>::Bound<In, float>{}) == 6);
  CHECK(
      side(layer::Conv<1, 4, layer::ConvOptions{.stride = 3, .padding = 1}>::Bound<In, float>{}) ==
      4);
  CHECK(side(layer::Conv<1, 2>::Bound<In, float>{}) == 12);
}

TEST_CASE("Neurons of all layers can be set at once, and start their own parameters", "[network]") {
  Mixed net;
  int count = 0;
  net.for_each_neuron([&](auto& neuron) { neuron.tau = 3.0F + static_cast<float>(count++); });
  CHECK(count == 2);
  CHECK(net.layer<5>().neuron.tau == 4.0F);
  net.set_neuron_parameters();
  // w = -ln(tau - 1), at the places of 1.w and 5.w.
  CHECK(net.parameters()[76] == Approx(-std::log(2.0)));
  CHECK(net.parameters()[371] == Approx(-std::log(3.0)));
  const std::vector<double> gains = net.gains_behind();
  REQUIRE(gains.size() == 8);
  CHECK(gains[0] == Approx(1.0 / 3));
  CHECK(gains[4] == Approx(1.0 / 4));
  CHECK(gains[6] == 1.0);
}

TEST_CASE("Batch norms that aim at the threshold follow it, within residuals too", "[network]") {
  using Block = layer::Residual<
      layer::Sequence<layer::BatchNorm<layer::BatchNormOptions{.threshold_dependent = true}>,
                      layer::Spiking<Cell>, layer::Conv<1, 3>>>;
  Network<Shape{4, 4, 1}, layer::Conv<1, 3>, Block, layer::Spiking<Cell>, layer::Dense<3>> net;
  net.set_threshold(0.5F);
  const auto& branch = net.layer<1>().branch;
  CHECK(branch.layer<0>().theta == 0.5F);
  CHECK(branch.layer<1>().neuron.threshold == 0.5F);
  CHECK(net.layer<2>().neuron.threshold == 0.5F);
  STATIC_REQUIRE(decltype(net)::spikes);
  int count = 0;
  net.for_each_neuron([&](auto& /*neuron*/) { ++count; });
  CHECK(count == 2);
}

TEST_CASE("A network of rectifiers is none that spikes", "[network]") {
  using Artificial = Network<Shape{4, 4, 1}, layer::Conv<2, 3>, layer::Relu, layer::Dense<3>>;
  STATIC_REQUIRE_FALSE(Artificial::spikes);
  CHECK(Artificial::neuron_name() == "relu");
}
