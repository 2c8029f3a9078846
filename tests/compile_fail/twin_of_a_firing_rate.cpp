// expect: snnbd: an artificial network has no firing rate to read out
#include <snnbd/network/twin.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Net = Network<Shape{4, 4, 1}, layer::Dense<4>, layer::Spiking<neuron::If<>>, layer::Dense<2>,
                    layer::MeanOverTime>;
#else
using Net = Network<Shape{4, 4, 1}, layer::Dense<4>, layer::Spiking<neuron::If<>>, layer::Dense<2>,
                    layer::Spiking<neuron::If<>>, layer::SpikeRate>;
#endif

int main() {
  return AnnTwin<Net>::parameter_count > 0 ? 0 : 1;
}
