// expect: snnbd: an AnnTwin has the parameters of its network, and a rectifier has none
#include <snnbd/network/twin.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
using Cell = neuron::Lif<>;
#else
using Cell = neuron::Plif<>;
#endif

using Net = Network<Shape{4, 4, 1}, layer::Conv<4, 3>, layer::Spiking<Cell>, layer::Dense<2>>;

int main() {
  return AnnTwin<Net>::parameter_count > 0 ? 0 : 1;
}
