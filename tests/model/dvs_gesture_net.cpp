#include <catch2/catch.hpp>

#include <snnbd/model/dvs_gesture_net.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "count.hpp"

namespace {

using namespace snnbd;
using layer::ParameterKind;
using Cell = neuron::Lif<>;

using Gestures = model::DvsGestureNet<Shape{128, 128, 2}, 11, Cell>;
using Saccades =
    model::DvsGestureNet<Shape{34, 34, 2}, 10, Cell,
                         model::Options{.pooling = model::Pooling::average, .width_percent = 25}>;

}  // namespace

TEST_CASE("The network for gestures has the parameters, operations and neurons of its closed form",
          "[model]") {
  constexpr Index convolutions = 9 * 2 * 128 + 4 * 9 * 128 * 128;
  constexpr Index dense = 128 * 4 * 4 * 512 + 512 * 110;
  STATIC_REQUIRE(Gestures::parameter_count == convolutions + 5 * 4 * 128 + dense);
  STATIC_REQUIRE(Gestures::output_shape == Shape{1, 1, 11});
  CHECK(snnbd_tests::parameters_of<Gestures>(ParameterKind::norm) == 5 * 2 * 128);
  CHECK(Gestures::notation() ==
        "128C3-BN-P2-128C3-BN-P2-128C3-BN-P2-128C3-BN-P2-128C3-BN-P2-512-110-V10");
  const auto cost = snnbd_tests::cost<Gestures>();
  CHECK(cost.neurons == 128 * (16384 + 4096 + 1024 + 256 + 64) + 512 + 110);
  CHECK(cost.macs ==
        Index{16384} * 9 * 2 * 128 + Index{4096 + 1024 + 256 + 64} * 9 * 128 * 128 + dense);
}

TEST_CASE("The network for gestures may be smaller, of one pixel at its end", "[model]") {
  STATIC_REQUIRE(Saccades::parameter_count ==
                 9 * 2 * 32 + 4 * 9 * 32 * 32 + 5 * 4 * 32 + 32 * 128 + 128 * 100);
  STATIC_REQUIRE(Saccades::output_shape == Shape{1, 1, 10});
  CHECK(Saccades::notation().substr(0, 20) == "32C3-BN-AP2-32C3-BN-");
}
