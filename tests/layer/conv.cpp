#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/layer/conv.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;

namespace {

constexpr Shape small{6, 5, 3};

template <class Spec, Shape In>
constexpr Shape output = Spec::template Bound<Real<In>, float>::out;

template <int Kernel, int Stride, int Padding>
using Plain = layer::Conv<7, Kernel, layer::ConvOptions{Stride, Padding}>;

/// Forward and backward of one input against the definition.
template <class Spec, Signal In, class Scalar>
void check(const ConstViewOf<In, Scalar>& in, const reference::Values<Scalar>& values, int kernel,
           int stride, int padding, bool biased) {
  using Probe = LayerProbe<Spec, In, Scalar>;
  const auto geometry = reference::convolution(In::shape, 7, kernel, stride, padding);
  const Index frames = in.extent.frames();
  const auto parameters = reference::integers<Scalar>(geometry.weight_rows() * 7 + 7, 1);
  const auto* bias = biased ? parameters.data() + geometry.weight_rows() * 7 : nullptr;
  Probe probe{Spec{}, in.extent};
  const auto out = probe.forward(in, parameters.data());
  CHECK(out.shape == geometry.out);
  CHECK(reference::differences(snnbd_tests::values_of(out),
                               reference::convolve(geometry, frames, values, parameters, bias)) ==
        0);

  const auto slopes = reference::integers<Scalar>(frames * geometry.out.size(), 2);
  std::vector<Scalar> gradient(parameters.size(), Scalar{1});
  const auto back = probe.backward(in, slopes, parameters.data(), gradient.data());
  CHECK(reference::differences(
            back, reference::input_gradient(geometry, frames, parameters, slopes)) == 0);
  auto expected = reference::weight_gradient(geometry, frames, values, slopes);
  for (std::size_t o = 0; o < 7; ++o) {
    double sum = 0.0;
    for (std::size_t i = o; i < reference::at(frames * geometry.out.size()); i += 7)
      sum += static_cast<double>(slopes[i]);
    expected.push_back(biased ? sum : 0.0);
  }
  for (double& value : expected) value += 1.0;
  CHECK(reference::differences(gradient, expected) == 0);
}

}  // namespace

TEST_CASE("A convolution has PyTorch's output size", "[layer]") {
  STATIC_REQUIRE(output<layer::Conv<7, 3>, Shape{28, 28, 1}> == Shape{28, 28, 7});
  STATIC_REQUIRE(output<layer::Conv<7, 5>, Shape{9, 4, 2}> == Shape{9, 4, 7});
  STATIC_REQUIRE(output<layer::Conv<7, 1>, Shape{9, 4, 2}> == Shape{9, 4, 7});
  STATIC_REQUIRE(output<Plain<3, 2, 1>, Shape{32, 31, 3}> == Shape{16, 16, 7});
  STATIC_REQUIRE(output<Plain<3, 1, 0>, Shape{5, 3, 3}> == Shape{3, 1, 7});
  STATIC_REQUIRE(output<Plain<5, 3, 2>, Shape{11, 12, 3}> == Shape{4, 4, 7});
  STATIC_REQUIRE(output<Plain<2, 2, 1>, Shape{5, 6, 3}> == Shape{3, 4, 7});
}

TEST_CASE("A convolution's parameters are its weights, and its bias if it has one", "[layer]") {
  using Without = layer::Conv<7, 3>::Bound<Real<Shape{5, 4, 2}>, float>;
  using With =
      layer::Conv<7, 3, layer::ConvOptions{.bias = true}>::Bound<Real<Shape{5, 4, 2}>, float>;
  STATIC_REQUIRE(layer::parameter_total(Without::parameters) == 3 * 3 * 2 * 7);
  STATIC_REQUIRE(layer::parameter_total(With::parameters) == 3 * 3 * 2 * 7 + 7);
  STATIC_REQUIRE(With::parameters[0].dims == std::array{3, 3, 2, 7});
  STATIC_REQUIRE(With::parameters[0].fan_in() == 18);
  CHECK(layer::Conv<32, 3>::notation() == "32C3");
}

TEST_CASE("A convolution keeps the time behaviour of its input, and gives real values", "[layer]") {
  constexpr Shape in{6, 5, 3};
  using Spec = layer::Conv<7, 3>;
  STATIC_REQUIRE(StaticSignal<Spec::Bound<Static<in>, float>::Output>);
  STATIC_REQUIRE(RealSignal<Spec::Bound<Real<in>, float>::Output>);
  STATIC_REQUIRE(RealSignal<Spec::Bound<Spikes<in>, float>::Output>);
}

TEMPLATE_TEST_CASE("A convolution and its gradients are what the definition says", "[layer]", float,
                   double) {
  const reference::SpikeBatch spikes{{2, 3}, small, 0.3, 5, 0.5F};
  const auto values = spikes.values<TestType>();
  const RealView<const TestType> real{values.data(), {2, 3}, small};
  const RealView<const TestType> fixed{values.data(), {6, 1}, small};
  using Same = layer::Conv<7, 3>;
  using Biased = layer::Conv<7, 2, layer::ConvOptions{2, 1, true}>;
  check<Same, Real<small>>(real, values, 3, 1, 1, false);
  check<Same, Static<small>>(fixed, values, 3, 1, 1, false);
  check<Same, Spikes<small>, TestType>(spikes.view(), values, 3, 1, 1, false);
  check<Biased, Real<small>>(real, values, 2, 2, 1, true);
  check<Biased, Static<small>>(fixed, values, 2, 2, 1, true);
  check<Biased, Spikes<small>, TestType>(spikes.view(), values, 2, 2, 1, true);
}
