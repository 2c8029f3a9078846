// expect: snnbd: a BatchNorm is folded into the convolution or dense layer right before it
#include <snnbd/network/fold.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Ann = Network<Shape{4, 4, 1}, layer::Conv<4, 3>, layer::BatchNorm<>, layer::AvgPool<2>,
                    layer::Dense<2>>;
#else
using Ann = Network<Shape{4, 4, 1}, layer::Conv<4, 3>, layer::AvgPool<2>, layer::BatchNorm<>,
                    layer::Dense<2>>;
#endif

int main() {
  return Folded<Ann>::parameter_count > 0 ? 0 : 1;
}
