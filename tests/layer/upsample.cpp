#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/upsample.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr Extent extent{2, 3};
constexpr Shape in{2, 3, 70};
constexpr Shape large{4, 6, 70};
using Twice = layer::Upsample<2>;

}  // namespace

TEST_CASE("A larger image keeps the kind of the signal", "[layer]") {
  STATIC_REQUIRE(std::is_same_v<Twice::Bound<Static<in>, float>::Output, Static<large>>);
  STATIC_REQUIRE(std::is_same_v<Twice::Bound<Real<in>, float>::Output, Real<large>>);
  STATIC_REQUIRE(std::is_same_v<Twice::Bound<Spikes<in>, float>::Output, Spikes<large>>);
  STATIC_REQUIRE(
      std::is_same_v<Twice::Bound<MaskedSpikes<in>, float>::Output, MaskedSpikes<large>>);
  CHECK(Twice::notation() == "U2");
}

TEST_CASE("Spikes and their values are made larger alike", "[layer]") {
  const reference::SpikeBatch spikes{extent, in, 0.4, 1, 1.5F};
  const auto values = spikes.values<float>();
  const RealView<const float> real{values.data(), extent, in};
  LayerProbe<Twice, Spikes<in>> of_spikes{{}, extent};
  LayerProbe<Twice, Real<in>> of_values{{}, extent};
  const auto found = values_of(of_spikes.forward(spikes.view()));
  CHECK(found == values_of(of_values.forward(real)));
  // The last value of the first frame stands at the last four pixels.
  for (const int pixel : {3 * 6 + 5, 3 * 6 + 4, 2 * 6 + 5, 2 * 6 + 4})
    CHECK(found[reference::at(pixel * 70 + 69)] == static_cast<double>(values[5 * 70 + 69]));

  const auto slopes = reference::noise<float>(extent.frames() * large.size(), 2);
  const auto back = of_spikes.backward(spikes.view(), slopes);
  CHECK(back == of_values.backward(real, slopes));
  CHECK(static_cast<double>(back[70]) ==
        Approx(static_cast<double>(slopes[2 * 70]) + static_cast<double>(slopes[3 * 70]) +
               static_cast<double>(slopes[8 * 70]) + static_cast<double>(slopes[9 * 70])));
}
