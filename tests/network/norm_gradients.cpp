#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "probe.hpp"

namespace {

using namespace snnbd;
using snnbd_tests::Probe;

using Leaky = neuron::Lif<neuron::SoftReset, neuron::Sigmoid>;
using Smooth = neuron::Smooth<Leaky>;
constexpr layer::ConvOptions halving{.stride = 2};
constexpr layer::ConvOptions projecting{.stride = 2, .padding = 0};
constexpr layer::BatchNormOptions summed{.threshold_dependent = true, .summed = true};

/// Batch norms of static values, whose means are over samples and pixels, and of values with steps.
using Normed = BasicNetwork<double, Shape{4, 3, 2}, layer::ZeroPad<1>, layer::Conv<3, 3>,
                            layer::BatchNorm<>, layer::Spiking<Smooth>, layer::Conv<5, 3>,
                            layer::BatchNorm<layer::BatchNormOptions{.threshold_dependent = true}>,
                            layer::Spiking<Smooth>, layer::GlobalAvgPool, layer::Dense<2>,
                            layer::MeanOverTime>;

/// A block with the identity and one that halves the map, as ResNet18 has them.
using Blocks = BasicNetwork<
    double, Shape{4, 5, 2}, layer::Conv<3, 3>, layer::Spiking<Smooth>,
    layer::Residual<layer::Sequence<layer::Conv<3, 3>, layer::BatchNorm<>, layer::Spiking<Smooth>,
                                    layer::Conv<3, 3>, layer::BatchNorm<>>>,
    layer::Spiking<Smooth>,
    layer::Residual<
        layer::Sequence<layer::Conv<4, 3, halving>, layer::BatchNorm<>, layer::Spiking<Smooth>,
                        layer::Conv<4, 3>, layer::BatchNorm<summed>>,
        layer::Sequence<layer::Conv<4, 1, projecting>, layer::BatchNorm<summed>>>,
    layer::Spiking<Smooth>, layer::GlobalAvgPool, layer::Dense<2>, layer::MeanOverTime>;

/// Residuals on the input and within residuals; sums of spikes and values, of spikes and spikes, of
/// values with and without steps; dropout in every list.
template <class Neuron>
using Nested = BasicNetwork<
    double, Shape{5, 4, 3},
    layer::Residual<layer::Sequence<layer::Conv<3, 3>, layer::Spiking<Neuron>, layer::Dropout,
                                    layer::Conv<3, 3>>,
                    layer::Sequence<layer::Dropout>>,
    layer::Spiking<Neuron>, layer::ZeroPad<1>, layer::Dropout,
    layer::Residual<
        layer::Sequence<layer::Conv<4, 3, halving>, layer::Spiking<Neuron>,
                        layer::Residual<layer::Sequence<layer::Conv<4, 3>, layer::Dropout>>>,
        layer::Sequence<layer::Conv<4, 1, projecting>>>,
    layer::Spiking<Neuron>,
    layer::Residual<layer::Sequence<layer::Conv<4, 3>, layer::Spiking<Neuron>>>,
    layer::GlobalAvgPool, layer::Dense<3>, layer::MeanOverTime>;

constexpr auto lower_threshold = [](auto& neuron) { neuron.threshold = 0.375F; };

template <class Net, Signal In>
void check_differences(double scale, std::uint64_t seed) {
  Probe<Net, In> probe{{3, 2}, scale, seed};
  probe.net.for_each_layer([](auto& spec, int /*place*/) {
    if constexpr (requires { spec.theta; }) spec.theta = 1.5F;
  });
  CHECK(probe.weakest_tensor() > 1e-4);
  CHECK(probe.difference_error() < 1e-6);
}

template <Signal In>
void check_nested(std::uint64_t seed) {
  Probe<Nested<Leaky>, In> firing{{2, 3}, 0.7, seed};
  firing.net.for_each_neuron(lower_threshold);
  CHECK(firing.output_error() < 1e-12);
  CHECK(firing.weakest_tensor() > 1e-4);
  CHECK(firing.direction_error() < 1e-11);
}

}  // namespace

TEST_CASE("Gradients through batch norms of static values and of sequences are the derivatives",
          "[network]") {
  check_differences<Normed, Static<Normed::input_shape>>(0.8, 1);
  check_differences<Normed, Real<Normed::input_shape>>(0.8, 2);
}

TEST_CASE("Gradients through residual blocks with batch norms are the derivatives", "[network]") {
  check_differences<Blocks, Static<Blocks::input_shape>>(0.8, 3);
}

TEST_CASE("Residuals within residuals, of every kind of signal, have the naive network's gradients",
          "[network]") {
  check_nested<Static<Shape{5, 4, 3}>>(4);
  check_nested<Spikes<Shape{5, 4, 3}>>(5);
  Probe<Nested<Smooth>, Static<Shape{5, 4, 3}>> smooth{{2, 2}, 0.7, 6};
  CHECK(smooth.output_error() < 1e-12);
  CHECK(smooth.weakest_tensor() > 1e-4);
  CHECK(smooth.direction_error() < 1e-11);
}
