// expect: snnbd: SpikeNorm does not know how this stage makes the currents of its neurons
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/conversion/spike_norm.hpp>

using namespace snnbd;

using In = Static<Shape{1, 1, 4}>;
using Neuron = layer::Spiking<neuron::If<>>;
#if defined(SNNBD_FIXED)
using List = layer::Stages<float, In, layer::Dense<4>, Neuron>;
#else
using List = layer::Stages<float, In, layer::Dense<4>, layer::BatchNorm<>, Neuron>;
#endif

int main() {
  return learn::detail::fires_from<List>() ? 0 : 1;
}
