#include <catch2/catch.hpp>

#include "neuron_gradients.hpp"

TEMPLATE_LIST_TEST_CASE("Gradients with the surrogates of the toolkits are the derivatives",
                        "[network]", snnbd_tests::MoreSurrogates) {
  snnbd_tests::check_neuron<snnbd::neuron::Lif, snnbd::neuron::SoftReset, TestType>();
  snnbd_tests::check_neuron<snnbd::neuron::If, snnbd::neuron::HardReset, TestType>();
}
