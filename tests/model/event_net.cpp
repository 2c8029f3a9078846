#include <catch2/catch.hpp>

#include <snnbd/model/event_net.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "count.hpp"

namespace {

using namespace snnbd;
using Cell = neuron::Lif<>;

using Digits = model::EventNet<Shape{34, 34, 2}, 10, Cell>;
using Large = model::EventNet<Shape{128, 128, 2}, 11, Cell, model::Options{.batch_norm = true}>;

}  // namespace

TEST_CASE("The small network for events has the parameters of its closed form", "[model]") {
  // 34 pixels become 17 and 8, 128 become 64 and 32.
  constexpr Index convolutions = 9 * 2 * 16 + 9 * 16 * 32;
  STATIC_REQUIRE(Digits::parameter_count == convolutions + 32 * 8 * 8 * 128 + 128 * 10);
  STATIC_REQUIRE(Large::parameter_count ==
                 convolutions + 4 * (16 + 32) + 32 * 32 * 32 * 128 + 128 * 11);
  CHECK(Digits::notation() == "16C3-P2-32C3-P2-128-10");
  CHECK(Large::notation() == "16C3-BN-P2-32C3-BN-P2-128-11");
  const auto cost = snnbd_tests::cost<Digits>();
  CHECK(cost.neurons == 34 * 34 * 16 + 17 * 17 * 32 + 128);
  CHECK(cost.macs == 34 * 34 * 9 * 2 * 16 + 17 * 17 * 9 * 16 * 32 + 32 * 8 * 8 * 128 + 128 * 10);
}

namespace {

struct Recordings {
  static constexpr Shape shape{34, 34, 2};
  static constexpr int classes = 10;
};

/// g++ 12 crashes on aliases that name their networks at once where a parameter decides the shape.
template <class Set>
constexpr Index parameters_for() {
  return model::EventNet<Set::shape, Set::classes, neuron::Lif<>>::parameter_count;
}

}  // namespace

TEST_CASE("A model takes its shape from a template's parameter", "[model]") {
  STATIC_REQUIRE(parameters_for<Recordings>() ==
                 model::EventNet<Shape{34, 34, 2}, 10, neuron::Lif<>>::parameter_count);
}
