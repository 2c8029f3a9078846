// expect: snnbd: a Qcfs takes real values; spikes have two levels
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = layer::Dropout;
#else
using Tried = layer::Qcfs<4>;
#endif

using Net =
    Network<Shape{1, 1, 4}, layer::Dense<4>, layer::Spiking<neuron::If<>>, Tried, layer::Dense<2>>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}
