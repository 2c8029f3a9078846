#include <catch2/catch.hpp>

#include <snnbd/layer/dense.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;

namespace {

constexpr Shape image{3, 4, 5};

/// Forward and backward of frames that were not flattened against the definition.
template <class Spec, Signal In, class Scalar>
void check(const ConstViewOf<In, Scalar>& in, const reference::Values<Scalar>& values,
           bool biased) {
  const int units = Spec::template Bound<In, Scalar>::out.channels;
  const kernels::ConvGeometry whole{{1, 1, static_cast<int>(In::shape.size())}, {1, 1, units}};
  const Index frames = in.extent.frames();
  const Index weights = In::shape.size() * units;
  const auto parameters = reference::integers<Scalar>(weights + units, 1);
  LayerProbe<Spec, In, Scalar> probe{Spec{}, in.extent};
  const auto out = probe.forward(in, parameters.data());
  CHECK(out.shape == Shape{1, 1, units});
  CHECK(reference::differences(
            snnbd_tests::values_of(out),
            reference::convolve(whole, frames, values, parameters,
                                biased ? parameters.data() + weights : nullptr)) == 0);

  const auto slopes = reference::integers<Scalar>(frames * units, 2);
  std::vector<Scalar> gradient(parameters.size(), Scalar{1});
  const auto back = probe.backward(in, slopes, parameters.data(), gradient.data());
  CHECK(reference::differences(back,
                               reference::input_gradient(whole, frames, parameters, slopes)) == 0);
  auto expected = reference::weight_gradient(whole, frames, values, slopes);
  for (Index o = 0; o < units; ++o) {
    double sum = 0.0;
    for (Index frame = 0; frame < frames; ++frame)
      sum += static_cast<double>(slopes[reference::at(frame * units + o)]);
    expected.push_back(biased ? sum : 0.0);
  }
  for (double& value : expected) value += 1.0;
  CHECK(reference::differences(gradient, expected) == 0);
}

}  // namespace

TEMPLATE_TEST_CASE("A dense layer takes frames of any shape and kind", "[layer]", float, double) {
  for (const double density : {0.2, 0.9}) {
    const reference::SpikeBatch spikes{{2, 3}, image, density, 5, 0.5F};
    const auto values = spikes.values<TestType>();
    const RealView<const TestType> real{values.data(), {2, 3}, image};
    const RealView<const TestType> fixed{values.data(), {6, 1}, image};
    using Plain = layer::Dense<11>;
    using Biased = layer::Dense<70, layer::DenseOptions{true}>;
    check<Plain, Real<image>>(real, values, false);
    check<Plain, Static<image>>(fixed, values, false);
    check<Plain, Spikes<image>, TestType>(spikes.view(), values, false);
    check<Biased, Real<image>>(real, values, true);
    check<Biased, Static<image>>(fixed, values, true);
    check<Biased, Spikes<image>, TestType>(spikes.view(), values, true);
  }
}

TEST_CASE("A dense layer's weights know the shape that they look at", "[layer]") {
  using Bound = layer::Dense<11, layer::DenseOptions{true}>::Bound<Real<image>, float>;
  STATIC_REQUIRE(Bound::parameters[0].dims == std::array{3, 4, 5, 11});
  STATIC_REQUIRE(Bound::parameters[0].fan_in() == 60);
  STATIC_REQUIRE(Bound::parameters[1].size() == 11);
  STATIC_REQUIRE(layer::parameter_total(layer::Dense<11>::Bound<Real<image>, float>::parameters) ==
                 660);
  CHECK(layer::Dense<256>::notation() == "256");
}
