#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/model/model.hpp>
#include <snnbd/network/fold.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/network/twin.hpp>

using namespace snnbd;

namespace {

constexpr layer::ConvOptions biased{.bias = true};
constexpr layer::DenseOptions offset{.bias = true};
constexpr layer::BatchNormOptions aimed{.threshold_dependent = true, .summed = true};

using Block = layer::Residual<layer::Sequence<layer::Conv<3, 3>, layer::BatchNorm<>, layer::Relu,
                                              layer::Conv<5, 3, biased>, layer::BatchNorm<aimed>>,
                              layer::Sequence<layer::Conv<5, 1>, layer::BatchNorm<>>>;
using Whole =
    BasicNetwork<double, Shape{6, 5, 2}, layer::Conv<4, 3>, layer::BatchNorm<>, layer::Relu,
                 layer::Dropout, Block, layer::Relu, layer::AvgPool<2>, layer::Dense<6, offset>,
                 layer::BatchNorm<>, layer::Relu, layer::Dense<3>, layer::MeanOverTime>;
using WithoutNorms =
    BasicNetwork<double, Shape{6, 5, 2}, layer::Conv<4, 3, biased>, layer::Relu, layer::Dropout,
                 layer::Residual<layer::Sequence<layer::Conv<3, 3, biased>, layer::Relu,
                                                 layer::Conv<5, 3, biased>>,
                                 layer::Sequence<layer::Conv<5, 1, biased>>>,
                 layer::Relu, layer::AvgPool<2>, layer::Dense<6, offset>, layer::Relu,
                 layer::Dense<3>, layer::MeanOverTime>;

template <class Net>
std::vector<double> outputs(const Net& net, const std::vector<double>& images, Index samples) {
  Pass<Net, Static<Net::input_shape>> pass{{samples, 1}, false};
  const auto out = pass.forward(net, {images.data(), {samples, 1}, Net::input_shape});
  return {out.data, out.data + out.size()};
}

}  // namespace

TEST_CASE("A folded network has biases in place of batch norms") {
  STATIC_REQUIRE(std::is_same_v<Folded<Whole>, WithoutNorms>);
  STATIC_REQUIRE(std::is_same_v<Folded<WithoutNorms>, WithoutNorms>);
  using Residual = Folded<model::ResNet18<Shape{32, 32, 3}, 10, layer::Relu,
                                          model::Options{.pooling = model::Pooling::average}>>;
  STATIC_REQUIRE(Converted<Residual>::parameter_count == Residual::parameter_count);
}

TEST_CASE("A folded network gives what the network with its batch norms gives") {
  Whole net;
  random::Stream stream{5, random::Purpose::synthetic};
  const auto draw = [&](double low, double high) {
    return low + (high - low) * static_cast<double>(stream.uniform());
  };
  for (const network::ParameterTensor& tensor : Whole::tensors()) {
    const bool positive = tensor.parameter.name.find("running_var") != std::string_view::npos;
    for (Index i = 0; i < tensor.parameter.size(); ++i)
      net.parameters()[static_cast<std::size_t>(tensor.offset + i)] =
          positive ? draw(0.2, 3.0) : draw(-1.0, 1.0);
  }
  net.layer<1>().epsilon = 0.125;
  net.layer<3>().rate = 0.75F;
  net.layer<4>().branch.layer<4>().theta = 0.5F;
  std::vector<double> images(static_cast<std::size_t>(3 * Whole::input_shape.size()));
  for (double& value : images) value = draw(0.0, 1.0);

  const auto folded = network::fold(net);
  CHECK(folded.layer<2>().rate == 0.75F);
  const auto expected = outputs(net, images, 3);
  const auto found = outputs(folded, images, 3);
  REQUIRE(found.size() == expected.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    CHECK(found[i] == Approx(expected[i]).epsilon(1e-12).margin(1e-12));
}
