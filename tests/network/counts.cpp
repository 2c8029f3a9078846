#include "../kernels/counts.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

/// Networks that see frames of counts.
namespace {

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using reference::at;

constexpr Shape frame{5, 4, 2};
constexpr Extent extent{2, 3};

template <class Scalar, class... Specs>
using Net = BasicNetwork<Scalar, frame, Specs...>;

/// What a pass gives and what it carries back, of a sum of the outputs with coefficients.
template <class Scalar>
struct Ran {
  std::vector<Scalar> outputs;
  std::vector<Scalar> gradient;

  bool operator==(const Ran&) const = default;
};

template <template <Shape> class Kind, class Some>
Ran<typename Some::ScalarType> run(const Some& net,
                                   const std::vector<typename Some::ScalarType>& values) {
  using Scalar = typename Some::ScalarType;
  Pass<Some, Kind<frame>> pass{extent, true};
  const auto out = pass.forward(net, {values.data(), extent, frame}, {.training = true, .seed = 4});
  Ran<Scalar> result{{out.data, out.data + out.size()},
                     std::vector<Scalar>(at(Some::parameter_count))};
  auto slopes = reference::noise<Scalar>(out.size(), 9);
  slopes.resize(at(out.size()));
  pass.backward(net, slopes, result.gradient);
  return result;
}

template <class Some>
void draw_parameters(Some& net) {
  using Scalar = typename Some::ScalarType;
  const auto drawn = reference::noise<Scalar>(Some::parameter_count, 3);
  std::copy_n(drawn.begin(), Some::parameter_count, net.parameters().begin());
  net.set_neuron_parameters();
}

template <class Some>
void check_same() {
  Some net;
  draw_parameters(net);
  for (const double share : {0.0, 0.1, 1.0}) {
    const auto values =
        reference::counts<typename Some::ScalarType>(extent.frames() * frame.size(), share, 5);
    const auto of_counts = run<Counts>(net, values);
    CAPTURE(share);
    CHECK((of_counts == run<Real>(net, values)));
  }
}

template <class Some>
void check_differences() {
  Some net;
  draw_parameters(net);
  const auto values = reference::counts<double>(extent.frames() * frame.size(), 0.1, 5);
  const auto slopes = reference::noise<double>(extent.samples * 3, 9);
  const std::vector<double> gradient = run<Counts>(net, values).gradient;
  Pass<Some, Counts<frame>> pass{extent, true};
  const auto loss = [&] {
    const auto out = pass.forward(net, {values.data(), extent, frame}, {.training = true});
    double sum = 0.0;
    for (Index i = 0; i < out.size(); ++i) sum += out.data[i] * slopes[at(i)];
    return sum;
  };
  double largest = 0.0;
  double error = 0.0;
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    constexpr double step = 1e-5;
    double& parameter = net.parameters()[i];
    const double before = parameter;
    parameter = before + step;
    const double above = loss();
    parameter = before - step;
    const double below = loss();
    parameter = before;
    largest = std::max(largest, std::abs(gradient[i]));
    error = std::max(error, std::abs((above - below) / (2.0 * step) - gradient[i]));
  }
  CHECK(largest > 0.1);
  CHECK(error < 1e-6 * largest);
}

using Spiking = layer::Spiking<neuron::Lif<>>;

}  // namespace

TEST_CASE("A network on counts gives the bits that it gives on real values", "[network]") {
  check_same<Net<float, layer::Conv<5, 3>, Spiking, layer::MaxPool<2>, layer::Dropout,
                 layer::Dense<3>, layer::MeanOverTime>>();
  check_same<Net<float, layer::MaxPool<2>, layer::Conv<5, 2, layer::ConvOptions{.bias = true}>,
                 layer::BatchNorm<>, Spiking, layer::Dense<6>, Spiking, layer::Voting<2>,
                 layer::SpikeRate>>();
  check_same<Net<double, layer::Dense<7, layer::DenseOptions{.bias = true}>, Spiking,
                 layer::Dense<3>, layer::MeanOverTime>>();
}

TEST_CASE("The gradients of a network on counts are its central differences", "[network]") {
  check_differences<Net<double, layer::Conv<3, 3, layer::ConvOptions{.stride = 2, .bias = true}>,
                        layer::Relu, layer::Dense<3>, layer::MeanOverTime>>();
  check_differences<
      Net<double, layer::Dense<4>, layer::Relu, layer::Dense<3>, layer::MeanOverTime>>();
}
