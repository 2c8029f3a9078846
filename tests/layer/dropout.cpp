#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include <snnbd/layer/dropout.hpp>

#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using Catch::Matchers::Contains;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr Shape shape{3, 2, 70};
constexpr Extent extent{5, 4};
constexpr layer::PassOptions training{true, 11, 2};

template <Signal In>
using Probe = LayerProbe<layer::Dropout, In, float>;

/// All ones: what is left of them is the mask.
reference::Values<float> ones() {
  return reference::drawn<float>(extent.frames() * shape.size(), [] { return 1; });
}

}  // namespace

TEST_CASE("Dropout is the identity in evaluation, without a copy", "[layer]") {
  const auto values = reference::noise<float>(extent.frames() * shape.size(), 1);
  const RealView<const float> in{values.data(), extent, shape};
  Probe<Real<shape>> real{{0.5F}, extent};
  CHECK(real.forward(in).data == in.data);
  const reference::SpikeBatch spikes{extent, shape, 0.3, 1, 1.5F};
  Probe<Spikes<shape>> packed{{0.5F}, extent};
  CHECK(packed.forward(spikes.view()).words == spikes.view().words);
  CHECK(packed.forward(spikes.view()).amplitude == 1.5F);
}

TEST_CASE("Dropout of nothing is the identity in training", "[layer]") {
  const auto values = reference::noise<float>(extent.frames() * shape.size(), 1);
  const RealView<const float> in{values.data(), extent, shape};
  Probe<Real<shape>> probe{{0.0F}, extent, training};
  CHECK(probe.forward(in).data == in.data);
}

TEST_CASE("One mask holds for the whole sequence, another one for each sample", "[layer]") {
  const auto values = ones();
  Probe<Real<shape>> probe{{0.4F}, extent, training};
  const auto out = values_of(probe.forward({values.data(), extent, shape}));
  const auto frame = [&](Index sample, Index step) {
    const auto first = out.begin() + (sample * extent.steps + step) * shape.size();
    return std::vector<double>(first, first + shape.size());
  };
  for (Index sample = 0; sample < extent.samples; ++sample) {
    for (Index step = 1; step < extent.steps; ++step)
      CHECK(frame(sample, step) == frame(sample, 0));
    if (sample > 0) CHECK(frame(sample, 0) != frame(sample - 1, 0));
  }
}

TEST_CASE("Units are dropped with the rate and the others scaled by 1/(1 - rate)", "[layer]") {
  const auto values = ones();
  for (const float rate : {0.1F, 0.5F, 0.75F}) {
    CAPTURE(rate);
    Probe<Real<shape>> probe{{rate}, extent, training};
    const auto out = values_of(probe.forward({values.data(), extent, shape}));
    const double scale = 1.0 / (1.0 - static_cast<double>(rate));
    double kept = 0.0;
    Index wrong = 0;
    for (const double value : out) {
      kept += value > 0.0 ? 1.0 : 0.0;
      if (value != 0.0 && value != static_cast<double>(static_cast<float>(scale))) ++wrong;
    }
    CHECK(wrong == 0);
    kept /= static_cast<double>(extent.steps);  // the same at each step: one draw, counted once
    const auto units = static_cast<double>(extent.samples * shape.size());
    const double keep = 1.0 - static_cast<double>(rate);
    CHECK(std::abs(kept - units * keep) < 5.0 * std::sqrt(units * keep * (1.0 - keep)));
  }
}

TEST_CASE("Dropout does the same to spikes and to their values", "[layer]") {
  const reference::SpikeBatch spikes{extent, shape, 0.4, 3, 1.5F};
  const auto values = spikes.values<float>();
  Probe<Spikes<shape>> packed{{0.25F}, extent, training};
  Probe<Real<shape>> real{{0.25F}, extent, training};
  const auto of_spikes = packed.forward(spikes.view());
  const auto of_values = real.forward({values.data(), extent, shape});
  CHECK(of_spikes.amplitude == 2.0F);
  CHECK(values_of(of_spikes) == values_of(of_values));

  const auto slopes = reference::integers<float>(extent.frames() * shape.size(), 4);
  const auto back = real.backward({values.data(), extent, shape}, slopes);
  CHECK(packed.backward(spikes.view(), slopes) == back);
  const auto plain = ones();
  const auto mask = values_of(real.forward({plain.data(), extent, shape}));
  Index wrong = 0;
  for (std::size_t i = 0; i < back.size(); ++i)
    wrong += back[i] == static_cast<float>(mask[i]) * slopes[i] ? 0 : 1;
  CHECK(wrong == 0);
}

TEST_CASE("Every draw has a mask of its own, and the same draw the same one", "[layer]") {
  const auto values = ones();
  const RealView<const float> in{values.data(), extent, shape};
  Probe<Real<shape>> probe{{0.5F}, extent, training};
  const auto first = values_of(probe.forward(in));
  probe.options().draw = 3;
  CHECK(values_of(probe.forward(in)) != first);
  probe.options().draw = 2;
  CHECK(values_of(probe.forward(in)) == first);
  probe.options().seed = 12;
  CHECK(values_of(probe.forward(in)) != first);
}

TEST_CASE("Dropout refuses rates that are no probabilities below 1", "[layer]") {
  const auto values = ones();
  for (const float rate : {1.0F, -0.1F, 2.0F, std::numeric_limits<float>::quiet_NaN()}) {
    Probe<Real<shape>> probe{{rate}, extent, training};
    CHECK_THROWS_WITH(probe.forward({values.data(), extent, shape}), Contains("dropout rate"));
  }
}
