#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/model.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/network.hpp>

namespace snnbd_tests {

using TinyCell = snnbd::neuron::Lif<snnbd::neuron::SoftReset>;

/// A convolution with a batch norm, a hidden dense layer with a bias, and three classes.
using TinyNet =
    snnbd::Network<snnbd::Shape{4, 4, 1}, snnbd::layer::Conv<6, 3>, snnbd::layer::BatchNorm<>,
                   snnbd::layer::Spiking<TinyCell>, snnbd::layer::AvgPool<2>,
                   snnbd::layer::Dense<5, snnbd::layer::DenseOptions{true}>,
                   snnbd::layer::Spiking<TinyCell>, snnbd::layer::Dense<3>,
                   snnbd::layer::MeanOverTime>;

/// Initial weights that are large enough for everything to fire.
template <class Net = TinyNet>
Net lively(std::uint64_t seed = 3) {
  Net net;
  snnbd::network::initialize(net, seed);
  for (const auto& tensor : Net::tensors())
    if (tensor.rank() == 4)
      for (snnbd::Index i = 0; i < tensor.parameter.size(); ++i)
        net.parameters()[static_cast<std::size_t>(tensor.offset + i)] *= 2;
  return net;
}

using TinySet = snnbd::data::Blobs<snnbd::Shape{4, 4, 1}, 3>;

/// A network as a repair is given it, four steps long.
template <class Net>
struct Given {
  Net net;
  snnbd::encode::Direct encoding{};

  [[nodiscard]] auto subject() const {
    return snnbd::defend::Subject<Net, snnbd::encode::Direct, snnbd::learn::NoOrigin>{net, encoding,
                                                                                      4};
  }
};

/// Keeps the strengths of a path.
struct Strengths {
  std::vector<double>& seen;
  template <class Net>
  void operator()(const Net& /*net*/, double strength) const {
    seen.push_back(strength);
  }
};

template <class Net>
bool same(const Net& left, const Net& right) {
  return std::ranges::equal(left.parameters(), right.parameters());
}

}  // namespace snnbd_tests
