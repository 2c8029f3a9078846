#include <catch2/catch.hpp>

#include <snnbd/kernels/conversion/bounds.hpp>

using namespace snnbd;

TEST_CASE("The bounds of a weighted sum are reached by the corners of its inputs") {
  const std::vector<double> weights{1.0, -2.0, -0.5, 3.0, 4.0, -1.0};  // three inputs, two outputs
  const std::vector<double> bias{-7.0, 0.25};
  for (const bool has_bias : {false, true}) {
    kernels::Bounds expected;
    for (int corner = 0; corner < 8; ++corner) {
      for (std::size_t out = 0; out < 2; ++out) {
        double sum = has_bias ? bias[out] : 0.0;
        for (std::size_t in = 0; in < 3; ++in)
          sum += weights[in * 2 + out] * ((corner >> in & 1) != 0 ? 1.5 : -0.5);
        expected.above = std::max(expected.above, sum);
        expected.below = std::max(expected.below, -sum);
      }
    }
    const auto found = kernels::propagate<double>(weights.data(), has_bias ? bias.data() : nullptr,
                                                  {3, 2}, {0.5, 1.5});
    CHECK(found.above == expected.above);
    CHECK(found.below == expected.below);
  }
}
