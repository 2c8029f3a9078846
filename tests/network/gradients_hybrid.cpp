#include <catch2/catch.hpp>

#include "neuron_gradients.hpp"

using namespace snnbd_tests;

namespace {

template <class Neuron>
void check(bool normalized) {
  ChainProbe<neuron::Smooth<Neuron>> probe{{2, 5}, 1.2, 11};
  probe.net.for_each_neuron([&](auto& neuron) {
    neuron.threshold = 0.75F;
    neuron.decay = 0.875F;
    neuron.normalize_by_threshold = normalized;
  });
  probe.net.set_neuron_parameters();
  INFO(Neuron::name << (normalized ? ", normalized" : ""));
  CHECK(probe.weakest_tensor() > 1e-4);
  // A neuron keeps its threshold in single precision: a step that it can add to it.
  CHECK(probe.difference_error(0x1p-12) < 1e-5);
}

}  // namespace

TEST_CASE("Gradients of neurons with trained thresholds and leaks are the derivatives",
          "[network]") {
  for (const bool normalized : {false, true}) {
    check<neuron::Diet<neuron::SoftReset, neuron::Sigmoid>>(normalized);
    check<neuron::Diet<neuron::HardReset, neuron::Arctangent>>(normalized);
    check<neuron::Delayed<neuron::Diet<neuron::SoftReset, neuron::Sigmoid>>>(normalized);
    check<neuron::Leaky<neuron::SoftReset, neuron::GaussianCdf>>(normalized);
  }
}
