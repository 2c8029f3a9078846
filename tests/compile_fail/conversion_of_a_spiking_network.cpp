// expect: snnbd: an artificial network is converted, one with Relu in place of neurons, such as
// AnnTwin<Net>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/learn/conversion/convert.hpp>

using namespace snnbd;

using Net = Network<Shape{4, 4, 1}, layer::Dense<4>, layer::Spiking<neuron::If<>>, layer::Dense<2>,
                    layer::MeanOverTime>;
#if defined(SNNBD_FIXED)
using Tried = AnnTwin<Net>;
#else
using Tried = Net;
#endif

int main() {
  const Tried net;
  const data::Blobs<Shape{4, 4, 1}, 2> set{4};
  return learn::convert(net, learn::MaxNorm{}, set, encode::Direct{}).record.samples == 4 ? 0 : 1;
}
