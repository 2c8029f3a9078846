#include <array>
#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/conversion/quantization.hpp>

using namespace snnbd;

TEST_CASE("The error of quantization is that of neurons that are stepped through time") {
  std::vector<float> values(200);
  random::Stream stream{1, random::Purpose::synthetic};
  for (float& value : values) value = static_cast<float>(stream.below(129)) / 64.0F;
  const std::array thresholds{0.25, 1.0, 1.75, 2.5};
  for (const double start : {0.0, 0.5}) {
    for (const Index steps : {Index{1}, Index{8}}) {
      std::array<double, 4> errors{10.0, 0.0, 0.0, 0.0};  // added to
      kernels::add_quantization_errors(values.data(), 200, {steps, start}, thresholds, errors);
      for (std::size_t i = 0; i < thresholds.size(); ++i) {
        double expected = i == 0 ? 10.0 : 0.0;
        for (const float value : values) {
          double membrane = start * thresholds[i];
          double mean = 0.0;
          for (Index step = 0; step < steps; ++step) {
            membrane += static_cast<double>(value);
            if (membrane < thresholds[i]) continue;
            membrane -= thresholds[i];
            mean += thresholds[i] / static_cast<double>(steps);
          }
          expected += std::pow(static_cast<double>(value) - mean, 2.0);
        }
        CHECK(errors[i] == Approx(expected).epsilon(1e-9));
      }
    }
  }
}

TEST_CASE("What a threshold clips is summed chunk by chunk") {
  std::vector<float> values(200'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 5);
  const auto count = static_cast<Index>(values.size());
  CHECK(kernels::sum_above(values.data(), count, 0.0) == 400'000.0);
  CHECK(kernels::sum_above(values.data(), count, 2.5) == 40'000.0 * (0.5 + 1.5));
  CHECK(kernels::sum_above(values.data(), count, 4.0) == 0.0);
  CHECK(kernels::sum_above(values.data(), 0, 0.0) == 0.0);
}
