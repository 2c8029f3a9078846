// expect: snnbd: a Delayed neuron resets by subtraction; give it SoftReset
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = neuron::Delayed<neuron::Leaky<neuron::SoftReset>>;
#else
using Tried = neuron::Delayed<neuron::Leaky<neuron::HardReset>>;
#endif

using Net = Network<Shape{1, 1, 4}, layer::Dense<4>, layer::Spiking<Tried>, layer::Dense<2>>;

int main() {
  return Net::parameter_count > 0 ? 0 : 1;
}
