#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/layer/zero_pad.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr Extent extent{2, 3};
constexpr Shape in{2, 3, 70};
using Pad = layer::ZeroPad<2>;

}  // namespace

TEST_CASE("A border keeps the kind of the signal", "[layer]") {
  constexpr Shape padded{6, 7, 70};
  STATIC_REQUIRE(std::is_same_v<Pad::Bound<Static<in>, float>::Output, Static<padded>>);
  STATIC_REQUIRE(std::is_same_v<Pad::Bound<Real<in>, float>::Output, Real<padded>>);
  STATIC_REQUIRE(std::is_same_v<Pad::Bound<Spikes<in>, float>::Output, Spikes<padded>>);
  STATIC_REQUIRE(Pad::Bound<Static<Shape{28, 28, 1}>, float>::Output::shape == Shape{32, 32, 1});
}

TEST_CASE("A border around spikes and around their values is the same", "[layer]") {
  const reference::SpikeBatch spikes{extent, in, 0.4, 1, 1.5F};
  const auto values = spikes.values<float>();
  const RealView<const float> real{values.data(), extent, in};
  LayerProbe<Pad, Spikes<in>> of_spikes{{}, extent};
  LayerProbe<Pad, Real<in>> of_values{{}, extent};
  const auto found = values_of(of_spikes.forward(spikes.view()));
  const auto expected = values_of(of_values.forward(real));
  CHECK(found == expected);
  double sum = 0.0;
  for (const double value : found) sum += value;
  double inside = 0.0;
  for (const int fired : spikes.fired()) inside += 1.5 * fired;
  CHECK(sum == inside);
  CHECK(found[(2 * 7 + 2) * 70] == static_cast<double>(values[0]));
  const auto slopes = reference::noise<float>(extent.frames() * 6 * 7 * 70, 2);
  const auto back = of_spikes.backward(spikes.view(), slopes);
  CHECK(back == of_values.backward(real, slopes));
  CHECK(back[0] == slopes[(2 * 7 + 2) * 70]);
}
