#include <catch2/catch.hpp>

#include "neuron_gradients.hpp"

TEMPLATE_LIST_TEST_CASE("Gradients of LIF neurons are the derivatives", "[network]",
                        snnbd_tests::Surrogates) {
  snnbd_tests::check_neuron<snnbd::neuron::Lif, snnbd::neuron::HardReset, TestType>();
  snnbd_tests::check_neuron<snnbd::neuron::Lif, snnbd::neuron::SoftReset, TestType>();
}
