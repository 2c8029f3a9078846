#include <algorithm>

#include <catch2/catch.hpp>

#include <snnbd/encode/poisson.hpp>
#include <snnbd/learn/conversion/spike_norm.hpp>

#include "../../network/naive.hpp"
#include "conversion_probe.hpp"

using namespace snnbd;
using snnbd_tests::Eighths;
namespace naive = snnbd_tests::naive;

namespace {

constexpr Shape input{6, 6, 2};
using Block = layer::Residual<layer::Sequence<layer::Conv<5, 3>, layer::Relu, layer::Conv<5, 3>>>;
using Projection = layer::Residual<layer::Sequence<layer::Conv<3, 3>, layer::Relu>,
                                   layer::Sequence<layer::Conv<3, 1>>>;

/// Neurons behind a convolution, a pooling, a residual and a dense layer; a residual behind spikes
/// and one behind a pooling.
using Deep = Network<input, layer::Conv<5, 3>, layer::Relu, layer::AvgPool<2>, Block, layer::Relu,
                     Projection, layer::Relu, layer::AvgPool<2>, layer::Relu, layer::Dense<2>,
                     layer::MeanOverTime>;

/// The same behind max poolings, which converted networks have as gates: of spikes, and of
/// currents.
using Gated = Network<input, layer::Conv<5, 3>, layer::Relu, layer::MaxPool<2>, Block, layer::Relu,
                      layer::Conv<4, 3>, layer::MaxPool<3, 2, 1>, layer::Relu, layer::Dense<2>,
                      layer::MeanOverTime>;

/// The samples as the spiking network sees them, each with all its steps.
template <class Set>
std::vector<naive::Sequence> sequences(const Set& calibration, Index steps) {
  using In = typename Set::In;
  SignalBuffer<In, float> buffer;
  const auto view = buffer.view({calibration.samples(), steps});
  calibration.read(0, view);
  std::vector<naive::Sequence> result;
  std::vector<float> values(static_cast<std::size_t>(view.extent.frames() * In::shape.size()));
  if constexpr (SpikeSignal<In>)
    kernels::unpack(view, Index{0}, view.extent.samples, values.data());
  else
    std::copy_n(view.data, values.size(), values.begin());
  for (Index sample = 0; sample < view.extent.samples; ++sample) {
    naive::Sequence sequence{In::shape, steps};
    for (Index step = 0; step < steps; ++step) {
      const Index frame = sample * view.extent.steps + (view.extent.steps == 1 ? 0 : step);
      for (Index i = 0; i < In::shape.size(); ++i)
        sequence.frame(step)[i].value =
            static_cast<double>(values[static_cast<std::size_t>(frame * In::shape.size() + i)]);
    }
    result.push_back(std::move(sequence));
  }
  return result;
}

/// The definition: the whole network runs once for each layer; neurons without a threshold are
/// silent.
template <class Set>
std::vector<double> one_run_a_layer(const Set& calibration, Index steps) {
  auto net = network::transfer<Converted<typename Set::NetType>>(calibration.net());
  std::vector<naive::Dual> parameters;
  for (const float value : net.parameters()) parameters.push_back({static_cast<double>(value)});
  const auto inputs = sequences(calibration, steps);
  std::vector<double> thresholds;
  while (thresholds.size() < std::size_t{Set::activations}) {
    std::size_t number = 0;
    net.for_each_layer([&]<class Spec>(Spec& spec, int) {
      if constexpr (layer::is_spiking<Spec>) {
        spec.neuron.threshold =
            number < thresholds.size() ? static_cast<float>(thresholds[number]) : 1e30F;
        spec.amplitude = spec.neuron.threshold;
        ++number;
      }
    });
    double largest = 0.0;
    for (const naive::Sequence& in : inputs) {
      std::vector<double> currents;
      naive::Place place{parameters.data(), {}, 0, 0, &currents};
      naive::Sequence signal = in;
      std::apply(
          [&](const auto&... spec) {
            ((signal = naive::apply(spec, std::move(signal), place)), ...);
          },
          net.layers());
      largest = std::max(largest, currents[thresholds.size()]);
    }
    thresholds.push_back(largest);
  }
  return thresholds;
}

}  // namespace

namespace {

template <class Ann>
void check_scan() {
  Ann ann;
  snnbd_tests::draw_quarters(ann, 5);
  const Eighths<input> set{7};
  constexpr Index steps = 8;
  const auto check = [&](const auto& calibration) {
    const auto expected = one_run_a_layer(calibration, steps);
    REQUIRE(expected.size() == std::size_t{network::activation_count<Ann>});
    const auto found = learn::SpikeNorm{.timesteps = steps}.scales(calibration);
    REQUIRE(found.size() == expected.size());
    for (std::size_t i = 0; i < found.size(); ++i) {
      CHECK(expected[i] > 0.0);
      CHECK(found[i] == Approx(expected[i]).epsilon(1e-6));
    }
    CHECK(learn::SpikeNorm{.timesteps = steps, .memory = 1}.scales(calibration) == found);
  };
  check(learn::Calibration<Ann, encode::Direct>{ann, {}, set, 3});
  check(learn::Calibration<Ann, encode::Poisson>{ann, {}, set});
}

}  // namespace

TEST_CASE("One scan through the layers finds the thresholds of one run for each layer") {
  check_scan<Deep>();
}

TEST_CASE("One scan through gates finds the thresholds of one run for each layer") {
  check_scan<Gated>();
}

TEST_CASE("A percentile of currents is that of one step and the largest step counts") {
  using Small =
      Network<Shape{1, 1, 6}, layer::Dense<4>, layer::Relu, layer::Dense<2>, layer::MeanOverTime>;
  Small ann;
  snnbd_tests::draw_quarters(ann);
  const Eighths<Shape{1, 1, 6}> set{9};
  const learn::Calibration<Small, encode::Poisson> calibration{ann, {}, set};
  constexpr Index steps = 5;
  double expected = 0.0;
  std::vector<std::vector<double>> currents(std::size_t{steps});
  for (naive::Sequence& in : sequences(calibration, steps)) {
    for (Index step = 0; step < steps; ++step)
      for (std::size_t out = 0; out < 4; ++out) {
        double sum = 0.0;
        for (std::size_t i = 0; i < 6; ++i)
          sum += in.frame(step)[i].value * static_cast<double>(ann.parameters()[i * 4 + out]);
        currents[static_cast<std::size_t>(step)].push_back(sum);
      }
  }
  for (auto& of_step : currents) {
    std::sort(of_step.begin(), of_step.end());  // 36 currents: 0.8 * 35 is a place
    expected = std::max(expected, of_step[28]);
  }
  const auto found = learn::SpikeNorm{.timesteps = steps, .percentile = 80.0}.scales(calibration);
  REQUIRE(found.size() == 1);
  CHECK(found[0] == Approx(expected).epsilon(1e-12));
}

TEST_CASE("A layer that nothing excites has no threshold") {
  Deep ann;
  const Eighths<input> set{3};
  const learn::Calibration<Deep, encode::Direct> calibration{ann, {}, set};
  CHECK_THROWS_WITH(learn::SpikeNorm{.timesteps = 4}.scales(calibration),
                    Catch::Contains("activation layer 0"));
}
