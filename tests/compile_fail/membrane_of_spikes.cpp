// expect: snnbd: AccumulatedMembrane takes the currents of a sequence
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = layer::SpikeRate;
#else
using Tried = layer::AccumulatedMembrane;
#endif

using Net = Network<Shape{1, 1, 4}, layer::Dense<4>, layer::Spiking<neuron::If<>>, Tried>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}
