#include <catch2/catch.hpp>

#include <snnbd/learn/conversion/calibration.hpp>

#include "conversion_probe.hpp"

using namespace snnbd;
using snnbd_tests::Eighths;

namespace {

using Inner = layer::Sequence<layer::Dense<1>, layer::Relu>;
using Net = Network<Shape{1, 1, 1}, layer::Dense<1>, layer::Relu, layer::Residual<Inner, Inner>,
                    layer::Relu, layer::Dense<2>, layer::MeanOverTime>;

}  // namespace

TEST_CASE("A calibration shows each rectifier of each batch in the order of the network") {
  Net net;
  const std::vector<float> weights{2.0F, 3.0F, -5.0F, 1.0F, 1.0F};
  std::copy(weights.begin(), weights.end(), net.parameters().begin());
  const Eighths<Shape{1, 1, 1}> set{5};
  const learn::Calibration<Net, encode::Direct> calibration{net, {}, set, 2};
  REQUIRE(calibration.samples() == 5);
  std::vector<int> numbers;
  std::vector<std::vector<float>> seen(4);
  calibration.for_each_activation([&](int number, const RealView<const float>& values) {
    numbers.push_back(number);
    auto& layer = seen[static_cast<std::size_t>(number)];
    layer.insert(layer.end(), values.data, values.data + values.size());
  });
  CHECK(numbers == std::vector<int>{0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3});
  for (std::size_t i = 0; i < 5; ++i) {
    float x = 0.0F;
    set.read(i, std::span<float>{&x, 1});
    CHECK(seen[0][i] == 2.0F * x);
    CHECK(seen[1][i] == 6.0F * x);
    CHECK(seen[2][i] == 0.0F);
    CHECK(seen[3][i] == 6.0F * x);
  }
}
