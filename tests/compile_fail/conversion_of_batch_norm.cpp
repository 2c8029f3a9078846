// expect: snnbd: a BatchNorm cannot be converted as it is; convert the Folded network
#include <snnbd/network/fold.hpp>
#include <snnbd/network/twin.hpp>

using namespace snnbd;

using Ann =
    Network<Shape{4, 4, 1}, layer::Conv<4, 3>, layer::BatchNorm<>, layer::Relu, layer::Dense<2>>;

#if defined(SNNBD_FIXED)
using Tried = Folded<Ann>;
#else
using Tried = Ann;
#endif

int main() {
  return Converted<Tried>::parameter_count == Tried::parameter_count ? 0 : 1;
}
