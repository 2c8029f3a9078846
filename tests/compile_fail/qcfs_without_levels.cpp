// expect: snnbd: a Qcfs needs at least one level above zero
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/network.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = layer::Qcfs<1>;
#else
using Tried = layer::Qcfs<0>;
#endif

using Net = Network<Shape{1, 1, 4}, layer::Dense<4>, Tried, layer::Dense<2>>;

int main() {
  return Net::parameter_count > 0 ? 0 : 1;
}
