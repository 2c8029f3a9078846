#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/model/model.hpp>
#include <snnbd/network/fold.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/twin.hpp>

using namespace snnbd;

namespace {

using Leaky = neuron::Lif<>;
using Fires = layer::Spiking<network::ConvertedNeuron>;
constexpr Shape digits{28, 28, 1};

using Block =
    layer::Residual<layer::Sequence<layer::Conv<4, 3>, layer::Spiking<Leaky>, layer::Conv<4, 3>>>;
using Deep = Network<Shape{6, 6, 2}, layer::Conv<4, 3>, layer::Spiking<Leaky>, Block,
                     layer::Spiking<neuron::If<>>, layer::AvgPool<2>, layer::Dropout,
                     layer::Dense<3>, layer::AccumulatedMembrane>;

}  // namespace

TEST_CASE("The twin of a network has rectifiers in place of its neurons") {
  using RectifiedBlock =
      layer::Residual<layer::Sequence<layer::Conv<4, 3>, layer::Relu, layer::Conv<4, 3>>>;
  STATIC_REQUIRE(
      std::is_same_v<AnnTwin<Deep>, Network<Shape{6, 6, 2}, layer::Conv<4, 3>, layer::Relu,
                                            RectifiedBlock, layer::Relu, layer::AvgPool<2>,
                                            layer::Dropout, layer::Dense<3>, layer::MeanOverTime>>);
  STATIC_REQUIRE(std::is_same_v<AnnTwin<model::Vgg11<digits, 10, Leaky>>,
                                model::Vgg11<digits, 10, layer::Relu>>);
  STATIC_REQUIRE(std::is_same_v<AnnTwin<model::ResNet18<digits, 10, Leaky>>,
                                model::ResNet18<digits, 10, layer::Relu>>);
  STATIC_REQUIRE(!AnnTwin<Deep>::spikes);
}

TEST_CASE("The twin with levels converts to what the plain twin converts to") {
  using Twin = QcfsTwin<Deep, 4>;
  STATIC_REQUIRE(std::is_same_v<Converted<Twin>, Converted<AnnTwin<Deep>>>);
  STATIC_REQUIRE(Twin::parameter_count == Deep::parameter_count + 3);
  STATIC_REQUIRE(network::activation_count<Twin> == 3);
  STATIC_REQUIRE(Twin::neuron_name() == "qcfs");
  Twin twin;
  network::initialize(twin, 3);
  CHECK(twin.parameters()[std::size_t{9 * 2 * 4}] == 8.0F);  // the first limit
  const auto converted = network::transfer<Converted<Twin>>(twin);
  std::size_t number = 0;
  for (const network::ParameterTensor& tensor : Twin::tensors()) {
    if (tensor.parameter.kind == layer::ParameterKind::neuron) continue;
    for (Index i = 0; i < tensor.parameter.size(); ++i)
      CHECK(converted.parameters()[number++] ==
            twin.parameters()[static_cast<std::size_t>(tensor.offset + i)]);
  }
  CHECK(number == converted.parameters().size());
}

TEST_CASE("What a twin is converted to fires where the twin rectifies") {
  using FiringBlock = layer::Residual<layer::Sequence<layer::Conv<4, 3>, Fires, layer::Conv<4, 3>>>;
  using Wanted = Network<Shape{6, 6, 2}, layer::Conv<4, 3>, Fires, FiringBlock, Fires,
                         layer::AvgPool<2>, layer::Dropout, layer::Dense<3>, layer::MeanOverTime>;
  STATIC_REQUIRE(std::is_same_v<Converted<AnnTwin<Deep>>, Wanted>);
  constexpr model::Options average{.pooling = model::Pooling::average};
  STATIC_REQUIRE(std::is_same_v<Converted<model::ConvNet<digits, 10, Leaky, average>>,
                                model::ConvNet<digits, 10, network::ConvertedNeuron, average>>);
}

TEST_CASE("A max pooling becomes a gate in the converted network and stays in the twin") {
  using Net = Network<Shape{6, 6, 2}, layer::Conv<4, 3>, layer::Spiking<Leaky>,
                      layer::MaxPool<3, 2, 1>, layer::Dense<3>, layer::MeanOverTime>;
  using Twin = Network<Shape{6, 6, 2}, layer::Conv<4, 3>, layer::Relu, layer::MaxPool<3, 2, 1>,
                       layer::Dense<3>, layer::MeanOverTime>;
  using Gated = Network<Shape{6, 6, 2}, layer::Conv<4, 3>, Fires, layer::GatedMaxPool<3, 2, 1>,
                        layer::Dense<3>, layer::MeanOverTime>;
  STATIC_REQUIRE(std::is_same_v<AnnTwin<Net>, Twin>);
  STATIC_REQUIRE(std::is_same_v<Converted<Twin>, Gated>);
  STATIC_REQUIRE(std::is_same_v<Converted<Gated>, Gated>);
  STATIC_REQUIRE(std::is_same_v<AnnTwin<Gated>, Twin>);
  STATIC_REQUIRE(Converted<QcfsTwin<Net>>::parameter_count == Net::parameter_count);
  STATIC_REQUIRE(Converted<model::Vgg11<digits, 10, Leaky>>::parameter_count ==
                 model::Vgg11<digits, 10, Leaky>::parameter_count);
}

TEST_CASE("A network gives its twin its parameters and its settings") {
  Deep net;
  network::initialize(net, 3);
  net.layer<5>().rate = 0.25F;
  const auto twin = network::transfer<AnnTwin<Deep>>(net);
  CHECK(std::equal(net.parameters().begin(), net.parameters().end(), twin.parameters().begin()));
  CHECK(twin.layer<5>().rate == 0.25F);
  const auto tensors = Deep::tensors();
  const auto others = AnnTwin<Deep>::tensors();
  REQUIRE(tensors.size() == others.size());
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    CHECK(tensors[i].name() == others[i].name());
    CHECK(tensors[i].offset == others[i].offset);
    CHECK(tensors[i].parameter.dims == others[i].parameter.dims);
  }
}
