// expect: snnbd: what is refined behind a normalizer has one scale for each layer; leave PerChannel
// or the refinement out
#include <snnbd/data/synthetic.hpp>
#include <snnbd/learn/conversion/bias_calibrated.hpp>
#include <snnbd/learn/conversion/convert.hpp>
#include <snnbd/learn/conversion/per_channel.hpp>

using namespace snnbd;

using Net =
    Network<Shape{4, 4, 1}, layer::Conv<2, 3>, layer::Relu, layer::Dense<2>, layer::MeanOverTime>;
#if defined(SNNBD_FIXED)
using Normalizer = learn::PerChannel<learn::MaxNorm>;
#else
using Normalizer = learn::BiasCalibrated<learn::PerChannel<learn::MaxNorm>>;
#endif

int main() {
  const Net net;
  const data::Blobs<Shape{4, 4, 1}, 2> set{4};
  return learn::convert(net, Normalizer{}, set, encode::Direct{}).record.samples == 4 ? 0 : 1;
}
