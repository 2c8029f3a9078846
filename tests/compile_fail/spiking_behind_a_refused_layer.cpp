// expect: snnbd: a convolution's kernel is larger than its padded input
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = layer::Conv<2, 3>;
#else
using Tried = layer::Conv<2, 5, layer::ConvOptions{.padding = 1}>;
#endif

using Net = Network<Shape{2, 2, 1}, Tried, layer::Spiking<neuron::If<>>, layer::MaxPool<2>,
                    layer::Dense<2>, layer::MeanOverTime>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}
