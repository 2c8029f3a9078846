#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/model/convnet.hpp>

#include "count.hpp"

namespace {

using namespace snnbd;
using Cell = neuron::Lif<>;
constexpr Shape digits{28, 28, 1};

}  // namespace

TEST_CASE("The network for digits is the one that is written out", "[model]") {
  using Written =
      Network<digits, layer::Conv<32, 3>, layer::Spiking<Cell>, layer::MaxPool<2>,
              layer::Conv<64, 3>, layer::Spiking<Cell>, layer::MaxPool<2>, layer::Dense<256>,
              layer::Spiking<Cell>, layer::Dense<10>, layer::MeanOverTime>;
  STATIC_REQUIRE(std::is_same_v<model::ConvNet<digits, 10, Cell>, Written>);
  CHECK(snnbd_tests::cost<Written>().neurons == 32 * 784 + 64 * 196 + 256);
}

TEST_CASE("The network for digits may be artificial, normalized and pool by means", "[model]") {
  using Written =
      Network<digits, layer::Conv<16, 3>, layer::BatchNorm<>, layer::Relu, layer::AvgPool<2>,
              layer::Conv<32, 3>, layer::BatchNorm<>, layer::Relu, layer::AvgPool<2>,
              layer::Dense<128>, layer::Relu, layer::Dense<4>, layer::MeanOverTime>;
  STATIC_REQUIRE(std::is_same_v<model::ConvNet<digits, 4, layer::Relu,
                                               model::Options{.pooling = model::Pooling::average,
                                                              .width_percent = 50,
                                                              .batch_norm = true}>,
                                Written>);
}
