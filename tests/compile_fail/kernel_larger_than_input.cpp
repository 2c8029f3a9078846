// expect: snnbd: a convolution's kernel is larger than its padded input
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = layer::Conv<2, 6, layer::ConvOptions{.padding = 1}>;
#else
using Tried = layer::Conv<2, 7, layer::ConvOptions{.padding = 1}>;
#endif

using Net = Network<Shape{4, 4, 1}, Tried, layer::Relu, layer::Dense<2>>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}
