// expect: snnbd: a pooling window is larger than its input
#include <snnbd/model/vgg11.hpp>

using namespace snnbd;

#if defined(SNNBD_FIXED)
constexpr Shape tried{32, 32, 1};
#else
constexpr Shape tried{31, 32, 1};
#endif

using Net = model::Vgg11<tried, 10, neuron::Lif<>, model::Options{.width_percent = 1}>;

int main() {
  const Net net;
  return net.parameters().empty() ? 1 : 0;
}
