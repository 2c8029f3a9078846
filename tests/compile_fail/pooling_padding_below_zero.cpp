// expect: snnbd: a pooling's padding must be from 0 to half of its window
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = layer::MaxPool<2, 2, 1>;
#else
using Tried = layer::MaxPool<2, 2, -1>;
#endif

using Net = Network<Shape{4, 3, 1}, layer::Conv<2, 3>, layer::Spiking<neuron::If<>>, Tried,
                    layer::Dense<2>>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}
