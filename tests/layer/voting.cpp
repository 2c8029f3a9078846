#include <type_traits>

#include <catch2/catch.hpp>

#include <snnbd/layer/voting.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;

namespace {

constexpr Extent extent{2, 3};
constexpr Shape in{1, 1, 110};
using Vote = layer::Voting<10>;

}  // namespace

TEST_CASE("Ten units vote for each class", "[layer]") {
  STATIC_REQUIRE(std::is_same_v<Vote::Bound<Spikes<in>, float>::Output, Real<Shape{1, 1, 11}>>);
  STATIC_REQUIRE(std::is_same_v<Vote::Bound<Static<in>, float>::Output, Static<Shape{1, 1, 11}>>);
  STATIC_REQUIRE(Vote::verify<0, Spikes<in>>());
  CHECK(Vote::notation() == "V10");
  const reference::SpikeBatch spikes{extent, in, 0.4, 1, 2.0F};
  LayerProbe<Vote, Spikes<in>> probe{{}, extent};
  const auto out = probe.forward(spikes.view());
  for (Index frame = 0; frame < extent.frames(); ++frame)
    for (Index vote = 0; vote < 11; ++vote) {
      int fired = 0;
      for (Index i = 0; i < 10; ++i)
        fired += spikes.fired()[reference::at(frame * 110 + vote * 10 + i)];
      CHECK(out.data[frame * 11 + vote] == Approx(0.2 * fired));
    }
  const auto slopes = reference::noise<float>(extent.frames() * 11, 2);
  const auto back = probe.backward(spikes.view(), slopes);
  for (std::size_t unit = 0; unit < back.size(); ++unit)
    CHECK(back[unit] == slopes[unit / 10] / 10.0F);
}
