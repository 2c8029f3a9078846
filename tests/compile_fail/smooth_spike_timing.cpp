// expect: snnbd: a surrogate of spike times has no primitive, so there is no Smooth neuron
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Slope = neuron::Sigmoid;
#else
using Slope = neuron::SpikeTiming;
#endif

using Tried = neuron::Smooth<neuron::Leaky<neuron::SoftReset, Slope>>;
using Net = Network<Shape{1, 1, 4}, layer::Dense<4>, layer::Spiking<Tried>, layer::Dense<2>>;

int main() {
  return Net::parameter_count > 0 ? 0 : 1;
}
