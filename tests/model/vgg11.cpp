#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/model/vgg11.hpp>

#include "count.hpp"

namespace {

using namespace snnbd;
using layer::ParameterKind;
using Cell = neuron::Lif<>;
constexpr Shape colour{32, 32, 3};

using Plain = model::Vgg11<colour, 10, Cell>;
using Normed =
    model::Vgg11<colour, 10, Cell, model::Options{.batch_norm = true, .threshold_dependent = true}>;
using Artificial =
    model::Vgg11<colour, 10, layer::Relu, model::Options{.pooling = model::Pooling::average}>;
using Narrow = model::Vgg11<Shape{28, 28, 1}, 7, Cell, model::Options{.width_percent = 25}>;

/// 3 x 3 kernels of the eight convolutions of a picture with some channels.
constexpr Index convolutions(Index in, Index c1, Index c2, Index c3, Index c4) {
  return 9 * (in * c1 + c1 * c2 + c2 * c3 + c3 * c3 + c3 * c4 + 3 * c4 * c4);
}

}  // namespace

TEST_CASE("VGG11 has the parameters, operations and neurons of its closed form", "[model]") {
  constexpr Index dense = 512 * 4096 + 4096 * 4096 + 4096 * 10;
  STATIC_REQUIRE(Plain::parameter_count == convolutions(3, 64, 128, 256, 512) + dense);
  STATIC_REQUIRE(Plain::output_shape == Shape{1, 1, 10});
  const auto cost = snnbd_tests::cost<Plain>();
  CHECK(cost.neurons == 159744);
  CHECK(cost.macs == 1024 * 9 * 3 * 64 + 256 * 9 * 64 * 128 + 64 * 9 * (128 * 256 + 256 * 256) +
                         16 * 9 * (256 * 512 + 512 * 512) + 4 * 9 * 2 * 512 * 512 + dense);
  CHECK(static_cast<double>(cost.macs) == Approx(171.6e6).epsilon(0.0005));
  CHECK(Plain::notation() ==
        "64C3-P2-128C3-P2-256C3-256C3-P2-512C3-512C3-P2-512C3-512C3-P2-GAP-4096-4096-10");
  CHECK(Plain::neuron_name() == "lif");
}

TEST_CASE("VGG11 may have a batch norm behind each convolution", "[model]") {
  constexpr Index channels = 64 + 128 + 2 * 256 + 4 * 512;
  STATIC_REQUIRE(Normed::parameter_count == Plain::parameter_count + 4 * channels);
  CHECK(snnbd_tests::parameters_of<Normed>(ParameterKind::norm) == 2 * channels);
  CHECK(snnbd_tests::parameters_of<Normed>(ParameterKind::statistic) == 2 * channels);
  CHECK(Normed::notation().substr(0, 26) == "64C3-tdBN-P2-128C3-tdBN-P2");
  CHECK(snnbd_tests::cost<Normed>().neurons == 159744);
}

TEST_CASE("VGG11 may be artificial, pool by means and be narrower", "[model]") {
  STATIC_REQUIRE_FALSE(Artificial::spikes);
  STATIC_REQUIRE(Artificial::parameter_count == Plain::parameter_count);
  CHECK(Artificial::notation().substr(0, 22) == "64C3-AP2-128C3-AP2-256");
  STATIC_REQUIRE(Narrow::parameter_count ==
                 convolutions(1, 16, 32, 64, 128) + 128 * 1024 + 1024 * 1024 + 1024 * 7);
  STATIC_REQUIRE(model::Options{.width_percent = 1}.width(64) == 1);
}

TEST_CASE("VGG11 pads digits and leaves out the odd rows of other sizes", "[model]") {
  CHECK(Narrow::notation().substr(0, 8) == "Z2-16C3-");
  // Padded to 32 x 32, so that it has as many neurons as with colours.
  CHECK(snnbd_tests::cost<Narrow>().neurons == 159744 / 4);
  using Events = model::Vgg11<Shape{34, 34, 2}, 10, Cell>;
  STATIC_REQUIRE(Events::parameter_count == Plain::parameter_count - 9 * 64);
  // A 4 x 4 map is left, of which the mean is taken.
  using Large = model::Vgg11<Shape{128, 128, 2}, 11, Cell>;
  STATIC_REQUIRE(Large::parameter_count == Events::parameter_count + 4096);
}
