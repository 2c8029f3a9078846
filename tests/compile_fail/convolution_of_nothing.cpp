// expect: snnbd: a convolution needs at least one channel, kernel and stride 1
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = layer::Conv<2, 3, layer::ConvOptions{.stride = 1}>;
#else
using Tried = layer::Conv<2, 3, layer::ConvOptions{.stride = 0}>;
#endif

using Net = Network<Shape{4, 4, 1}, Tried, layer::Relu, layer::Dense<2>>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}
