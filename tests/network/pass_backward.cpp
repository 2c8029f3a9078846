#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

constexpr Shape image{4, 5, 2};
using Neuron = neuron::Lif<neuron::SoftReset, neuron::Arctangent>;
using Net = Network<image, layer::Conv<6, 3>, layer::BatchNorm<>, layer::Spiking<Neuron>,
                    layer::Dropout, layer::Dense<3>, layer::MeanOverTime>;
using Direct = Pass<Net, Static<image>>;

constexpr Extent extent{2, 3};
constexpr layer::PassOptions training{.training = true, .seed = 4};

/// A pass, a network and what it is fed with.
struct Trial {
  Net net;
  Direct pass{extent, true};
  std::vector<float> images =
      std::vector<float>(static_cast<std::size_t>(extent.samples * image.size()), 0.5F);
  std::vector<float> slope = std::vector<float>{1.0F, -2.0F, 0.5F, 0.25F, -1.0F, 2.0F};
  std::vector<float> gradient = std::vector<float>(std::size_t{Net::parameter_count});

  Trial() {
    network::initialize(net, 1, network::Initialization::kaiming_normal, 3.0);
    for (std::size_t i = 0; i < images.size(); ++i) images[i] = static_cast<float>(i % 7) / 7.0F;
  }
  void forward(const layer::PassOptions& options) {
    pass.forward(net, {images.data(), {extent.samples, 1}, image}, options);
  }
  void backward() { pass.backward(net, slope, gradient); }

  /// The gradient of one forward and one backward pass in training.
  static std::vector<float> expected() {
    Trial trial;
    trial.forward(training);
    trial.backward();
    return trial.gradient;
  }
};

}  // namespace

TEST_CASE("The way back is refused unless a forward pass in training mode stands before it",
          "[network]") {
  Trial trial;
  CHECK_THROWS_WITH(trial.backward(),
                    Contains("backward pass: expected a forward pass in training mode before it") &&
                        Contains("found none"));
  trial.forward({});
  CHECK_THROWS_WITH(trial.backward(), Contains("found one in evaluation mode"));
  trial.forward({.window = {0, false}});
  CHECK_THROWS_WITH(trial.backward(), Contains("found a window of steps"));
  trial.forward({.window = {3, true}});
  CHECK_THROWS_WITH(trial.backward(), Contains("found a window of steps"));
  CHECK(trial.gradient == std::vector<float>(trial.gradient.size()));

  trial.forward(training);
  trial.backward();
  CHECK(trial.gradient == Trial::expected());
  trial.forward({});
  CHECK_THROWS_WITH(trial.backward(), Contains("found one in evaluation mode"));
  CHECK(trial.gradient == Trial::expected());
}

TEST_CASE("The way back is refused in a pass made without training, whatever the mode",
          "[network]") {
  Trial trial;
  trial.pass = Direct{extent, false};
  CHECK_THROWS_WITH(trial.backward(), Contains("Pass{extent, true}"));
  trial.forward(training);
  CHECK_THROWS_WITH(trial.backward(),
                    Contains("expected a pass made for training") && Contains("without training"));
}

TEST_CASE("The way back is refused behind a forward pass of another size, network or none at all",
          "[network]") {
  Trial trial;
  trial.forward(training);
  trial.pass.resize(extent);
  trial.backward();
  CHECK(trial.gradient == Trial::expected());
  trial.pass.resize({1, 3});
  CHECK_THROWS_WITH(trial.backward(), Contains("found none for batches of this size"));

  Trial other;
  other.forward(training);
  CHECK_THROWS_WITH(other.pass.backward(trial.net, other.slope, other.gradient),
                    Contains("found one of another network"));

  Trial failed;
  failed.forward(training);
  failed.net.layer<3>().rate = 2.0F;
  CHECK_THROWS_AS(failed.forward(training), Error);
  CHECK_THROWS_WITH(failed.backward(), Contains("found none"));
}

TEST_CASE("Each call of backward carries a gradient of its own back", "[network]") {
  Trial trial;
  trial.forward(training);
  trial.backward();
  const std::vector<float> once = trial.gradient;
  trial.gradient.assign(trial.gradient.size(), 0.0F);
  trial.backward();
  CHECK(trial.gradient == once);
}

TEST_CASE("Gradients of another size than the network's are refused before anything is written",
          "[network]") {
  Trial trial;
  trial.forward(training);
  const auto refusal = [&](std::size_t slopes, std::size_t parameters, std::size_t inputs) {
    std::vector<float> slope(slopes, 1.0F);
    std::vector<float> gradient(parameters);
    std::vector<float> input_gradient(inputs);
    try {
      trial.pass.backward(trial.net, slope, gradient, input_gradient);
    } catch (const Error& error) {
      CHECK(gradient == std::vector<float>(parameters));
      CHECK(input_gradient == std::vector<float>(inputs));
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  constexpr auto parameters = std::size_t{Net::parameter_count};
  const std::size_t inputs = trial.images.size();
  CHECK(refusal(6, parameters, inputs) == "accepted");
  CHECK(refusal(6, parameters, 0) == "accepted");
  for (const std::size_t wrong : {std::size_t{0}, std::size_t{5}, std::size_t{7}})
    CHECK_THAT(
        refusal(wrong, parameters, inputs),
        Contains("gradient of the output: expected 6 values, found " + std::to_string(wrong)));
  for (const std::size_t wrong : {std::size_t{0}, parameters - 1, parameters + 1})
    CHECK_THAT(refusal(6, wrong, inputs), Contains("gradient of the parameters"));
  for (const std::size_t wrong : {std::size_t{1}, inputs - 1, inputs + 1})
    CHECK_THAT(refusal(6, parameters, wrong), Contains("gradient of the input"));
}

TEST_CASE("The way back does not read the caller's input again", "[network]") {
  Trial trial;
  trial.forward(training);
  trial.images.assign(trial.images.size(), std::numeric_limits<float>::quiet_NaN());
  trial.backward();
  CHECK(trial.gradient == Trial::expected());
}

TEST_CASE("An input that is written where the pass has room for it gives the same", "[network]") {
  Trial trial;
  const auto own = trial.pass.input();
  std::copy(trial.images.begin(), trial.images.end(), own.data);
  trial.pass.forward(trial.net, own, training);
  trial.backward();
  CHECK(trial.gradient == Trial::expected());
}

TEST_CASE("Inputs that are not there or have bits behind their channels are refused", "[network]") {
  Trial trial;
  CHECK_THROWS_WITH(trial.pass.forward(trial.net, {nullptr, {extent.samples, 1}, image}),
                    Contains("input of a pass"));
  Pass<Net, Spikes<image>> trains{extent, true};
  std::vector<Word> words(static_cast<std::size_t>(extent.frames() * image.pixels()), Word{3});
  const auto run = [&] { trains.forward(trial.net, {words.data(), extent, image}); };
  CHECK_NOTHROW(run());
  words.back() |= Word{4};
  CHECK_THROWS_WITH(run(), Contains("spikes of 2 channels"));
  CHECK_THROWS_WITH(trains.forward(trial.net, {nullptr, extent, image}),
                    Contains("input of a pass"));
}
