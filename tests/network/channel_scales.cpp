#include <cstddef>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/network/channel_scales.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>

using namespace snnbd;

namespace {

using Net = BasicNetwork<double, Shape{4, 4, 2}, layer::Conv<3, 3>, layer::BatchNorm<>, layer::Relu,
                         layer::Conv<4, 3, layer::ConvOptions{.bias = true}>, layer::Relu,
                         layer::Dense<2>, layer::MeanOverTime>;

/// Of the scaled network: some function of its outputs, and its gradient.
class Measured {
 public:
  Measured() {
    network::initialize(net, 7);
    for (std::size_t i = 0; i < net.parameters().size(); ++i)
      net.parameters()[i] += 0.05 + 0.01 * static_cast<double>(i % 11);
    images_.resize(2 * 32);
    for (std::size_t i = 0; i < images_.size(); ++i)
      images_[i] = static_cast<double>((i * 5) % 17) / 17.0;
  }

  double loss(const std::vector<double>& weights, const std::vector<double>& biases,
              std::vector<double>* gradient = nullptr) {
    Net scaled = net;
    scales.apply<double>(net.parameters(), weights, biases, scaled.parameters());
    PassOf<Net> pass{{2, 1}, true};
    const auto out = pass.forward(scaled, {images_.data(), {2, 1}, Net::input_shape},
                                  {.training = true, .frozen = true});
    const std::vector<double> slopes{0.7, -0.4, 1.1, 0.3};
    if (gradient != nullptr) {
      gradient->assign(scaled.parameters().size(), 0.0);
      pass.backward(scaled, slopes, *gradient);
    }
    return std::inner_product(slopes.begin(), slopes.end(), out.data, 0.0);
  }

  Net net;
  network::ChannelScales scales{network::channel_layers(net)};

 private:
  std::vector<double> images_;
};

}  // namespace

TEST_CASE("gradients by the scales of channels are what central differences find", "[network]") {
  Measured measured;
  REQUIRE(measured.scales.size() == 7);
  std::vector<double> weights{0.9, 1.1, 0.8, 1.2, 0.7, 1.0, 0.6};
  std::vector<double> biases{1.1, 0.9, 1.3, 0.8, 1.0, 1.2, 0.7};
  std::vector<double> gradient;
  measured.loss(weights, biases, &gradient);
  std::vector<double> by_weight(7);
  std::vector<double> by_bias(7);
  measured.scales.gather<double>(measured.net.parameters(), gradient, by_weight, by_bias);
  const auto difference = [&](double& scale) {
    const double at = scale;
    scale = at + 1e-6;
    const double above = measured.loss(weights, biases);
    scale = at - 1e-6;
    const double below = measured.loss(weights, biases);
    scale = at;
    return (above - below) / 2e-6;
  };
  for (std::size_t i = 0; i < 7; ++i) {
    CHECK(by_weight[i] == Approx(difference(weights[i])).epsilon(1e-6).margin(1e-8));
    CHECK(by_bias[i] == Approx(difference(biases[i])).epsilon(1e-6).margin(1e-8));
    CHECK(by_weight[i] != 0.0);
  }
}

TEST_CASE("scales of one change nothing", "[network]") {
  const Measured measured;
  Net scaled = measured.net;
  const std::vector<double> ones(7, 1.0);
  measured.scales.apply<double>(measured.net.parameters(), ones, ones, scaled.parameters());
  CHECK(std::ranges::equal(scaled.parameters(), measured.net.parameters()));
}
