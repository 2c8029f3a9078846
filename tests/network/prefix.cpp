#include <algorithm>
#include <numeric>
#include <span>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/network/prefix.hpp>

using namespace snnbd;

namespace {

using Cell = neuron::Lif<neuron::SoftReset>;
template <class Scalar, class Unit>
using NetOf = BasicNetwork<Scalar, Shape{4, 4, 2}, layer::Conv<3, 3>, layer::BatchNorm<>, Unit,
                           layer::Conv<4, 3, layer::ConvOptions{.bias = true}>, Unit,
                           layer::MaxPool<2>, layer::Dense<2>, layer::MeanOverTime>;
using Spiking = NetOf<float, layer::Spiking<Cell>>;
using Rectified = NetOf<double, layer::Relu>;

template <class Net>
Net random_net() {
  using Scalar = typename Net::ScalarType;
  Net net;
  network::initialize(net, 7);
  for (std::size_t i = 0; i < net.parameters().size(); ++i)
    net.parameters()[i] = 2 * net.parameters()[i] + static_cast<Scalar>(i % 11) / 100;
  return net;
}

template <class Scalar>
std::vector<Scalar> images(std::size_t samples) {
  std::vector<Scalar> values(samples * 32);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<Scalar>((i * 5) % 17) / 8;
  return values;
}

}  // namespace

TEST_CASE("a prefix fires as the network that it is the beginning of", "[network]") {
  Spiking net = random_net<Spiking>();
  net.layer<2>().neuron.threshold = 0.75;
  const auto part = network::prefix_of<5>(net);
  static_assert(std::is_same_v<network::Prefix<Spiking, 1>,
                               BasicNetwork<float, Shape{4, 4, 2}, layer::Conv<3, 3>>>);
  CHECK(part.layer<2>().neuron.threshold == 0.75);
  CHECK(std::ranges::equal(part.parameters(),
                           std::span{net.parameters()}.first(part.parameters().size())));
  const Extent extent{3, 6};
  const auto in = images<float>(3);
  const RealView<const float> view{in.data(), {3, 1}, Spiking::input_shape};
  PassOf<Spiking> whole{extent, false};
  whole.forward(net, view);
  PassOf<network::Prefix<Spiking, 5>> beginning{extent, false};
  const auto fired = beginning.forward(part, view);
  int number = 0;
  whole.for_each_firing([&](const auto& spikes) {
    if (++number < 2) return;
    REQUIRE(spikes.size() == fired.size());
    CHECK(std::equal(spikes.words, spikes.words + spikes.size(), fired.words));
    CHECK(
        std::any_of(fired.words, fired.words + fired.size(), [](Word word) { return word != 0; }));
  });
  CHECK(number == 2);
}

TEST_CASE("a prefix gives the first part of the network's gradient", "[network]") {
  Rectified net = random_net<Rectified>();
  const auto in = images<double>(2);
  using Part = network::Prefix<Rectified, 5>;
  constexpr auto units = static_cast<std::size_t>(2 * Part::output_shape.size());
  std::vector<double> slopes(units);
  for (std::size_t i = 0; i < units; ++i) slopes[i] = static_cast<double>(i % 7) - 3.0;
  const auto loss = [&](std::vector<double>* gradient) {
    const Part part = network::prefix_of<5>(net);
    PassOf<Part> pass{{2, 3}, true};
    const auto out = pass.forward(part, {in.data(), {2, 1}, Rectified::input_shape},
                                  {.training = true, .share = 0.0});
    if (gradient != nullptr)
      pass.backward(part, slopes, std::span{*gradient}.first(Part::parameter_count));
    return std::inner_product(slopes.begin(), slopes.end(), out.data, 0.0);
  };
  std::vector<double> gradient(static_cast<std::size_t>(Rectified::parameter_count));
  loss(&gradient);
  for (const auto& tensor : Rectified::tensors()) {
    const auto at = static_cast<std::size_t>(tensor.offset + tensor.parameter.size() / 2);
    INFO(tensor.name());
    if (at >= static_cast<std::size_t>(Part::parameter_count) ||
        tensor.parameter.kind == layer::ParameterKind::statistic) {
      CHECK(gradient[at] == 0.0);
      continue;
    }
    double& value = net.parameters()[at];
    const double kept = value;
    value = kept + 1e-6;
    const double above = loss(nullptr);
    value = kept - 1e-6;
    const double below = loss(nullptr);
    value = kept;
    CHECK(gradient[at] == Approx((above - below) / 2e-6).epsilon(1e-5).margin(1e-7));
  }
}
