#include <catch2/catch.hpp>

#include <snnbd/layer/relu.hpp>

#include "probe.hpp"

using namespace snnbd;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

TEST_CASE("A relu keeps what is above zero, and its gradient at zero is zero", "[layer]") {
  constexpr Shape shape{1, 1, 5};
  const std::vector<float> values{-1, 0, 2, -0.5F, 3};
  const std::vector<float> slopes{1, 2, 3, 4, 5};
  const RealView<const float> in{values.data(), {1, 1}, shape};
  LayerProbe<layer::Relu, Real<shape>> probe{{}, {1, 1}};
  CHECK(values_of(probe.forward(in)) == std::vector<double>{0, 0, 2, 0, 3});
  CHECK(probe.backward(in, slopes) == std::vector<float>{0, 0, 3, 0, 5});
}
