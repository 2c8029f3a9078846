#include <string>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>

using namespace snnbd;
using Catch::Contains;

namespace {

using Trained = neuron::Plif<neuron::HardReset, neuron::Arctangent>;
using Net = Network<Shape{4, 6, 2}, layer::Conv<5, 3, layer::ConvOptions{.bias = true}>,
                    layer::Spiking<Trained>, layer::Dense<7>>;

}  // namespace

TEST_CASE("Parameters are tensors of their natural rank", "[network]") {
  Net net;
  TensorView<float, 4> kernel = net.parameter("0.weight");
  CHECK(tensor::sizes_text(kernel) == "3x3x2x5");
  TensorView<float, 1> bias = net.parameter("0.bias");
  CHECK(tensor::sizes_text(bias) == "5");
  TensorView<float, 4> dense = net.parameter("2.weight");
  CHECK(tensor::sizes_text(dense) == "4x6x5x7");
  CHECK(net.parameter("1.w").tensor<1>().size() == 1);
  CHECK(net.parameter("2.weight").kind() == layer::ParameterKind::dense_weight);

  dense(3, 5, 4, 6) = 2.0F;
  bias(4) = 3.0F;
  CHECK(net.parameters().back() == 2.0F);
  CHECK(net.parameters()[3 * 3 * 2 * 5 + 4] == 3.0F);
  const Net& constant = net;
  const ConstTensorView<float, 1> seen = constant.parameter("0.bias");
  CHECK(seen(4) == 3.0F);
}

TEST_CASE("A gradient has the names of the parameters", "[network]") {
  network::Gradient<Net> gradient;
  CHECK(std::ssize(gradient.values()) == Net::parameter_count);
  TensorView<float, 1> bias = gradient("0.bias");
  bias(0) = 4.0F;
  CHECK(gradient.values()[90] == 4.0F);
  gradient.set_zero();
  CHECK(bias(0) == 0.0F);
}

TEST_CASE("Another name or rank is refused in one sentence", "[network]") {
  Net net;
  CHECK_THROWS_WITH(net.parameter("2.bias"),
                    Contains("parameter of a network: expected one of 0.weight, 0.bias, 1.w, "
                             "2.weight, found '2.bias'"));
  CHECK_THROWS_WITH(
      (TensorView<float, 1>{net.parameter("0.weight")}),
      Contains("parameter 0.weight: expected a tensor of rank 4, found one of rank 1"));
  using Bare = Network<Shape{2, 2, 1}, layer::Flatten>;
  Bare bare;
  CHECK_THROWS_WITH(bare.parameter("0.weight"), Contains("expected none"));
}
