#include <array>
#include <cmath>
#include <span>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/learn/training/tensor_loss.hpp>

using namespace snnbd;
using Catch::Contains;

namespace {

/// sum over the samples of weight * `height` * the mean over steps and classes of output^2.
struct Energy {
  static constexpr std::string_view name = "energy";
  double height = 2.0;
  void check() const { require_positive("height of the energy", height); }
  template <class Scalar>
  double measure(const ConstTensorView<Scalar, 3>& outputs, std::span<const int> /*labels*/,
                 std::span<const double> weights, TensorView<Scalar, 3>& gradient) const {
    const double values = static_cast<double>(outputs.dimension(1) * outputs.dimension(2));
    double loss = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const auto sample = static_cast<Eigen::Index>(i);
      const double factor = weights[i] * height / values;
      const Tensor<Scalar, 0> sum = outputs.chip(sample, 0).square().sum();
      loss += factor * static_cast<double>(sum());
      gradient.chip(sample, 0) = outputs.chip(sample, 0) * static_cast<Scalar>(2.0 * factor);
    }
    return loss;
  }
};
static_assert(learn::Loss<learn::TensorLoss<Energy>>);

}  // namespace

TEST_CASE("A loss of logits is the mean over the batch and has its gradient", "[learn]") {
  Tensor<double, 2> logits{2, 3};
  logits.setValues({{1.0, 2.0, 0.5}, {-1.0, 0.0, 3.0}});
  const std::array labels{1, 2};
  const auto [loss, slope] = learn::measure(learn::CrossEntropy{}, logits, labels);
  const double first = -2.0 + std::log(std::exp(1.0) + std::exp(2.0) + std::exp(0.5));
  const double second = -3.0 + std::log(std::exp(-1.0) + 1.0 + std::exp(3.0));
  CHECK(loss == Approx(0.5 * (first + second)).epsilon(1e-12));
  constexpr double step = 1e-6;
  for (Index i = 0; i < logits.size(); ++i) {
    Tensor<double, 2> moved = logits;
    moved.data()[i] += step;
    const double above = learn::measure(learn::CrossEntropy{}, moved, labels).loss;
    moved.data()[i] -= 2.0 * step;
    const double below = learn::measure(learn::CrossEntropy{}, moved, labels).loss;
    CHECK(slope.data()[i] == Approx((above - below) / (2.0 * step)).margin(1e-8));
  }
}

TEST_CASE("A loss on tensors is a loss", "[learn]") {
  Tensor<double, 3> outputs{2, 3, 2};
  outputs.setRandom();
  const std::array labels{0, 1};
  learn::TensorLoss<Energy> energy{.own = {.height = 3.0}};
  CHECK(learn::TensorLoss<Energy>::name == "energy");
  const auto [loss, slope] = learn::measure(energy, outputs, labels);
  double expected = 0.0;
  for (Index i = 0; i < outputs.size(); ++i)
    expected += 0.5 * 3.0 / 6.0 * outputs.data()[i] * outputs.data()[i];
  CHECK(loss == Approx(expected).epsilon(1e-12));
  CHECK(slope(1, 2, 1) == Approx(0.5 * outputs(1, 2, 1)).epsilon(1e-12));
  energy.own.height = -1.0;
  CHECK_THROWS_WITH(learn::measure(energy, outputs, labels), Contains("height of the energy"));
}

TEST_CASE("Labels that do not belong to the outputs are refused", "[learn]") {
  const Tensor<float, 2> logits{2, 3};
  CHECK_THROWS_WITH(learn::measure(learn::CrossEntropy{}, logits, std::array{1}),
                    Contains("labels of a batch: expected 2, one for each sample, found 1"));
  CHECK_THROWS_WITH(learn::measure(learn::CrossEntropy{}, logits, std::array{1, 3}),
                    Contains("label of a sample: expected a number from 0 to below 3, found 3"));
}
