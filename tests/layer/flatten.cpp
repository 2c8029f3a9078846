#include <catch2/catch.hpp>

#include <snnbd/layer/flatten.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr Extent extent{2, 3};

template <Shape In>
void check_spikes() {
  CAPTURE(to_string(In));
  const reference::SpikeBatch spikes{extent, In, 0.4, 1, 2.5F};
  LayerProbe<layer::Flatten, Spikes<In>> probe{{}, extent};
  const auto out = probe.forward(spikes.view());
  const Shape flat{1, 1, static_cast<int>(In.size())};
  CHECK(out.shape == flat);
  CHECK(out.extent == extent);
  CHECK(out.amplitude == 2.5F);
  CHECK(values_of(out) == values_of(spikes.view()));
  const reference::SpikeBatch expected{extent, flat, 0.4, 1, 2.5F};
  CHECK(std::vector<Word>(out.words, out.words + out.size()) == expected.words());
  const auto slopes = reference::noise<float>(extent.frames() * In.size(), 2);
  CHECK(reference::differences(probe.backward(spikes.view(), slopes),
                               std::vector<float>(slopes.begin(), slopes.end() - spare_values)) ==
        0);
}

}  // namespace

TEST_CASE("Flattened spikes keep their order, with any number of channels", "[layer]") {
  check_spikes<Shape{3, 4, 10}>();
  check_spikes<Shape{2, 2, 64}>();
  check_spikes<Shape{2, 3, 65}>();
  check_spikes<Shape{2, 1, 130}>();
  check_spikes<Shape{1, 1, 70}>();
  check_spikes<Shape{5, 1, 1}>();
}

TEST_CASE("Flattened values are the same memory", "[layer]") {
  constexpr Shape in{3, 4, 10};
  const auto values = reference::noise<float>(extent.frames() * in.size(), 1);
  LayerProbe<layer::Flatten, Real<in>> probe{{}, extent};
  const auto out = probe.forward({values.data(), extent, in});
  CHECK(out.data == values.data());
  CHECK(out.shape == Shape{1, 1, 120});
}
