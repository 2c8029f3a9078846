// expect: snnbd: a Voting's units must divide the number of channels before it
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = layer::Voting<5>;
#else
using Tried = layer::Voting<4>;
#endif

using Net = Network<Shape{2, 2, 1}, layer::Dense<10>, Tried>;

int main() {
  const Net net;
  Pass<Net, Static<Net::input_shape>> pass{{1, 2}, true};
  float image[64 + spare_values] = {};
  return pass.forward(net, {image, {1, 1}, Net::input_shape}).extent.steps == 0 ? 1 : 0;
}
