#pragma once

#include <tuple>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "probe.hpp"

namespace snnbd_tests {

namespace layer = snnbd::layer;
namespace neuron = snnbd::neuron;
using snnbd::Shape;

/// The first layer of neurons has static currents, the second one currents that change.
template <class Neuron>
using Chain = snnbd::BasicNetwork<double, Shape{1, 1, 3}, layer::Dense<5>, layer::Spiking<Neuron>,
                                  layer::Dense<4>, layer::Spiking<Neuron>, layer::Dense<2>,
                                  layer::MeanOverTime>;
template <class Neuron>
using ChainProbe = Probe<Chain<Neuron>, snnbd::Static<Shape{1, 1, 3}>>;

using Surrogates =
    std::tuple<neuron::Rectangular, neuron::Polynomial, neuron::Sigmoid, neuron::GaussianCdf,
               neuron::Arctangent, neuron::FastSigmoid, neuron::Triangle>;

/// Those that toolkits have beside them.
using MoreSurrogates =
    std::tuple<neuron::PiecewiseExponential, neuron::SoftSign, neuron::SuperSpike,
               neuron::QPseudoSpike, neuron::PiecewiseLeakyRelu, neuron::S2nn,
               neuron::NonzeroSignLogAbs>;

/// Settings away from their defaults, so that one that is left out shows.
template <class Neuron>
void settle(Neuron& neuron, bool detached, bool decay_input, bool normalized) {
  neuron.threshold = 0.75F;
  neuron.normalize_by_threshold = normalized;
  neuron.reset.detached = detached;
  if constexpr (requires { neuron.reset.value; }) neuron.reset.value = -0.25F;
  if constexpr (requires { neuron.tau; }) {
    neuron.tau = 1.7F;
    neuron.decay_input = decay_input;
  }
  auto& surrogate = neuron.surrogate;
  if constexpr (requires { surrogate.steepness; }) surrogate.steepness = 3.0F;
  if constexpr (requires { surrogate.width; }) surrogate.width = 3.0F;
  if constexpr (requires { surrogate.a; }) surrogate.a = 0.5F;
  if constexpr (requires { surrogate.variance; }) surrogate.variance = 0.7F;
  if constexpr (requires { surrogate.leak; }) surrogate.leak = 0.125F;
  if constexpr (requires { surrogate.alpha; }) surrogate.alpha = 3.0F;
}

template <template <class, class> class Model, class Reset, class Surrogate>
void check_neuron() {
  using Neuron = Model<Reset, Surrogate>;
  const bool leaky = requires(Neuron neuron) {
    neuron.tau;
  };
  for (const bool decay_input : {true, false}) {
    if (!decay_input && !leaky) continue;
    for (const bool detached : {false, true}) {
      const bool normalized = decay_input == detached;
      const auto change = [&](auto& neuron) { settle(neuron, detached, decay_input, normalized); };
      INFO(Neuron::name << ", " << Reset::name << ", " << Surrogate::name
                        << (detached ? ", detached" : "") << (decay_input ? "" : ", input whole"));

      ChainProbe<neuron::Smooth<Neuron>> smooth{{2, 4}, 1.2, 11};
      smooth.net.for_each_neuron(change);
      smooth.net.set_neuron_parameters();
      CHECK(smooth.output_error() < 1e-13);
      CHECK(smooth.weakest_tensor() > 1e-4);
      CHECK(smooth.reference_error() < 1e-12);
      if (!detached) CHECK(smooth.difference_error() < 1e-6);

      ChainProbe<Neuron> firing{{2, 4}, 1.2, 11};
      firing.net.for_each_neuron(change);
      firing.net.set_neuron_parameters();
      CHECK(firing.output_error() < 1e-13);
      CHECK(firing.weakest_tensor() > 1e-4);
      CHECK(firing.reference_error() < 1e-12);
    }
  }
}

}  // namespace snnbd_tests
