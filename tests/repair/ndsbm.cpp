#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/repair/ndsbm.hpp>

#include "hand.hpp"

using namespace snnbd;
using namespace snnbd_tests;

TEST_CASE("the first convolutions of each block are found", "[repair]") {
  using Unit = layer::Spiking<TinyCell>;
  using C = layer::Conv<2, 3>;
  using Deep =
      Network<Shape{8, 8, 1}, C, Unit, C, Unit, C, Unit, layer::MaxPool<2>, C, Unit,
              layer::Residual<layer::Sequence<C, Unit, C, layer::BatchNorm<>>, layer::Sequence<C>>,
              Unit, C, Unit, layer::Dense<2>, layer::MeanOverTime>;
  std::vector<std::string> names;
  for (const auto& tensor : repair::detail::first_convolutions(Deep{}, 2))
    names.push_back(tensor.name());
  CHECK(names == std::vector<std::string>{"0.weight", "2.weight", "7.weight", "9.branch.0.weight",
                                          "9.branch.2.weight", "11.weight"});
}

TEST_CASE("weights are clamped as long as the margins stand", "[repair]") {
  const std::vector<float> outputs{1.0F, 3.0F, 2.0F, 0.5F, 0.0F, 0.25F};
  const auto leading = repair::leading_classes(outputs, 3);
  CHECK(leading == std::vector<std::size_t>{1, 0});
  CHECK(repair::mean_margin(outputs, leading, 3) == Approx((1.0 + 0.25) / 2));

  // The margin of x = 1 is the first weight, which the cap of 2 (1 - 0.1 n) reaches at n = 5; it
  // may fall by a fifth: to n = 6.
  const Given<Hand> given = opposed();
  const Ones ones;
  std::vector<double> strengths;
  const Hand net = repair::Ndsbm{.step = 0.1, .tolerance = 0.25}.repair(
      given.subject(), {.clean = ones}, Strengths{strengths});
  REQUIRE(strengths.size() == 7);
  CHECK(strengths.back() == Approx(0.6));
  CHECK(net.parameters()[0] == Approx(0.8F));
  CHECK(net.parameters()[1] == Approx(-0.8F));
  CHECK(net.parameters()[5] == 3.0F);
  CHECK(same(
      repair::Ndsbm{.least = 1.0}.repair(given.subject(), {.clean = ones}, defend::IgnorePath{}),
      given.net));
}
