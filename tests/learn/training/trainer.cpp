#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/view.hpp>

#include "../../core/keep_threads.hpp"

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;
using Set = data::Blobs<Shape{8, 8, 1}, 4>;
using Neuron = neuron::Plif<neuron::SoftReset, neuron::Arctangent>;

template <class... Between>
using Small = Network<Shape{8, 8, 1}, layer::Conv<8, 3>, layer::Spiking<Neuron>, layer::MaxPool<2>,
                      layer::Conv<12, 3>, layer::Spiking<Neuron>, layer::AvgPool<2>, Between...,
                      layer::Dense<4, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;
using Plain = Small<>;
using Dropping = Small<layer::Dropout>;
using Artificial = Network<Shape{8, 8, 1}, layer::Conv<8, 3>, layer::Relu, layer::MaxPool<2>,
                           layer::Dense<4>, layer::MeanOverTime>;

using Linear = Network<Shape{8, 8, 1}, layer::Dense<8>, layer::Dense<4>, layer::MeanOverTime>;

template <class Net, class Encoding = encode::Direct, class Rule = learn::AdamW>
struct Run {
  Net net;
  Encoding encoding{};
  Rule rule{};
  learn::TrainSettings settings{.epochs = 2, .batch_size = 20, .timesteps = 3};
  learn::TrainRecord record;

  Run() { rule.rate = 0.01; }

  /// Trains from the initial parameters and gives the parameters.
  std::vector<float> train(const learn::Observer& observer = {}, std::size_t samples = 90) {
    network::initialize(net, settings.seed);
    const Set set{samples};
    learn::Trainer<Net, Encoding, learn::CrossEntropy, Rule, learn::Cosine> trainer{
        net, encoding, {}, rule, {}, settings};
    record = trainer.fit(set, {}, observer);
    return {net.parameters().begin(), net.parameters().end()};
  }
};

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

template <class Net, class Encoding>
void check_threads() {
  const snnbd_tests::KeepThreads keep_threads;
  std::vector<std::vector<float>> results;
  for (const int threads : {1, 2, 3}) {
    set_thread_count(threads);
    results.push_back(Run<Net, Encoding>{}.train());
  }
  CHECK(same_bytes(results[0], results[1]));
  CHECK(same_bytes(results[0], results[2]));
}

}  // namespace

TEST_CASE("A small spiking network learns blobs", "[learn]") {
  Run<Plain> run;
  run.settings.epochs = 6;
  run.train({}, 200);
  const Set unseen{200, 99};
  const std::vector<int> predicted = view_of(run.net, encode::Direct{}, 3).predict(unseen);
  int hits = 0;
  for (std::size_t i = 0; i < predicted.size(); ++i)
    hits += predicted[i] == unseen.label(i) ? 1 : 0;
  CHECK(hits >= 190);
  REQUIRE(run.record.epochs.size() == 6);
  CHECK(run.record.epochs.back().loss < 0.5 * run.record.epochs.front().loss);
  CHECK(run.record.epochs.back().accuracy > 90.0);
  CHECK_FALSE(run.record.interrupted);
}

TEST_CASE("An artificial network learns blobs by the same code", "[learn]") {
  Run<Artificial> run;
  run.settings.epochs = 6;
  run.train({}, 200);
  CHECK(run.record.epochs.back().accuracy > 95.0);
}

TEST_CASE("Training gives the same bytes for any number of threads", "[learn]") {
  check_threads<Dropping, encode::Direct>();
  check_threads<Dropping, encode::Poisson>();
}

TEST_CASE("The same seed trains to the same bytes, another one to others", "[learn]") {
  const auto first = Run<Dropping>{}.train();
  CHECK(same_bytes(first, Run<Dropping>{}.train()));
  Run<Dropping> other;
  other.settings.seed = 2;
  CHECK_FALSE(same_bytes(first, other.train()));
}

TEST_CASE("A small memory budget changes the gradients by rounding only", "[learn]") {
  using In = Static<Shape{8, 8, 1}>;
  Run<Plain, encode::Direct, learn::Sgd> whole;
  whole.settings.epochs = 1;
  whole.rule.momentum = 0.0;
  auto parts = whole;
  parts.settings.memory_budget = Pass<Plain, In>::bytes({6, 3}, true);
  const Index micro = learn::micro_batch<Plain, In>(parts.settings);
  CHECK(micro >= 2);
  CHECK(micro <= 6);
  CHECK(learn::estimate_training<Plain, In, learn::Sgd>(parts.settings).signal_bytes <=
        parts.settings.memory_budget);
  const auto expected = whole.train({}, 20);
  const auto found = parts.train({}, 20);
  CHECK_FALSE(same_bytes(expected, found));
  for (std::size_t i = 0; i < expected.size(); ++i)
    CHECK(found[i] == Approx(expected[i]).epsilon(1e-5).margin(1e-6));

  parts.settings.memory_budget = Pass<Plain, In>::bytes({1, 3}, true) - 1;
  CHECK_THROWS_WITH(parts.train(), Contains("memory budget"));
}

TEST_CASE("Settings out of range are refused by their names", "[learn]") {
  const auto refusal = [](auto change) {
    Run<Plain> run;
    change(run);
    try {
      run.train();
    } catch (const Error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  CHECK_THAT(refusal([](auto& run) { run.settings.epochs = -1; }), Contains("epochs: "));
  for (const Index wrong : {Index{0}, Index{-3}, Index{1048577}, std::numeric_limits<Index>::min(),
                            std::numeric_limits<Index>::max()})
    CHECK_THAT(refusal([&](auto& run) { run.settings.batch_size = wrong; }),
               Contains("batch size: "));
  for (const Index wrong : {Index{0}, Index{-3}, Index{65537}, std::numeric_limits<Index>::max()})
    CHECK_THAT(refusal([&](auto& run) { run.settings.timesteps = wrong; }),
               Contains("timesteps: "));
  CHECK_THAT(refusal([](auto& run) { run.rule.rate = -1.0; }), Contains("learning rate: "));
  const auto change_neuron = [](auto change) {
    return [change](auto& run) { run.net.for_each_neuron(change); };
  };
  CHECK_THAT(refusal(change_neuron([](auto& neuron) { neuron.tau = 1.0F; })),
             Contains("plif tau: "));
  CHECK_THAT(refusal(change_neuron([](auto& neuron) { neuron.threshold = 0.0F; })),
             Contains("plif threshold: "));
  CHECK(refusal([](auto& run) { run.settings.epochs = 0; }) == "accepted");
}

TEST_CASE("Sets that do not fit the network are refused before training", "[learn]") {
  Plain net;
  const learn::TrainSettings settings;
  learn::Trainer<Plain, encode::Direct, learn::CrossEntropy, learn::Adam> trainer{
      net, {}, {}, {}, {}, settings};
  const data::Blobs<Shape{8, 7, 1}, 4> narrow{10};
  CHECK_THROWS_WITH(trainer.fit(narrow), Contains("8x8x1") && Contains("8x7x1"));
  const data::Blobs<Shape{8, 8, 1}, 5> more{10};
  CHECK_THROWS_WITH(trainer.fit(more), Contains("4 classes"));
  const Set none{0};
  CHECK_THROWS_WITH(trainer.fit(none), Contains("at least one sample"));
  const std::vector<double> weights(9, 1.0);
  CHECK_THROWS_WITH(trainer.fit(Set{10}, weights), Contains("weights of the samples"));
}

TEST_CASE("A loss that is no longer finite ends the training with an error", "[learn]") {
  Run<Linear, encode::Direct, learn::Sgd> run;
  run.rule.rate = 1e5;
  run.settings.epochs = 50;
  CHECK_THROWS_WITH(run.train(), Contains("training loss"));
}

TEST_CASE("Samples that weigh nothing change nothing but what decays", "[learn]") {
  Plain net;
  network::initialize(net, 1);
  const std::vector<float> before(net.parameters().begin(), net.parameters().end());
  learn::AdamW rule;
  rule.weight_decay = 0.5;
  learn::TrainSettings settings{.epochs = 1, .batch_size = 20, .timesteps = 3};
  learn::Trainer<Plain, encode::Direct, learn::CrossEntropy, learn::AdamW> trainer{
      net, {}, {}, rule, {}, settings};
  const std::vector<double> nothing(20, 0.0);
  trainer.fit(Set{20}, nothing);
  for (const network::ParameterTensor& tensor : net.tensors()) {
    const bool own = tensor.parameter.kind == layer::ParameterKind::neuron;
    const auto at = static_cast<std::size_t>(tensor.offset);
    CAPTURE(tensor.name());
    CHECK(net.parameters()[at] == Approx((own ? 1.0 : 1.0 - 1e-3 * 0.5) * before[at]));
  }
}

TEST_CASE("A probe of the time changes no parameter", "[learn]") {
  Dropping net;
  network::initialize(net, 1);
  const std::vector<float> before(net.parameters().begin(), net.parameters().end());
  const learn::TrainSettings settings{.epochs = 1, .batch_size = 20, .timesteps = 3};
  learn::Trainer<Dropping, encode::Direct, learn::CrossEntropy, learn::Adam> trainer{
      net, {}, {}, {}, {}, settings};
  CHECK(trainer.probe(Set{40}) > 0.0);
  CHECK(same_bytes(before, {net.parameters().begin(), net.parameters().end()}));
}
