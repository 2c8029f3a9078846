#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <snnbd/core/number.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/network/initialize.hpp>

#include "../../core/temporary_file.hpp"

/// Trainings that go wrong, and what is said of them.
namespace {

using namespace snnbd;
using Catch::Matchers::Contains;
using snnbd_tests::TemporaryFile;

constexpr Shape shape{4, 4, 1};
using Set = data::Blobs<shape, 4>;
using Linear = Network<shape, layer::Dense<8>, layer::Dense<4>, layer::MeanOverTime>;
using Firing = Network<shape, layer::Dense<8>, layer::Spiking<neuron::If<>>, layer::Dense<4>,
                       layer::Spiking<neuron::If<>>, layer::SpikeRate>;
using Normed = Network<shape, layer::Dense<8>, layer::BatchNorm<>, layer::Relu, layer::Dense<4>,
                       layer::MeanOverTime>;

template <class Net, class Rule = learn::Sgd, class LossRule = learn::CrossEntropy>
learn::TrainRecord train(Net& net, const learn::TrainSettings& settings, Rule rule,
                         std::size_t samples = 40, const std::vector<double>& weights = {},
                         const learn::Observer& observer = {}) {
  learn::Trainer<Net, encode::Direct, LossRule, Rule> trainer{net, {}, {}, rule, {}, settings};
  return trainer.fit(Set{samples}, weights, observer);
}

template <class Net>
Net begun() {
  Net net;
  network::initialize(net, 1);
  return net;
}

}  // namespace

TEST_CASE("A loss that is not finite any more ends the training and names the learning rate",
          "[learn]") {
  auto net = begun<Linear>();
  CHECK_THROWS_WITH(train(net, {.epochs = 50}, learn::Sgd{.rate = 123456.0}),
                    Contains("training loss: expected a finite number") &&
                        Contains("learning rate below 123456") && Contains("in epoch"));
}

TEST_CASE("A parameter that is not finite ends the epoch before its checkpoint is written",
          "[learn]") {
  // Neurons do not fire by what is not a number, so that the loss stays finite.
  const TemporaryFile file;
  auto net = begun<Firing>();
  const learn::TrainSettings settings{.epochs = 3, .batch_size = 10, .checkpoint = file.path};
  int batches = 0;
  const auto spoil = [&](const learn::TrainProgress& progress) {
    CHECK(std::isfinite(progress.loss));
    if (++batches == 2) net.parameters()[5] = std::numeric_limits<float>::quiet_NaN();
  };
  CHECK_THROWS_WITH(train(net, settings, learn::Sgd{.rate = 0.25}, 40, {}, spoil),
                    Contains("training with the learning rate 0.25, epoch 1") &&
                        Contains("finite parameters") && Contains("0.weight"));
  CHECK(batches == 4);
  CHECK_FALSE(std::filesystem::exists(file.path));
}

TEST_CASE("A network with parameters that are not finite is refused before training", "[learn]") {
  auto net = begun<Firing>();
  net.parameters()[3] = std::numeric_limits<float>::infinity();
  int batches = 0;
  CHECK_THROWS_WITH(train(net, {.epochs = 1}, learn::Sgd{}, 40, {},
                          [&](const learn::TrainProgress&) { ++batches; }),
                    Contains("network to train") && Contains("inf in the tensor 0.weight"));
  CHECK(batches == 0);
}

TEST_CASE("Means that an optimizer keeps must be finite too", "[learn]") {
  // Squares of these gradients overflow: Adam would never move a weight again.
  auto net = begun<Linear>();
  const std::vector<double> weights(40, 1e25);
  CHECK_THROWS_WITH(train(net, {.epochs = 1}, learn::Adam{}, 40, weights),
                    Contains("finite means of the gradients"));
}

TEST_CASE("Weights of samples that are not finite are refused", "[learn]") {
  auto net = begun<Linear>();
  std::vector<double> weights(40, 1.0);
  weights[7] = std::numeric_limits<double>::quiet_NaN();
  CHECK_THROWS_WITH(train(net, {.epochs = 1}, learn::Sgd{}, 40, weights),
                    Contains("weight of a sample"));
}

TEST_CASE("A loss out of all range is told with its epoch, and an ordinary one is not", "[learn]") {
  auto net = begun<Firing>();
  const learn::TrainSettings settings{.epochs = 2, .batch_size = 10, .timesteps = 4};
  CHECK(train(net, settings, learn::Adam{}).warning.empty());
  auto linear = begun<Linear>();
  CHECK(train(linear, settings, learn::Adam{}).warning.empty());

  learn::AdamW wild;
  wild.rate = 999999.0;
  wild.weight_decay = 0.0;
  auto lost = begun<Linear>();
  const auto record = train(lost, settings, wild);
  REQUIRE(record.epochs.size() == 2);
  const double limit = 10.0 * std::log(4.0);
  CHECK(record.epochs[0].loss > limit);
  CHECK_THAT(record.warning, Contains("epoch 1") &&
                                 Contains(rounded_text(record.epochs[0].loss, 6)) &&
                                 Contains("above " + rounded_text(limit, 6)) &&
                                 Contains("learning rate below 999999"));
}

TEST_CASE("The range of a loss grows with what samples count", "[learn]") {
  const learn::TrainSettings settings{.epochs = 1, .batch_size = 10, .timesteps = 4};
  auto net = begun<Linear>();
  const auto record = train(net, settings, learn::Sgd{.rate = 0.0}, 40, std::vector(40, 1000.0));
  CHECK(record.epochs[0].loss > 10.0 * std::log(4.0));
  CHECK(record.warning.empty());
  auto rated = begun<Linear>();
  CHECK(train<Linear, learn::Sgd, learn::RateError>(rated, settings, {}).warning.empty());
}

TEST_CASE("A last batch that leaves a batch norm one value is refused before training", "[learn]") {
  auto net = begun<Normed>();
  int batches = 0;
  const auto count = [&](const learn::TrainProgress&) { ++batches; };
  const auto run = [&](std::size_t samples, Index batch_size, Index steps) {
    train(net, {.epochs = 1, .batch_size = batch_size, .timesteps = steps}, learn::Sgd{}, samples,
          {}, count);
  };
  CHECK_THROWS_WITH(run(41, 8, 1), Contains("batch norm in training") && Contains("41 samples") &&
                                       Contains("batches of 8"));
  CHECK_THROWS_WITH(run(1, 8, 1), Contains("batch norm in training"));
  CHECK_THROWS_WITH(run(40, 1, 1), Contains("batch norm in training"));
  CHECK(batches == 0);
  CHECK_NOTHROW(run(41, 8, 2));
  CHECK_NOTHROW(run(42, 8, 1));
  CHECK_NOTHROW(run(40, 8, 1));
  auto plain = begun<Linear>();
  CHECK_NOTHROW(train(plain, {.epochs = 1, .batch_size = 8, .timesteps = 1}, learn::Sgd{}, 41));
}

TEST_CASE("A part of a batch that leaves a batch norm one value is refused before training",
          "[learn]") {
  using In = Static<shape>;
  auto net = begun<Normed>();
  learn::TrainSettings settings{.epochs = 1, .batch_size = 13, .timesteps = 1};
  settings.memory_budget = Pass<Normed, In>::bytes({5, 1}, true);
  REQUIRE(learn::micro_batch<Normed, In>(settings) == 4);
  CHECK_THROWS_WITH(train(net, settings, learn::Sgd{}, 26),
                    Contains("26 samples in batches of 13") &&
                        Contains("4 fit into the memory budget at a time"));
  settings.batch_size = 16;
  REQUIRE(learn::micro_batch<Normed, In>(settings) == 4);
  CHECK_NOTHROW(train(net, settings, learn::Sgd{}, 32));
}
