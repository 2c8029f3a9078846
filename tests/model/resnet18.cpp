#include <cmath>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/model/resnet18.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>

#include "count.hpp"

namespace {

using namespace snnbd;
using layer::ParameterKind;
using Cell = neuron::Lif<>;
using Net = model::ResNet18<Shape{32, 32, 3}, 10, Cell>;
using Small = model::ResNet18<Shape{28, 28, 1}, 10, Cell,
                              model::Options{.width_percent = 5, .threshold_dependent = true}>;

/// The two blocks of one width, behind one of half the width.
constexpr Index stage(Index width) {
  return 9 * (width / 2 * width + 3 * width * width) + width / 2 * width;
}

}  // namespace

TEST_CASE("ResNet18 has the parameters, operations and neurons of its closed form", "[model]") {
  constexpr Index weights = 9 * 3 * 64 + 4 * 9 * 64 * 64 + stage(128) + stage(256) + stage(512);
  constexpr Index channels = 5 * 64 + 5 * 128 + 5 * 256 + 5 * 512;
  STATIC_REQUIRE(Net::parameter_count == weights + 4 * channels + 5120);
  CHECK(snnbd_tests::parameters_of<Net>(ParameterKind::conv_weight) == weights);
  CHECK(snnbd_tests::parameters_of<Net>(ParameterKind::statistic) == 2 * channels);
  const auto cost = snnbd_tests::cost<Net>();
  CHECK(cost.neurons == 188416);
  CHECK(static_cast<double>(cost.macs) == Approx(140.2e6).epsilon(0.0005));
  CHECK(Net::spikes);
  CHECK(Net::notation() ==
        "64C3-BN-P2-R(64C3-BN-64C3-BN)-R(64C3-BN-64C3-BN)-"
        "R(128C3-BN-128C3-BN+128C1-BN)-R(128C3-BN-128C3-BN)-"
        "R(256C3-BN-256C3-BN+256C1-BN)-R(256C3-BN-256C3-BN)-"
        "R(512C3-BN-512C3-BN+512C1-BN)-R(512C3-BN-512C3-BN)-GAP-10");
}

TEST_CASE("ResNet18 names its tensors as nested PyTorch modules do", "[model]") {
  std::set<std::string> names;
  for (const auto& tensor : Net::tensors()) CHECK(names.insert(tensor.name()).second);
  for (const char* name : {"0.weight", "1.running_var", "4.branch.0.weight", "4.branch.4.bias",
                           "8.shortcut.0.weight", "8.shortcut.1.running_mean", "21.weight"})
    CHECK(names.count(name) == 1);
  CHECK(names.count("4.shortcut.0.weight") == 0);
}

TEST_CASE("ResNet18 normalizes to a part of the threshold where two sums meet", "[model]") {
  Small net;
  int summed = 0;
  int alone = 0;
  net.for_each_layer([&](const auto& spec, int /*place*/) {
    if constexpr (requires { spec.alpha; }) {
      if (spec.alpha == 1.0F) {
        ++alone;
      } else {
        CHECK(spec.alpha == Approx(std::sqrt(0.5)));
        ++summed;
      }
    }
  });
  CHECK(alone == 1 + 8);
  CHECK(summed == 8 + 3);
}

TEST_CASE("ResNet18 may be artificial, and pads digits", "[model]") {
  using Artificial =
      model::ResNet18<Shape{32, 32, 3}, 10, layer::Relu,
                      model::Options{.pooling = model::Pooling::average, .batch_norm = true}>;
  STATIC_REQUIRE_FALSE(Artificial::spikes);
  STATIC_REQUIRE(Artificial::parameter_count == Net::parameter_count);
  CHECK(Artificial::notation().substr(0, 13) == "64C3-BN-AP2-R");
  CHECK(Small::notation().substr(0, 16) == "Z2-3C3-tdBN-P2-R");
}

TEST_CASE("ResNet18 trains with two real signals for each block and runs with next to none",
          "[model]") {
  using Direct = Pass<Net, Static<Net::input_shape>>;
  constexpr Extent extent{16, 16};
  const auto each = [&](bool training) {
    return static_cast<double>(Direct::bytes(extent, training)) /
           static_cast<double>(extent.frames());
  };
  // KiB for each sample and step: the convolutions of the blocks give 64 x 4, 32 x 4, 16 x 4 and
  // 8 x 4, those in shortcuts 32, 16 and 8; the way back takes three times 64.
  constexpr double stored = 4 * (64 + 32 + 16 + 8) + 32 + 16 + 8;
  CHECK(each(true) < 1024 * (stored + 3 * 64 + 55));
  // Spikes, a bit for each unit, and what the shortcuts' convolutions give.
  CHECK(each(false) < 1024 * (32 + 16 + 8 + 30));
}

TEST_CASE("A gradient reaches every tensor of ResNet18", "[model]") {
  Small net;
  network::initialize(net, 1);
  constexpr Index samples = 6;
  std::vector<float> images(static_cast<std::size_t>(samples * 784));
  random::Stream stream{1, random::Purpose::synthetic};
  for (float& value : images) value = stream.uniform();
  Pass<Small, Static<Small::input_shape>> pass{{samples, 2}, true};
  pass.forward(net, {images.data(), {samples, 1}, Small::input_shape}, {true, 1, 1});
  std::vector<float> slope(static_cast<std::size_t>(samples * 10));
  for (float& value : slope) value = stream.uniform() - 0.5F;
  std::vector<float> gradient(net.parameters().size());
  pass.backward(net, slope, gradient);
  for (const auto& tensor : Small::tensors()) {
    CAPTURE(tensor.name());
    double square = 0.0;
    for (Index i = 0; i < tensor.parameter.size(); ++i) {
      const auto value = static_cast<double>(gradient[static_cast<std::size_t>(tensor.offset + i)]);
      square += value * value;
    }
    CHECK(std::isfinite(square));
    CHECK(square > 0.0);
  }
}
