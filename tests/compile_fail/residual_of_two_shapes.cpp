// expect: snnbd: a Residual's branch and shortcut must give the same shape
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

using Branch = layer::Sequence<layer::Conv<6, 3, layer::ConvOptions{.stride = 2}>>;
#if defined(SNNBD_FIXED)
using Shortcut = layer::Sequence<layer::Conv<6, 1, layer::ConvOptions{.stride = 2}>>;
#else
using Shortcut = layer::Sequence<>;
#endif

using Net = Network<Shape{4, 4, 3}, layer::Residual<Branch, Shortcut>, layer::Dense<2>>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}
