// expect: snnbd: spiking neurons take currents
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

using Neurons = layer::Spiking<neuron::If<>>;
#if defined(SNNBD_FIXED)
using Branch = layer::Sequence<layer::Conv<6, 3>, Neurons, layer::Conv<3, 3>>;
#else
using Branch = layer::Sequence<layer::Conv<6, 3>, Neurons, Neurons>;
#endif

using Net = Network<Shape{4, 4, 3}, layer::Residual<Branch>, layer::Dense<2>>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}
