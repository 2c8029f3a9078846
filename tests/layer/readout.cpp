#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/readout.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr Shape shape{1, 1, 10};
constexpr Extent extent{3, 4};

/// scale * sum over the steps, forward and backward.
template <class Spec>
void check(const Spec& spec, double scale) {
  const auto values = reference::integers<double>(extent.frames() * 10, 1);
  const RealView<const double> in{values.data(), extent, shape};
  std::vector<double> expected(30);
  for (std::size_t i = 0; i < 120; ++i) expected[i / 40 * 10 + i % 10] += scale * values[i];
  LayerProbe<Spec, Real<shape>, double> probe{spec, extent};
  const auto out = probe.forward(in);
  CHECK(out.extent == Extent{3, 1});
  CHECK(reference::differences(values_of(out), expected, 1e-14) == 0);
  const auto slopes = reference::integers<double>(30, 2);
  const auto back = probe.backward(in, slopes);
  for (std::size_t i = 0; i < 120; ++i)
    CHECK(back[i] == Approx(scale * slopes[i / 40 * 10 + i % 10]).margin(1e-15));
}

/// Windows of 3, 1 and 3 steps, each against a whole sequence of the steps so far.
template <class Spec>
void check_windows(const Spec& spec) {
  const auto values = reference::noise<double>(7 * 10, 1);
  LayerProbe<Spec, Real<shape>, double> windows{spec, {1, 7}};
  windows.keep_state(1);
  Index first = 0;
  for (const Index end : {3, 4, 7}) {
    windows.options().window = {first, end == 7};
    const auto found =
        values_of(windows.forward({values.data() + first * 10, {1, end - first}, shape}));
    LayerProbe<Spec, Real<shape>, double> whole{spec, {1, end}};
    CHECK(found == values_of(whole.forward({values.data(), {1, end}, shape})));
    first = end;
  }
}

}  // namespace

TEST_CASE("Readouts sum over the steps with their scales", "[layer]") {
  check(layer::MeanOverTime{}, 0.25);
  check(layer::SpikeRate{}, 0.25);
  check(layer::SpikeRate{10.0F}, 2.5);
  check(layer::AccumulatedMembrane{}, 1.0);
  check(layer::AccumulatedMembrane{true}, 0.25);
}

TEST_CASE("The rate of spikes counts them, with their amplitude", "[layer]") {
  constexpr Shape wide{1, 1, 70};
  const reference::SpikeBatch spikes{extent, wide, 0.4, 1, 2.0F};
  LayerProbe<layer::SpikeRate, Spikes<wide>, double> probe{{}, extent};
  std::vector<double> expected(210);
  for (std::size_t i = 0; i < 840; ++i)
    expected[i / 280 * 70 + i % 70] += 0.25 * 2.0 * spikes.fired()[i];
  CHECK(values_of(probe.forward(spikes.view())) == expected);
}

TEST_CASE("The mean over time of what has no time is itself", "[layer]") {
  const auto values = reference::noise<double>(30, 1);
  LayerProbe<layer::MeanOverTime, Static<shape>, double> probe{{}, {3, 8}};
  const auto out = probe.forward({values.data(), {3, 1}, shape});
  CHECK(reference::differences(values_of(out),
                               std::vector<double>(values.begin(), values.begin() + 30)) == 0);
}

TEST_CASE("A readout gives after each window what the steps so far would give", "[layer]") {
  check_windows(layer::MeanOverTime{});
  check_windows(layer::AccumulatedMembrane{});
  check_windows(layer::AccumulatedMembrane{true});
  check_windows(layer::SpikeRate{10.0F});

  const auto values = reference::noise<double>(10, 1);
  LayerProbe<layer::MeanOverTime, Static<shape>, double> still{{}, {1, 7}};
  still.keep_state(1);
  still.options().window = {3, false};
  const RealView<const double> in{values.data(), {1, 1}, shape};
  CHECK(values_of(still.forward(in)) == values_of(in));
}
