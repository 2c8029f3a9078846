#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/layer/qcfs.hpp>

#include "probe.hpp"

using namespace snnbd;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

TEST_CASE("A rectifier with levels rounds and clips and its gradient takes no note of the floor") {
  constexpr Shape shape{1, 1, 7};
  const std::vector<double> values{-1.0, 0.2, 0.3, 0.8, 1.3, 2.0, 7.0};
  const std::vector<double> slopes{1, 2, 3, 4, 5, 6, 7};
  const double limit = 2.0;
  const RealView<const double> in{values.data(), {1, 1}, shape};
  LayerProbe<layer::Qcfs<4>, Real<shape>, double> probe{{}, {1, 1}};
  CHECK(values_of(probe.forward(in, &limit)) ==
        std::vector<double>{0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.0});
  double own = 1.0;
  const auto back = probe.backward(in, slopes, &limit, &own);
  CHECK(back == std::vector<double>{0, 2, 3, 4, 5, 0, 0});
  // y / limit, less x / limit between the ends.
  const double expected =
      (2 * (0.0 - 0.2) + 3 * (0.5 - 0.3) + 4 * (1.0 - 0.8) + 5 * (1.5 - 1.3) + 6 * 2.0 + 7 * 2.0) /
      limit;
  CHECK(own - 1.0 == Approx(expected).epsilon(1e-12));
}

TEST_CASE(
    "With very many levels the gradients of a rectifier with levels are central differences") {
  constexpr Shape shape{1, 1, 50};
  std::vector<double> values(50);
  std::vector<double> slopes(50);
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = 0.0713 * static_cast<double>(i) - 0.9;
    slopes[i] = std::sin(static_cast<double>(i));
  }
  const RealView<const double> in{values.data(), {1, 1}, shape};
  LayerProbe<layer::Qcfs<1000000000>, Real<shape>, double> probe{{}, {1, 1}};
  const auto loss = [&](double limit) {
    const auto out = values_of(probe.forward(in, &limit));
    double sum = 0.0;
    for (std::size_t i = 0; i < out.size(); ++i) sum += slopes[i] * out[i];
    return sum;
  };
  const double limit = 1.75;
  probe.forward(in, &limit);
  double own = 0.0;
  probe.backward(in, slopes, &limit, &own);
  CHECK(own == Approx((loss(limit + 1e-3) - loss(limit - 1e-3)) / 2e-3).epsilon(1e-4));
}
