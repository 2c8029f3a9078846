// expect: snnbd: a MaxPool cannot be converted, as the largest of spikes is not the largest of
// rates; use an AvgPool
#include <snnbd/network/twin.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Tried = layer::AvgPool<2>;
#else
using Tried = layer::MaxPool<2>;
#endif

using Ann = Network<Shape{4, 4, 1}, layer::Conv<4, 3>, layer::Relu, Tried, layer::Dense<2>>;

int main() {
  return Converted<Ann>::parameter_count == Ann::parameter_count ? 0 : 1;
}
