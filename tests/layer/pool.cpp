#include <catch2/catch.hpp>

#include <snnbd/layer/pool.hpp>
#include <snnbd/layer/zero_pad.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr Extent extent{2, 3};

template <class Spec, Shape In>
constexpr Shape pooled = Spec::template Bound<Real<In>, float>::pooled;

template <class Spec, Shape In>
void check_like_values() {
  CAPTURE(to_string(In), Spec::name);
  for (const double density : {0.0, 0.2, 0.8}) {
    const reference::SpikeBatch spikes{extent, In, density, 1, 1.5F};
    const auto values = spikes.values<double>();
    const RealView<const double> real{values.data(), extent, In};
    LayerProbe<Spec, Spikes<In>, double> of_spikes{{}, extent};
    LayerProbe<Spec, Real<In>, double> of_values{{}, extent};
    const auto found = of_spikes.forward(spikes.view());
    const auto expected = of_values.forward(real);
    CHECK(found.shape == pooled<Spec, In>);
    CHECK(reference::differences(values_of(found), values_of(expected), 1e-14) == 0);
    const auto slopes = reference::integers<double>(extent.frames() * pooled<Spec, In>.size(), 2);
    CHECK(of_spikes.backward(spikes.view(), slopes) == of_values.backward(real, slopes));
  }
}

}  // namespace

TEST_CASE("Pooling has PyTorch's output size", "[layer]") {
  STATIC_REQUIRE(pooled<layer::MaxPool<2>, Shape{28, 28, 3}> == Shape{14, 14, 3});
  STATIC_REQUIRE(pooled<layer::MaxPool<2>, Shape{7, 5, 3}> == Shape{3, 2, 3});
  STATIC_REQUIRE(pooled<layer::MaxPool<3, 2>, Shape{7, 8, 3}> == Shape{3, 3, 3});
  STATIC_REQUIRE(pooled<layer::MaxPool<3, 2, 1>, Shape{112, 112, 64}> == Shape{56, 56, 64});
  STATIC_REQUIRE(pooled<layer::MaxPool<3, 2, 1>, Shape{7, 8, 3}> == Shape{4, 4, 3});
  STATIC_REQUIRE(pooled<layer::MaxPool<2, 2, 1>, Shape{5, 4, 3}> == Shape{3, 3, 3});
  STATIC_REQUIRE(pooled<layer::MaxPool<4, 3, 2>, Shape{2, 9, 3}> == Shape{1, 4, 3});
  STATIC_REQUIRE(pooled<layer::AvgPool<2, 3>, Shape{7, 8, 3}> == Shape{2, 3, 3});
  STATIC_REQUIRE(pooled<layer::AvgPool<4>, Shape{4, 4, 512}> == Shape{1, 1, 512});
}

TEST_CASE("The largest of spikes are spikes, their mean is real", "[layer]") {
  constexpr Shape in{4, 4, 3};
  STATIC_REQUIRE(SpikeSignal<layer::MaxPool<2>::Bound<Spikes<in>, float>::Output>);
  STATIC_REQUIRE(RealSignal<layer::AvgPool<2>::Bound<Spikes<in>, float>::Output>);
  STATIC_REQUIRE(StaticSignal<layer::MaxPool<2>::Bound<Static<in>, float>::Output>);
  STATIC_REQUIRE(StaticSignal<layer::AvgPool<2>::Bound<Static<in>, float>::Output>);
}

TEST_CASE("Pooling of spikes and of their values is the same, forward and backward", "[layer]") {
  check_like_values<layer::MaxPool<2>, Shape{5, 6, 70}>();
  check_like_values<layer::MaxPool<3, 2>, Shape{5, 7, 10}>();
  check_like_values<layer::MaxPool<2, 3>, Shape{5, 7, 3}>();
  check_like_values<layer::MaxPool<3, 2, 1>, Shape{5, 6, 70}>();
  check_like_values<layer::MaxPool<2, 2, 1>, Shape{5, 6, 10}>();
  check_like_values<layer::AvgPool<2>, Shape{5, 6, 70}>();
  check_like_values<layer::AvgPool<3, 1>, Shape{5, 4, 10}>();
}

TEST_CASE("A window of zeros gives its gradient to its first unit", "[layer]") {
  constexpr Shape in{2, 2, 1};
  const std::vector<float> zeros(4 + spare_values);
  const std::vector<float> slope(1 + spare_values, 3.0F);
  LayerProbe<layer::MaxPool<2>, Real<in>> probe{{}, {1, 1}};
  const RealView<const float> view{zeros.data(), {1, 1}, in};
  probe.forward(view);
  CHECK(probe.backward(view, slope) == std::vector<float>{3, 0, 0, 0});
}

TEST_CASE("What stands in a pooling's padding is never chosen", "[layer]") {
  constexpr Shape in{2, 2, 1};
  using Pool = layer::MaxPool<3, 2, 1>;
  std::vector<float> negative{-4.0F, -3.0F, -2.0F, -1.0F};
  negative.resize(4 + spare_values);
  const std::vector<float> slope(1 + spare_values, 3.0F);
  LayerProbe<Pool, Real<in>> probe{{}, {1, 1}};
  const RealView<const float> view{negative.data(), {1, 1}, in};
  const auto largest = probe.forward(view);
  CHECK(largest.shape == Shape{1, 1, 1});
  CHECK(largest.data[0] == -1.0F);
  CHECK(probe.backward(view, slope) == std::vector<float>{0, 0, 0, 3});

  // With a border of zeros in its place, 0 is chosen and no unit has the gradient.
  LayerProbe<layer::ZeroPad<1>, Real<in>> border{{}, {1, 1}};
  constexpr Shape bordered{4, 4, 1};
  LayerProbe<layer::MaxPool<3, 2>, Real<bordered>> behind{{}, {1, 1}};
  const auto framed = border.forward(view);
  CHECK(behind.forward(framed).data[0] == 0.0F);
  auto back = behind.backward(framed, slope);
  back.resize(back.size() + spare_values);
  CHECK(border.backward(view, back) == std::vector<float>{0, 0, 0, 0});
}

TEST_CASE("Spikes of a single pixel pass a global mean as they are", "[layer]") {
  constexpr Shape in{1, 1, 70};
  STATIC_REQUIRE(SpikeSignal<layer::GlobalAvgPool::Bound<Spikes<in>, float>::Output>);
  const reference::SpikeBatch spikes{extent, in, 0.4, 1, 1.5F};
  LayerProbe<layer::GlobalAvgPool, Spikes<in>> probe{{}, extent};
  const auto out = probe.forward(spikes.view());
  CHECK(out.words == spikes.view().words);
  CHECK(out.amplitude == 1.5F);
  const auto slopes = reference::noise<float>(extent.frames() * in.size(), 2);
  CHECK(probe.backward(spikes.view(), slopes) ==
        std::vector<float>(slopes.begin(), slopes.end() - spare_values));
}

TEST_CASE("The global mean of spikes and of their values is the same", "[layer]") {
  constexpr Shape in{2, 3, 70};
  using Pool = layer::GlobalAvgPool;
  STATIC_REQUIRE(RealSignal<Pool::Bound<Spikes<in>, float>::Output>);
  STATIC_REQUIRE(StaticSignal<Pool::Bound<Static<in>, float>::Output>);
  const reference::SpikeBatch spikes{extent, in, 0.4, 1, 1.5F};
  const auto values = spikes.values<double>();
  const RealView<const double> real{values.data(), extent, in};
  LayerProbe<Pool, Spikes<in>, double> of_spikes{{}, extent};
  LayerProbe<Pool, Real<in>, double> of_values{{}, extent};
  const auto found = of_spikes.forward(spikes.view());
  CHECK(found.shape == Shape{1, 1, 70});
  CHECK(reference::differences(values_of(found), values_of(of_values.forward(real)), 1e-14) == 0);
  const auto slopes = reference::integers<double>(extent.frames() * 70, 2);
  CHECK(of_spikes.backward(spikes.view(), slopes) == of_values.backward(real, slopes));
}
