#include <algorithm>
#include <cmath>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>

namespace {

using namespace snnbd;
using network::Initialization;
using Neuron = neuron::Lif<neuron::SoftReset, neuron::Sigmoid>;
using Trained = neuron::Plif<neuron::SoftReset, neuron::Sigmoid>;
using Net =
    Network<Shape{8, 8, 8}, layer::Conv<64, 3, layer::ConvOptions{.bias = true}>,
            layer::Spiking<Neuron>, layer::MaxPool<2>, layer::Conv<64, 3>, layer::Relu,
            layer::Dense<40>, layer::Spiking<Trained>, layer::Dense<40>, layer::MeanOverTime>;

struct Moments {
  double mean = 0.0;
  double deviation = 0.0;
  double kurtosis = 0.0;
  double largest = 0.0;
  double count = 0.0;
};

std::span<const float> tensor_of(const Net& net, std::size_t number) {
  const auto tensor = Net::tensors()[number];
  return net.parameters().subspan(static_cast<std::size_t>(tensor.offset),
                                  static_cast<std::size_t>(tensor.parameter.size()));
}

Moments moments(const Net& net, std::size_t number) {
  const auto values = tensor_of(net, number);
  Moments result;
  result.count = static_cast<double>(values.size());
  for (const float value : values) {
    result.mean += static_cast<double>(value) / result.count;
    result.largest = std::max(result.largest, std::abs(static_cast<double>(value)));
  }
  double fourth = 0.0;
  for (const float value : values) {
    const double distance = static_cast<double>(value) - result.mean;
    result.deviation += distance * distance / result.count;
    fourth += std::pow(distance, 4) / result.count;
  }
  result.kurtosis = fourth / (result.deviation * result.deviation);
  result.deviation = std::sqrt(result.deviation);
  return result;
}

// Tensors: 0.weight, 0.bias, 3.weight, 5.weight, 6.w, 7.weight.
constexpr std::size_t bias = 1;
constexpr std::size_t own = 4;
struct Weight {
  std::size_t number;
  double fan_in;
  double neuron_gain;  ///< of the neurons behind it
};
const std::vector<Weight> weights{
    {0, 72, 0.5}, {2, 576, 1.0 / 3}, {3, 1024, 1.0 / 3}, {5, 40, 1.0}};

Net made(std::uint64_t seed, Initialization kind) {
  Net net;
  net.layer<6>().neuron.tau = 3.0F;
  network::initialize(net, seed, kind);
  return net;
}

}  // namespace

TEST_CASE("Kaiming weights have the deviation that the inputs and the neurons ask for",
          "[network]") {
  const Net normal = made(1, Initialization::kaiming_normal);
  const Net uniform = made(1, Initialization::kaiming_uniform);
  for (const Weight& weight : weights) {
    CAPTURE(weight.number);
    const double expected = std::sqrt(2.0 / weight.fan_in) / weight.neuron_gain;
    const Moments of_normal = moments(normal, weight.number);
    // Five standard errors: those of the mean, of the deviation and of the kurtosis.
    const double error = 5.0 / std::sqrt(of_normal.count);
    CHECK(std::abs(of_normal.mean) < error * expected);
    CHECK(std::abs(of_normal.deviation / expected - 1.0) < error / std::sqrt(2.0));
    CHECK(std::abs(of_normal.kurtosis - 3.0) < error * std::sqrt(24.0));
    const Moments of_uniform = moments(uniform, weight.number);
    CHECK(std::abs(of_uniform.mean) < error * expected);
    CHECK(std::abs(of_uniform.deviation / expected - 1.0) < error * std::sqrt(0.2));
    CHECK(of_uniform.largest <= expected * std::sqrt(3.0) * (1.0 + 1e-6));
    CHECK(of_uniform.largest > expected * std::sqrt(3.0) * 0.98);
  }
  for (const Net* net : {&normal, &uniform})
    for (const float value : tensor_of(*net, bias)) CHECK(value == 0.0F);
}

TEST_CASE("PyTorch's default is uniform up to one over the root of the inputs, biases too",
          "[network]") {
  const Net net = made(1, Initialization::pytorch_default);
  for (const Weight& weight : weights) {
    const double bound = 1.0 / std::sqrt(weight.fan_in);
    const Moments found = moments(net, weight.number);
    CHECK(found.largest <= bound * (1.0 + 1e-6));
    CHECK(found.largest > 0.98 * bound);
    CHECK(std::abs(found.deviation * std::sqrt(3.0) / bound - 1.0) <
          5.0 / std::sqrt(5.0 * found.count));
  }
  const Moments of_bias = moments(net, bias);
  CHECK(of_bias.largest <= (1.0 + 1e-6) / std::sqrt(72.0));
  CHECK(of_bias.largest > 0.8 / std::sqrt(72.0));
}

TEST_CASE("Neurons' own parameters start where their settings say", "[network]") {
  for (const auto kind : {Initialization::kaiming_normal, Initialization::pytorch_default})
    CHECK(tensor_of(made(1, kind), own)[0] == Approx(-std::log(2.0)));
}

TEST_CASE("The same seed gives the same network, another seed another one", "[network]") {
  const auto values = [](std::uint64_t seed) {
    const Net net = made(seed, Initialization::kaiming_normal);
    return std::vector<float>(net.parameters().begin(), net.parameters().end());
  };
  CHECK(values(7) == values(7));
  const auto one = values(7);
  const auto other = values(8);
  std::size_t equal = 0;
  for (std::size_t i = 0; i < one.size(); ++i) equal += one[i] == other[i] ? 1U : 0U;
  CHECK(equal < 64 + one.size() / 1000);  // the biases are all zero
}

TEST_CASE("Tensors do not share their numbers", "[network]") {
  const Net net = made(1, Initialization::kaiming_normal);
  const auto first = tensor_of(net, 2);
  const auto second = tensor_of(net, 3);
  double product = 0.0;
  for (std::size_t i = 0; i < first.size(); ++i)
    product += static_cast<double>(first[i]) * static_cast<double>(second[i]);
  const double scale = moments(net, 2).deviation * moments(net, 3).deviation;
  CHECK(std::abs(product / scale) < 5.0 * std::sqrt(static_cast<double>(first.size())));

  // A tensor's numbers do not depend on the layers behind it, only on its own place.
  using Short = Network<Shape{8, 8, 8}, layer::Conv<64, 3, layer::ConvOptions{.bias = true}>,
                        layer::Spiking<Neuron>>;
  Short alone;
  network::initialize(alone, 1);
  CHECK(std::equal(alone.parameters().begin(), alone.parameters().end(), net.parameters().begin()));
}

namespace {

using Block =
    layer::Residual<layer::Sequence<layer::Conv<20, 3>, layer::BatchNorm<>, layer::Spiking<Trained>,
                                    layer::Conv<20, 3>, layer::BatchNorm<>>,
                    layer::Sequence<layer::Conv<20, 1>>>;
using Deep = Network<Shape{8, 8, 8}, layer::Conv<20, 3>, Block, layer::Spiking<Neuron>,
                     layer::Dense<10>, layer::MeanOverTime>;

}  // namespace

TEST_CASE("Weights within a residual know the neurons behind them", "[network]") {
  Deep net;
  net.layer<1>().branch.layer<2>().neuron.tau = 3.0F;
  net.layer<2>().neuron.tau = 4.0F;
  const std::vector<double> gains = net.gains_behind();
  // conv, residual, its branch of five, its shortcut of one, neurons, dense, readout.
  const std::vector<double> taus{3, 4, 3, 3, 4, 4, 4, 4, 1, 1, 1};
  REQUIRE(gains.size() == taus.size());
  for (std::size_t i = 0; i < taus.size(); ++i) {
    CAPTURE(i);
    CHECK(gains[i] == Approx(1.0 / taus[i]));
  }
  network::initialize(net, 1);
  for (const auto& tensor : Deep::tensors()) {
    CAPTURE(tensor.name());
    const auto values = net.parameters().subspan(static_cast<std::size_t>(tensor.offset),
                                                 static_cast<std::size_t>(tensor.parameter.size()));
    if (tensor.parameter.name == "branch.2.w") CHECK(values[0] == Approx(-std::log(2.0)));
    if (tensor.parameter.kind != layer::ParameterKind::conv_weight) continue;
    double square = 0.0;
    for (const float value : values)
      square += static_cast<double>(value) * static_cast<double>(value);
    const double found = std::sqrt(square / static_cast<double>(values.size()));
    const double expected = std::sqrt(2.0 / static_cast<double>(tensor.parameter.fan_in())) *
                            taus[static_cast<std::size_t>(tensor.place)];
    CHECK(std::abs(found / expected - 1.0) <
          5.0 / std::sqrt(2.0 * static_cast<double>(values.size())));
  }
}

TEST_CASE("Batch norms start as the identity, before and after initializing", "[network]") {
  const auto check = [](const Deep& net) {
    for (const auto& tensor : Deep::tensors()) {
      const auto kind = tensor.parameter.kind;
      if (kind != layer::ParameterKind::norm && kind != layer::ParameterKind::statistic) continue;
      const std::string name{tensor.parameter.name.substr(9)};
      const float expected = name == "weight" || name == "running_var" ? 1.0F : 0.0F;
      for (Index i = 0; i < tensor.parameter.size(); ++i)
        CHECK(net.parameters()[static_cast<std::size_t>(tensor.offset + i)] == expected);
    }
  };
  check(Deep{});
  for (const auto kind : {Initialization::kaiming_normal, Initialization::pytorch_default}) {
    Deep net;
    for (float& value : net.parameters()) value = 7.0F;
    network::initialize(net, 1, kind);
    check(net);
  }
}
