#include <limits>

#include <catch2/catch.hpp>

#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/check.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/view.hpp>

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

using Neuron = neuron::If<>;
using Block = layer::Residual<
    layer::Sequence<layer::Conv<4, 3>, layer::BatchNorm<>, layer::Spiking<Neuron>,
                    layer::Conv<4, 3, layer::ConvOptions{.stride = 2}>, layer::BatchNorm<>>,
    layer::Sequence<layer::Conv<4, 1, layer::ConvOptions{.stride = 2}>, layer::BatchNorm<>>>;
using Net = Network<Shape{4, 6, 2}, layer::Conv<4, 3>, layer::Spiking<Neuron>, Block,
                    layer::Spiking<Neuron>, layer::Dense<3>, layer::MeanOverTime>;

}  // namespace

TEST_CASE("A parameter that is not finite is refused with the name of its tensor", "[network]") {
  Net net;
  network::initialize(net, 1);
  CHECK_NOTHROW(network::check_parameters(net, "network of a test"));
  for (const network::ParameterTensor& tensor : Net::tensors()) {
    for (const float wrong :
         {std::numeric_limits<float>::quiet_NaN(), -std::numeric_limits<float>::infinity()}) {
      auto& value =
          net.parameters()[static_cast<std::size_t>(tensor.offset + tensor.parameter.size() - 1)];
      const float kept = value;
      value = wrong;
      CHECK_THROWS_WITH(network::check_parameters(net, "network of a test"),
                        Contains("network of a test: expected finite parameters") &&
                            Contains("in the tensor " + tensor.name()));
      CHECK_THROWS_WITH(view_of(net, encode::Direct{}, 2),
                        Contains("network to run") && Contains(tensor.name()));
      value = kept;
    }
  }
  for (const network::ParameterTensor& tensor : Net::tensors()) {
    if (!tensor.parameter.name.ends_with("running_var")) continue;
    auto& value = net.parameters()[static_cast<std::size_t>(tensor.offset)];
    value = -0.5F;
    CHECK_THROWS_WITH(network::check_parameters(net, "network of a test"),
                      Contains("variances of at least 0") && Contains(tensor.name()));
    value = 1.0F;
  }
}

TEST_CASE("Settings of layers within layers are checked too", "[network]") {
  Net net;
  net.layer<2>().shortcut.layer<1>().epsilon = -1.0;
  CHECK_THROWS_WITH(network::check(net), Contains("batch norm epsilon"));
  net.layer<2>().shortcut.layer<1>().epsilon = 1e-5;
  CHECK_NOTHROW(network::check(net));
  net.layer<2>().branch.layer<2>().neuron.threshold = 0.0F;
  CHECK_THROWS_WITH(network::check(net), Contains("if threshold"));
}

TEST_CASE("The fewest pixels that a batch norm sees are those of the smallest image", "[network]") {
  CHECK(network::normalized_pixels<Net>() == 6);
  using Vector =
      Network<Shape{4, 4, 1}, layer::Conv<4, 3>, layer::BatchNorm<>, layer::Relu, layer::Dense<5>,
              layer::BatchNorm<>, layer::Relu, layer::Dense<2>, layer::MeanOverTime>;
  CHECK(network::normalized_pixels<Vector>() == 1);
  using None = Network<Shape{4, 4, 1}, layer::Dense<2>, layer::MeanOverTime>;
  CHECK(network::normalized_pixels<None>() == 0);
}
