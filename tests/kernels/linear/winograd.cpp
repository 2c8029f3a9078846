#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/arena.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/linear/winograd.hpp>

using namespace snnbd;

namespace {

/// Values uniform in [-1, 1), with room behind them for register reads.
template <class Scalar>
std::vector<Scalar> noise(Index count, std::uint64_t seed) {
  random::Stream stream{seed, random::Purpose::synthetic};
  std::vector<Scalar> values(static_cast<std::size_t>(count + spare_values));
  for (Scalar& value : values) value = static_cast<Scalar>(2.0F * stream.uniform() - 1.0F);
  return values;
}

/// The input's gradient by the definition: each output's gradient times the weight that led to it.
template <class Scalar>
std::vector<double> by_definition(const std::vector<Scalar>& plane,
                                  const std::vector<Scalar>& weights,
                                  const kernels::ConvGeometry& geometry, Index frames) {
  const Shape in = geometry.in;
  const Shape shape = geometry.plane();
  std::vector<double> gradient;
  for (Index frame = 0; frame < frames; ++frame)
    for (Index y = 0; y < in.height; ++y)
      for (Index x = 0; x < in.width; ++x)
        for (Index i = 0; i < in.channels; ++i) {
          double sum = 0.0;
          for (Index ky = 0; ky < 3; ++ky)
            for (Index kx = 0; kx < 3; ++kx)
              for (Index o = 0; o < shape.channels; ++o) {
                const Index place =
                    ((frame * shape.height + y + 2 - ky) * shape.width + x + 2 - kx) *
                        shape.channels +
                    o;
                const Index weight = ((ky * 3 + kx) * in.channels + i) * shape.channels + o;
                sum += static_cast<double>(plane[static_cast<std::size_t>(place)]) *
                       static_cast<double>(weights[static_cast<std::size_t>(weight)]);
              }
          gradient.push_back(sum);
        }
  return gradient;
}

template <class Scalar>
void compare(Shape in, int outputs, Index frames, double tolerance) {
  INFO(to_string(in) << " to " << outputs << " channels");
  const kernels::ConvGeometry geometry{in, {in.height, in.width, outputs}, 3, 3, 1, 1};
  const auto plane = noise<Scalar>(frames * geometry.plane().size(), 1);
  const auto weights = noise<Scalar>(geometry.weight_rows() * outputs, 2);
  const auto expected = by_definition(plane, weights, geometry, frames);
  const Scalar untouched = std::numeric_limits<Scalar>::max();
  std::vector<Scalar> found(expected.size() + static_cast<std::size_t>(spare_values), untouched);
  Scratch scratch;
  kernels::conv_input_gradient(plane.data(), weights.data(), geometry, frames, scratch,
                               found.data());
  double worst = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i)
    worst = std::max(worst, std::abs(static_cast<double>(found[i]) - expected[i]));
  CHECK(worst < tolerance);
  for (std::size_t i = expected.size(); i < found.size(); ++i) CHECK(found[i] == untouched);
}

}  // namespace

TEST_CASE("Winograd's algorithm gives the gradient that the definition gives", "[kernels]") {
  REQUIRE(kernels::winograd_pays(16, 16));
  // Sides that are even and odd, of one tile and of many, channels that fill registers and do not.
  for (const Shape in : {Shape{1, 1, 16}, Shape{2, 3, 17}, Shape{5, 4, 33}, Shape{8, 8, 70}}) {
    for (const int outputs : {16, 37, 100}) {
      compare<double>(in, outputs, 3, 1e-12);
      compare<float>(in, outputs, 3, 1e-4);
    }
  }
}

TEST_CASE("Where Winograd's algorithm does not pay, the direct one gives the gradient",
          "[kernels]") {
  REQUIRE_FALSE(kernels::winograd_pays(3, 16));
  compare<double>({5, 6, 3}, 7, 2, 1e-12);
  compare<float>({5, 6, 3}, 40, 2, 1e-4);
}
