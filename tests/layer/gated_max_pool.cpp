#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/gated_max_pool.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr Shape in{5, 6, 70};
constexpr Extent extent{3, 8};

template <class Spec>
using OfSpikes = typename Spec::template Bound<Spikes<in>, float>;

/// Some steps of a batch of spikes, sample by sample.
std::vector<Word> steps_of(const SpikeView<const Word>& whole, Index first, Index count) {
  std::vector<Word> words;
  for (Index sample = 0; sample < whole.extent.samples; ++sample)
    words.insert(words.end(), whole.frame(sample, first),
                 whole.frame(sample, first) + count * whole.frame_words());
  return words;
}

}  // namespace

TEST_CASE("A gated pooling has the shape and the kind of a max pooling", "[layer]") {
  using Gated = layer::GatedMaxPool<3, 2, 1>;
  using Plain = layer::MaxPool<3, 2, 1>;
  STATIC_REQUIRE(OfSpikes<Gated>::pooled == OfSpikes<Plain>::pooled);
  STATIC_REQUIRE(std::is_same_v<OfSpikes<Gated>::Output, OfSpikes<Plain>::Output>);
  STATIC_REQUIRE(layer::GatedMaxPool<2>::window.stride == 2);
  CHECK(Gated::notation() == "GP3");
}

TEST_CASE("A gated pooling of spikes is that of their values, forward and backward", "[layer]") {
  using Pool = layer::GatedMaxPool<2>;
  const reference::SpikeBatch spikes{extent, in, 0.3, 1, 1.5F};
  const auto values = spikes.values<double>();
  const RealView<const double> real{values.data(), extent, in};
  LayerProbe<Pool, Spikes<in>, double> of_spikes{{}, extent, {.training = true}};
  LayerProbe<Pool, Real<in>, double> of_values{{}, extent, {.training = true}};
  const auto found = of_spikes.forward(spikes.view());
  CHECK(found.amplitude == 1.5F);
  CHECK(found.gradient_mask == nullptr);
  CHECK(values_of(found) == values_of(of_values.forward(real)));
  const auto slopes = reference::integers<double>(extent.frames() * found.shape.size(), 2);
  CHECK(of_spikes.backward(spikes.view(), slopes) == of_values.backward(real, slopes));
}

TEST_CASE("A gated pooling of static values is a max pooling", "[layer]") {
  const auto values = reference::integers<float>(2 * in.size(), 3);
  const RealView<const float> view{values.data(), {2, 1}, in};
  LayerProbe<layer::GatedMaxPool<3, 2, 1>, Static<in>> gated{{}, {2, 4}};
  LayerProbe<layer::MaxPool<3, 2, 1>, Static<in>> plain{{}, {2, 4}};
  const auto expected = values_of(plain.forward(view));
  CHECK(values_of(gated.forward(view)) == expected);
  const auto slopes = reference::integers<float>(2 * 3 * 3 * 70, 4);
  CHECK(gated.backward(view, slopes) == plain.backward(view, slopes));
  // Windows of steps see the same values, and need no state.
  gated.keep_state(2);
  gated.options().window = {4, false};
  CHECK(values_of(gated.forward(view)) == expected);
}

TEST_CASE("A gated pooling goes on from one window of steps to the next", "[layer]") {
  using Pool = layer::GatedMaxPool<2>;
  const reference::SpikeBatch spikes{extent, in, 0.3, 1};
  LayerProbe<Pool, Spikes<in>> whole{{}, extent};
  const auto all = whole.forward(spikes.view());
  for (const Index length : {Index{1}, Index{2}, Index{4}}) {
    LayerProbe<Pool, Spikes<in>> probe{{}, {extent.samples, length}};
    probe.keep_state(extent.samples);
    for (int run = 0; run < 2; ++run) {  // a new sequence begins anew
      for (Index first = 0; first < extent.steps; first += length) {
        const auto words = steps_of(spikes.view(), first, length);
        probe.options().window = {first, first + length == extent.steps};
        const auto part = probe.forward({words.data(), {extent.samples, length}, in});
        CHECK(steps_of(part, 0, length) == steps_of(all, first, length));
      }
    }
  }
}
