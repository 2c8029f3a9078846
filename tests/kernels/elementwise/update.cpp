#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/kernels/elementwise/update.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

/// Sizes below and above a register, and above what one task takes.
const std::vector<Index> counts{1, 5, 16, 37, 70001};

template <class Scalar>
double rounding() {
  return 64 * static_cast<double>(std::numeric_limits<Scalar>::epsilon());
}

template <class Scalar>
Fenced<Scalar> fenced(const std::vector<double>& values) {
  Fenced<Scalar> result{static_cast<Index>(values.size())};
  for (std::size_t i = 0; i < values.size(); ++i)
    result.inside()[i] = static_cast<Scalar>(values[i]);
  return result;
}

}  // namespace

TEMPLATE_TEST_CASE("SGD follows PyTorch's recurrence", "[kernels]", float, double) {
  for (const Index count : counts) {
    for (const double momentum : {0.0, 0.9}) {
      for (const bool nesterov : {false, true}) {
        if (nesterov && momentum == 0.0) continue;
        CAPTURE(count, momentum, nesterov);
        const kernels::SgdStep step{0.1, momentum, 0.05, nesterov};
        std::vector<double> w;
        for (Index i = 0; i < count; ++i) w.push_back(0.01 * static_cast<double>(i % 200) - 1.0);
        std::vector<double> b(at(count));
        auto weights = fenced<TestType>(w);
        auto velocity = fenced<TestType>(b);
        for (std::uint64_t number = 1; number <= 4; ++number) {
          const auto gradient = reference::noise<TestType>(count, number);
          for (std::size_t i = 0; i < at(count); ++i) {
            const double g = static_cast<double>(gradient[i]) + 0.05 * w[i];
            b[i] = number == 1 ? g : momentum * b[i] + g;  // PyTorch starts with the gradient
            w[i] -= 0.1 * (nesterov ? g + momentum * b[i] : b[i]);
          }
          kernels::sgd_update(step, count, gradient.data(), velocity.data(), weights.data());
        }
        CHECK(weights.intact());
        CHECK(velocity.intact());
        CHECK(reference::differences(weights.inside(), w, rounding<TestType>()) == 0);
      }
    }
  }
}

TEMPLATE_TEST_CASE("Adam and AdamW follow PyTorch's recurrences", "[kernels]", float, double) {
  for (const Index count : counts) {
    for (const bool decoupled : {false, true}) {
      CAPTURE(count, decoupled);
      kernels::AdamStep step;
      step.rate = 0.02;
      step.beta1 = 0.8;
      step.beta2 = 0.95;
      step.decay = 0.1;
      step.decoupled = decoupled;
      std::vector<double> w;
      for (Index i = 0; i < count; ++i) w.push_back(0.01 * static_cast<double>(i % 200) - 1.0);
      std::vector<double> m(at(count));
      std::vector<double> v(at(count));
      auto weights = fenced<TestType>(w);
      auto mean = fenced<TestType>(m);
      auto square = fenced<TestType>(v);
      for (int number = 1; number <= 5; ++number) {
        // Away from 0, where the first step would be the sign of rounding.
        auto gradient = reference::noise<TestType>(count, static_cast<std::uint64_t>(number));
        for (TestType& slope : gradient) slope += static_cast<TestType>(slope < 0 ? -0.5 : 0.5);
        for (std::size_t i = 0; i < at(count); ++i) {
          if (decoupled) w[i] *= 1.0 - 0.02 * 0.1;
          const double g = static_cast<double>(gradient[i]) + (decoupled ? 0.0 : 0.1 * w[i]);
          m[i] = 0.8 * m[i] + 0.2 * g;
          v[i] = 0.95 * v[i] + 0.05 * g * g;
          const double corrected = std::sqrt(v[i]) / std::sqrt(1.0 - std::pow(0.95, number));
          w[i] -= 0.02 / (1.0 - std::pow(0.8, number)) * m[i] / (corrected + 1e-8);
        }
        step.number = number;
        kernels::adam_update(step, count, gradient.data(), mean.data(), square.data(),
                             weights.data());
      }
      CHECK(weights.intact());
      CHECK(mean.intact());
      CHECK(square.intact());
      CHECK(reference::differences(weights.inside(), w, rounding<TestType>()) == 0);
      CHECK(reference::differences(mean.inside(), m, rounding<TestType>()) == 0);
      CHECK(reference::differences(square.inside(), v, rounding<TestType>()) == 0);
    }
  }
}

TEST_CASE("Adam's first step is the rate times g / (|g| + epsilon)", "[kernels]") {
  const std::vector<double> gradient{3.0, -0.25, 1e-8, 0.0, -1e6};
  std::vector<double> weights(5, 1.0);
  std::vector<double> mean(5);
  std::vector<double> square(5);
  kernels::adam_update(kernels::AdamStep{}, Index{5}, gradient.data(), mean.data(), square.data(),
                       weights.data());
  for (std::size_t i = 0; i < 5; ++i) {
    const double g = gradient[i];
    CHECK(weights[i] == Approx(1.0 - 1e-3 * g / (std::abs(g) + 1e-8)).epsilon(1e-14));
    CHECK(mean[i] == Approx(0.1 * g).epsilon(1e-14));
    CHECK(square[i] == Approx(0.001 * g * g).epsilon(1e-13));
  }
}

TEST_CASE("SGD without momentum leaves the velocity alone", "[kernels]") {
  const std::vector<float> gradient{1, 2, 3};
  std::vector<float> velocity{7, 8, 9};
  std::vector<float> weights{1, 1, 1};
  kernels::sgd_update(kernels::SgdStep{0.5}, Index{3}, gradient.data(), velocity.data(),
                      weights.data());
  CHECK(velocity == std::vector<float>{7, 8, 9});
  CHECK(weights == std::vector<float>{0.5F, 0, -0.5F});
}
