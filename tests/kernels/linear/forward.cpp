#include <string>

#include <catch2/catch.hpp>

#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/neuron/fused_scan.hpp>

#include "../reference.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;
using reference::Fenced;

namespace {

std::string told(const reference::Case& given) {
  const auto& geometry = given.geometry;
  return to_string(geometry.in) + " to " + to_string(geometry.out) + ", kernel " +
         std::to_string(geometry.kernel_height) + ", stride " + std::to_string(geometry.stride) +
         ", padding " + std::to_string(geometry.padding) + ", density " +
         std::to_string(given.density);
}

/// What `make(weights, sink)` gives as currents, written to memory.
template <class Scalar, class Make>
std::vector<Scalar> currents(const reference::Values<Scalar>& weights, const Scalar* bias,
                             Index rows, const Extent& extent, const Shape& out, const Make& make) {
  Fenced<Scalar> found{extent.frames() * out.size()};
  make(kernels::Weights<Scalar>{weights.data(), bias, rows, Index{out.channels}},
       kernels::TileWriter<Scalar>{{found.data(), extent, out}});
  CHECK(found.intact());
  return {found.inside().begin(), found.inside().end()};
}

/// A convolution of spikes and of their values against the definition.
template <class Scalar>
void check_convolution(const reference::Case& given, const reference::Values<Scalar>& weights,
                       const Scalar* bias, float amplitude, double tolerance) {
  INFO(told(given));
  const auto& geometry = given.geometry;
  const reference::SpikeBatch spikes{given.extent, geometry.in, given.density, 5, amplitude};
  const auto values = spikes.values<Scalar>();
  const auto expected = reference::convolve(geometry, given.extent.frames(), values, weights, bias);
  Scratch scratch;
  const auto of = [&](const auto& view) {
    return currents<Scalar>(weights, bias, geometry.weight_rows(), given.extent, geometry.out,
                            [&](const auto& layer, const auto& sink) {
                              kernels::convolve<Scalar>(view, geometry, layer, scratch, sink);
                            });
  };
  const RealView<const Scalar> real{values.data(), given.extent, geometry.in};
  CHECK(reference::differences(of(spikes.view()), expected, tolerance) == 0);
  CHECK(reference::differences(of(real), expected, tolerance) == 0);
}

/// The same for a dense layer that takes the whole frame.
template <class Scalar>
void check_connection(const reference::Case& given, float amplitude) {
  INFO(told(given) << ", dense");
  const Shape in = given.geometry.in;
  const Shape out{1, 1, given.geometry.out.channels};
  const kernels::ConvGeometry whole{{1, 1, static_cast<int>(in.size())}, out};
  const reference::SpikeBatch spikes{given.extent, in, given.density, 6, amplitude};
  const auto values = spikes.values<Scalar>();
  const auto weights = reference::integers<Scalar>(in.size() * out.channels, 7);
  const auto bias = reference::integers<Scalar>(out.channels, 8);
  const auto expected =
      reference::convolve(whole, given.extent.frames(), values, weights, bias.data());
  Scratch scratch;
  const auto of = [&](const auto& view) {
    return currents<Scalar>(weights, bias.data(), in.size(), given.extent, out,
                            [&](const auto& layer, const auto& sink) {
                              kernels::connect<Scalar>(view, layer, scratch, sink);
                            });
  };
  CHECK(reference::differences(of(spikes.view()), expected) == 0);
  CHECK(reference::differences(of(RealView<const Scalar>{values.data(), given.extent, in}),
                               expected) == 0);
}

}  // namespace

TEMPLATE_TEST_CASE("Convolutions of spikes and of values are what the definition says", "[kernels]",
                   float, double) {
  bool biased = false;
  for (const auto& given : reference::cases()) {
    const Index outputs = given.geometry.out.channels;
    const auto weights = reference::integers<TestType>(given.geometry.weight_rows() * outputs, 1);
    const auto bias = reference::integers<TestType>(outputs, 2);
    biased = !biased;
    check_convolution<TestType>(given, weights, biased ? bias.data() : nullptr, 1.5F, 0.0);
  }
}

TEMPLATE_TEST_CASE("Convolutions round as sums of their length do", "[kernels]", float, double) {
  for (const double density : {0.2, 0.8}) {
    const reference::Case given{reference::convolution({6, 7, 33}, 70, 3, 1, 1), {2, 3}, density};
    const Index rows = given.geometry.weight_rows();
    const auto weights = reference::noise<TestType>(rows * 70, 3);
    const auto bias = reference::noise<TestType>(70, 4);
    const double tolerance = 2.0 * static_cast<double>(rows) *
                             static_cast<double>(std::numeric_limits<TestType>::epsilon());
    check_convolution<TestType>(given, weights, bias.data(), 1.25F, tolerance);
  }
}

TEMPLATE_TEST_CASE("Dense layers of spikes and of values are what the definition says", "[kernels]",
                   float, double) {
  for (const auto& given : reference::cases()) check_connection<TestType>(given, 0.5F);
}

TEST_CASE("Spikes are convolved alike on both sides of the density at which the kernel changes",
          "[kernels]") {
  const Extent extent{2, 2};
  const Shape in{5, 5, 20};
  const reference::SpikeBatch below{extent, in, kernels::dense_from_density - 0.1, 5};
  const reference::SpikeBatch above{extent, in, kernels::dense_from_density + 0.1, 5};
  REQUIRE(kernels::detail::is_sparse(below.view()));
  REQUIRE_FALSE(kernels::detail::is_sparse(above.view()));
  const auto geometry = reference::convolution(in, 12, 3, 1, 1);
  const auto weights = reference::integers<float>(geometry.weight_rows() * 12, 1);
  for (const double change : {-0.1, 0.1})
    check_convolution<float>({geometry, extent, kernels::dense_from_density + change}, weights,
                             nullptr, 1.0F, 0.0);
}

TEST_CASE("Batches that are listed and padded in several groups give the same currents",
          "[kernels]") {
  // One sample takes half of what is listed at a time.
  const Extent extent{3, 40};
  const Shape in{14, 14, 64};
  REQUIRE(kernels::detail::group_size(extent.steps * in.size(), extent.samples) == 2);
  for (const double density : {0.02, 0.7}) {
    const reference::Case given{reference::convolution(in, 3, 1, 2, 0), extent, density};
    const auto weights = reference::integers<float>(in.channels * 3, 1);
    check_convolution<float>(given, weights, nullptr, 1.0F, 0.0);
    check_connection<float>(given, 1.0F);
  }
}

TEST_CASE("Events are followed alike however outputs and weights are cut", "[kernels]") {
  // Weights of several slices a tap; rows in pieces, bands of rows, several samples at a time.
  for (const Extent extent : {Extent{2, 300}, Extent{2, 20}, Extent{70, 2}}) {
    for (const int channels : {100, 260}) {
      const reference::Case given{reference::convolution({3, 5, channels}, 7, 3, 2, 1), extent,
                                  0.1};
      const auto weights = reference::integers<float>(given.geometry.weight_rows() * 7, 1);
      check_convolution<float>(given, weights, nullptr, 1.0F, 0.0);
      check_connection<float>(given, 1.0F);
    }
  }
}

TEST_CASE("Every output of a convolution is in exactly one tile", "[kernels]") {
  const Extent extent{2, 3};
  const auto geometry = reference::convolution({4, 37, 1}, 130, 1, 1, 0);
  const auto weights = reference::integers<float>(130, 1);
  const auto values = reference::integers<float>(extent.frames() * geometry.in.size(), 2);
  std::vector<int> covered(at(extent.samples * geometry.out.size()));
  Scratch scratch;
  kernels::convolve<float>(RealView<const float>{values.data(), extent, geometry.in}, geometry,
                           {weights.data(), nullptr, Index{1}, Index{130}}, scratch,
                           [&](const kernels::Tile& tile, const float*, Index, Index) {
                             for (Index pixel = tile.pixel; pixel < tile.pixel + tile.count;
                                  ++pixel)
                               for (int c = 0; c < tile.channels; ++c)
                                 ++covered[at((tile.sample * geometry.out.pixels() + pixel) * 130 +
                                              tile.first_channel + c)];
                           });
  CHECK(reference::differences(covered, std::vector<int>(covered.size(), 1)) == 0);
}
