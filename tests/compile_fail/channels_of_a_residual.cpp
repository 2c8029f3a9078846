// expect: snnbd: what a residual adds must have one unit; its channels cannot have scales of their
// own, so leave PerChannel out
#include <snnbd/data/synthetic.hpp>
#include <snnbd/learn/conversion/convert.hpp>
#include <snnbd/learn/conversion/per_channel.hpp>

using namespace snnbd;

using Block = layer::Residual<layer::Sequence<layer::Conv<2, 3>, layer::Relu, layer::Conv<2, 3>>>;
#if defined(SNNBD_FIXED)
using Middle = layer::Conv<2, 3>;
#else
using Middle = Block;
#endif
using Net = Network<Shape{4, 4, 1}, layer::Conv<2, 3>, layer::Relu, Middle, layer::Relu,
                    layer::Dense<2>, layer::MeanOverTime>;

int main() {
  const Net net;
  const data::Blobs<Shape{4, 4, 1}, 2> set{4};
  const learn::PerChannel<learn::MaxNorm> normalizer;
  return learn::convert(net, normalizer, set, encode::Direct{}).record.samples == 4 ? 0 : 1;
}
