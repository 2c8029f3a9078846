#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/repair/clp.hpp>

#include "nets.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

using Wide = Network<Shape{4, 4, 1}, layer::Conv<12, 1>, layer::Spiking<TinyCell>,
                     layer::Conv<3, 3, layer::ConvOptions{.bias = true}>, layer::BatchNorm<>,
                     layer::Spiking<TinyCell>, layer::Dense<3>, layer::MeanOverTime>;

}  // namespace

TEST_CASE("spectral norms are the largest singular values", "[repair]") {
  // [3 0; 4 5] has the singular values sqrt(45) and sqrt(5).
  const std::vector<double> values{3.0, 0.0, 4.0, 5.0};
  CHECK(repair::spectral_norm(values, 2, 2) == Approx(std::sqrt(45.0)));
  const std::vector<double> row{1.0, 2.0, 2.0};
  CHECK(repair::spectral_norm(row, 1, 3) == Approx(3.0));
  CHECK(repair::spectral_norm(row, 3, 1) == Approx(3.0));
  CHECK(repair::outlier_bound({1.0, 2.0, 3.0}, 2.0) == Approx(4.0));
  CHECK(std::isinf(repair::outlier_bound({1.0}, 2.0)));
}

TEST_CASE("the Lipschitz constant of a channel counts norm, amplitude and threshold", "[repair]") {
  Wide net;
  for (float& value : net.parameters()) value = 0.0F;
  // Channel 1 of the second convolution: pixel (0, 1) sees the inputs 0 and 2 by 3 and 4, pixel
  // (2, 2) only input 5 by 2: orthogonal rows of lengths 5 and 2.
  auto weight = net.parameter("2.weight").tensor<4>();
  weight(0, 1, 0, 1) = 3.0F;
  weight(0, 1, 2, 1) = 4.0F;
  weight(2, 2, 5, 1) = 2.0F;
  net.parameter("3.weight").tensor<1>()(1) = -2.0F;
  net.parameter("3.running_var").tensor<1>()(1) = 4.0F;
  net.layer<3>().epsilon = 5.0;
  net.layer<1>().amplitude = 0.5;
  net.layer<4>().neuron.threshold = 0.25;
  const auto layers = network::channel_layers(net);
  const auto bounds =
      repair::channel_lipschitz(layers[1], std::span{std::as_const(net).parameters()});
  REQUIRE(bounds.size() == 3);
  CHECK(bounds[0] == 0.0);
  CHECK(bounds[1] == Approx(5.0 * 2.0 / 3.0 * 0.5 / 0.25));
}

TEST_CASE("channels that stretch far more than the others of their layer are pruned", "[repair]") {
  Given<Wide> given{lively<Wide>()};
  // Eleven of 1 and one of 9: the mean is 5/3, the deviation 4/sqrt(3), and (9 - 5/3) / 2.309
  // = 3.18.
  for (std::size_t i = 0; i < 12; ++i) given.net.parameters()[i] = i == 7 ? -9.0F : 1.0F;
  const TinySet clean{1};
  std::vector<double> strengths;
  const Wide net = repair::Clp{}.repair(given.subject(), {.clean = clean}, Strengths{strengths});
  CHECK(strengths == std::vector<double>{0.0, 1.0 / 15.0});
  Wide wanted = given.net;
  wanted.parameters()[7] = 0.0F;
  CHECK(same(net, wanted));
  CHECK(same(repair::Clp{.u = 3.2}.repair(given.subject(), {.clean = clean}, defend::IgnorePath{}),
             given.net));
}
