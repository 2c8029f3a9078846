#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <tuple>
#include <vector>

#include <snnbd/core/random.hpp>
#include <snnbd/layer/stage.hpp>

#include "probe.hpp"

namespace snnbd_tests {

/// Layers run one by one, each with all it gives in memory: what stages that join them must equal.
template <class Scalar, snnbd::Signal In, class... Specs>
class OneByOne {
 public:
  OneByOne(snnbd::Extent /*extent*/, snnbd::layer::PassOptions /*mode*/) {}
  auto forward(const snnbd::ConstViewOf<In, Scalar>& in, const Scalar* /*parameters*/) {
    return in;
  }
  std::vector<Scalar> backward(const std::vector<Scalar>& output_gradient,
                               const Scalar* /*parameters*/, Scalar* /*gradient*/) {
    return output_gradient;
  }
};

template <class Scalar, snnbd::Signal In, class First, class... Rest>
class OneByOne<Scalar, In, First, Rest...> {
 public:
  OneByOne(snnbd::Extent extent, snnbd::layer::PassOptions options, const First& first,
           const Rest&... rest)
      : probe_{first, extent, options}, rest_{extent, options, rest...} {}

  auto forward(const snnbd::ConstViewOf<In, Scalar>& in, const Scalar* parameters) {
    in_ = in;
    return rest_.forward(probe_.forward(in, parameters), parameters + count);
  }

  /// @param output_gradient with spare values behind it, as the result has them
  std::vector<Scalar> backward(const std::vector<Scalar>& output_gradient, const Scalar* parameters,
                               Scalar* gradient) {
    const auto behind = rest_.backward(output_gradient, parameters + count, gradient + count);
    auto result = probe_.backward(in_, behind, parameters, gradient);
    result.resize(result.size() + snnbd::spare_values);
    return result;
  }

 private:
  using Bound = typename First::template Bound<In, Scalar>;
  static constexpr snnbd::Index count = snnbd::layer::parameter_total(Bound::parameters);

  LayerProbe<First, In, Scalar> probe_;
  OneByOne<Scalar, typename Bound::Output, Rest...> rest_;
  snnbd::ConstViewOf<In, Scalar> in_{};
};

/// Of the layers of a tuple.
template <class Scalar, snnbd::Signal In, class... Specs>
OneByOne<Scalar, In, Specs...> one_by_one(const std::tuple<Specs...>& specs, snnbd::Extent extent,
                                          snnbd::layer::PassOptions options) {
  return std::apply(
      [&](const auto&... spec) {
        return OneByOne<Scalar, In, Specs...>{extent, options, spec...};
      },
      specs);
}

/// Gives a network parameters with which its neurons fire.
template <class Net>
void fill_parameters(Net& net, std::uint64_t seed) {
  using Scalar = typename Net::ScalarType;
  snnbd::random::Stream stream{seed, snnbd::random::Purpose::synthetic};
  for (Scalar& value : net.parameters()) value = static_cast<Scalar>(stream.uniform() - 0.4F);
  for (const auto& tensor : Net::tensors()) {
    if (tensor.parameter.kind != snnbd::layer::ParameterKind::norm &&
        tensor.parameter.kind != snnbd::layer::ParameterKind::statistic)
      continue;
    const auto values = net.parameters().subspan(static_cast<std::size_t>(tensor.offset),
                                                 static_cast<std::size_t>(tensor.parameter.size()));
    for (Scalar& value : values) value += static_cast<Scalar>(0.7F + tensor.parameter.initial);
  }
  net.set_neuron_parameters();
}

/// Whether two lists of gradients are the same but for rounding, which compilers may contract
/// otherwise where loops are joined.
template <class Scalar>
bool close(const std::vector<Scalar>& a, const std::vector<Scalar>& b) {
  const std::vector<double> expected(b.begin(), b.end());
  double largest = 0.0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  return a.size() == b.size() && largest > 0.0 &&
         reference::differences(
             a, expected,
             64 * static_cast<double>(std::numeric_limits<Scalar>::epsilon()) * largest) == 0;
}

/// The same, and whether running moments are to go to the same values to the last bit.
template <class Net, class Scalar>
bool agree(const std::vector<Scalar>& a, const std::vector<Scalar>& b) {
  bool same = close(a, b);
  for (const auto& tensor : Net::tensors()) {
    if (tensor.parameter.kind == snnbd::layer::ParameterKind::statistic)
      same = same && std::equal(a.begin() + tensor.offset,
                                a.begin() + tensor.offset + tensor.parameter.size(),
                                b.begin() + tensor.offset);
  }
  return same;
}

}  // namespace snnbd_tests
