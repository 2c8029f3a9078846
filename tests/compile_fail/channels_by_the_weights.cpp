// expect: snnbd: PerChannel takes a normalizer that looks at activations alone, such as MaxNorm or
// RobustNorm
#include <snnbd/data/synthetic.hpp>
#include <snnbd/learn/conversion/convert.hpp>
#include <snnbd/learn/conversion/model_norm.hpp>
#include <snnbd/learn/conversion/per_channel.hpp>

using namespace snnbd;

using Net =
    Network<Shape{4, 4, 1}, layer::Conv<2, 3>, layer::Relu, layer::Dense<2>, layer::MeanOverTime>;
#if defined(SNNBD_FIXED)
using Base = learn::RobustNorm;
#else
using Base = learn::ModelNorm;
#endif

int main() {
  const Net net;
  const data::Blobs<Shape{4, 4, 1}, 2> set{4};
  const learn::PerChannel<Base> normalizer;
  return learn::convert(net, normalizer, set, encode::Direct{}).record.samples == 4 ? 0 : 1;
}
