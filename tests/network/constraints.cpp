#include <catch2/catch.hpp>

#include <snnbd/model/model.hpp>
#include <snnbd/network/constraints.hpp>
#include <snnbd/network/fold.hpp>

using namespace snnbd;

namespace {

constexpr Shape digits{28, 28, 1};
using Plain = model::Vgg11<digits, 10, layer::Relu>;
using Normalized = model::Vgg11<digits, 10, layer::Relu, model::Options{.batch_norm = true}>;
using Blocks = model::ResNet18<digits, 10, layer::Relu>;

}  // namespace

TEST_CASE("The constraints of the paper are told from the type of a network") {
  STATIC_REQUIRE(network::meets_paper_constraints<Plain>);
  STATIC_REQUIRE(!network::is_unnormalized<Normalized>);
  STATIC_REQUIRE(network::is_unbiased<Normalized>);
  STATIC_REQUIRE(!network::meets_paper_constraints<Normalized>);
  STATIC_REQUIRE(network::is_unnormalized<Folded<Normalized>>);
  STATIC_REQUIRE(!network::is_unbiased<Folded<Normalized>>);
  STATIC_REQUIRE(!network::is_unnormalized<Blocks>);
  STATIC_REQUIRE(!network::is_unbiased<Folded<Blocks>>);
  STATIC_REQUIRE(!network::is_rectified<model::Vgg11<digits, 10, neuron::Lif<>>>);
}
