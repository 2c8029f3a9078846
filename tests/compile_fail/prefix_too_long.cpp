// expect: snnbd: a prefix of a network has from one to all of its layers
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/prefix.hpp>

using namespace snnbd;
using Net = Network<Shape{4, 4, 1}, layer::Conv<2, 3>, layer::Relu, layer::Dense<2>>;

#if defined(SNNBD_FIXED)
using Part = network::Prefix<Net, 2>;
#else
using Part = network::Prefix<Net, 4>;
#endif

int main() {
  return Part{}.parameters().empty() ? 1 : 0;
}
