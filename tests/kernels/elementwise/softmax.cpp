#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/softmax.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;

namespace {

const std::vector<int> labels{2, 0, 4, 4};
const std::vector<double> weights{1.0, 0.5, 2.0, 0.0};
constexpr int classes = 5;

}  // namespace

TEMPLATE_TEST_CASE("Cross entropy and its gradient are what the definition says", "[kernels]",
                   float, double) {
  const auto logits = reference::noise<TestType>(20, 1);
  std::vector<double> expected;
  double loss = 0.0;
  for (std::size_t row = 0; row < 4; ++row) {
    double sum = 0.0;
    for (std::size_t c = 0; c < 5; ++c) sum += std::exp(static_cast<double>(logits[row * 5 + c]));
    const auto label = static_cast<std::size_t>(labels[row]);
    for (std::size_t c = 0; c < 5; ++c) {
      const double share = std::exp(static_cast<double>(logits[row * 5 + c])) / sum;
      expected.push_back(weights[row] * (share - (c == label ? 1.0 : 0.0)));
      if (c == label) loss -= weights[row] * std::log(share);
    }
  }
  reference::Fenced<TestType> gradient{20};
  const double found = kernels::softmax_cross_entropy<TestType>(logits.data(), labels, weights,
                                                                classes, gradient.data());
  CHECK(found == Approx(loss).epsilon(1e-12));
  CHECK(gradient.intact());
  const double rounding = 2 * static_cast<double>(std::numeric_limits<TestType>::epsilon());
  CHECK(reference::differences(gradient.inside(), expected, rounding) == 0);
}

TEST_CASE("The gradient of cross entropy is the central difference", "[kernels]") {
  auto logits = reference::noise<double>(20, 2);
  std::vector<double> gradient(20);
  std::vector<double> unused(20);
  kernels::softmax_cross_entropy<double>(logits.data(), labels, weights, classes, gradient.data());
  const auto loss = [&] {
    return kernels::softmax_cross_entropy<double>(logits.data(), labels, weights, classes,
                                                  unused.data());
  };
  for (std::size_t i = 0; i < 20; ++i) {
    const double at = logits[i];
    logits[i] = at + 1e-5;
    const double above = loss();
    logits[i] = at - 1e-5;
    const double below = loss();
    logits[i] = at;
    CHECK(gradient[i] == Approx((above - below) / 2e-5).epsilon(1e-7).margin(1e-10));
  }
}

TEMPLATE_TEST_CASE("Logits of ten thousand overflow nowhere", "[kernels]", float, double) {
  const std::vector<TestType> logits{-10000, 10000, 0, 10000, 10000, 10000};
  const std::array<int, 2> wanted{0, 2};
  const std::array<double, 2> ones{1.0, 1.0};
  std::vector<TestType> gradient(6);
  const double loss =
      kernels::softmax_cross_entropy<TestType>(logits.data(), wanted, ones, 3, gradient.data());
  CHECK(loss == Approx(20000.0 + std::log(3.0)).epsilon(1e-12));
  CHECK(gradient[0] == -1);
  CHECK(gradient[1] == 1);
  CHECK(gradient[2] == 0);
  CHECK(gradient[4] == Approx(1.0 / 3));
  CHECK(gradient[5] == Approx(-2.0 / 3));
}

TEMPLATE_TEST_CASE("Of equal classes the first is taken", "[kernels]", float, double) {
  const std::vector<TestType> rows{0, 0, 0, -3, -1, -1, 5, 2, 5, 1, 2, 3};
  std::array<int, 4> found{};
  kernels::first_largest<TestType>(rows.data(), 3, found);
  CHECK(found == std::array<int, 4>{0, 1, 0, 2});
}
