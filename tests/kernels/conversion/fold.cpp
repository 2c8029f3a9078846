#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/kernels/conversion/fold.hpp>

using namespace snnbd;

TEST_CASE("A folded normalization is the layer and its normalization in one") {
  const std::vector<double> weights{1.0, -2.0, 0.5, 3.0};  // two inputs, two outputs
  const std::vector<double> bias{0.25, -1.0};
  const std::vector<double> gamma{2.0, -0.5};
  const std::vector<double> beta{0.125, 4.0};
  const std::vector<double> mean{-1.0, 0.5};
  const std::vector<double> variance{3.0, 0.75};
  const kernels::Normalization<double> by{
      {mean.data(), variance.data()}, gamma.data(), beta.data(), 0.25, 1.5};
  for (const bool has_bias : {false, true}) {
    std::vector<double> folded(4);
    std::vector<double> offset(2);
    kernels::fold_normalization<double>(weights.data(), has_bias ? bias.data() : nullptr, {2, 2},
                                        by, folded.data(), offset.data());
    for (std::size_t out = 0; out < 2; ++out) {
      const double x = 0.75;
      const double y = -1.25;
      const double plain = weights[out] * x + weights[2 + out] * y + (has_bias ? bias[out] : 0.0);
      const double normal =
          1.5 * gamma[out] * (plain - mean[out]) / std::sqrt(variance[out] + 0.25) + beta[out];
      CHECK(folded[out] * x + folded[2 + out] * y + offset[out] == Approx(normal).epsilon(1e-14));
    }
  }
}

TEST_CASE("Values are scaled where they are") {
  std::vector<float> values{1.0F, -2.0F, 0.5F};
  kernels::scale<float>(values.data(), 3, 0.25, values.data());
  CHECK(values == std::vector<float>{0.25F, -0.5F, 0.125F});
}
