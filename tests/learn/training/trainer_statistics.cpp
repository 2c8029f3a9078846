#include <cstring>
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
using Set = data::Blobs<Shape{8, 8, 1}, 4>;
using In = Static<Shape{8, 8, 1}>;
using Neuron = neuron::Lif<neuron::SoftReset, neuron::Arctangent>;
using Norm = Network<Shape{8, 8, 1}, layer::BatchNorm<>, layer::Dense<4>, layer::MeanOverTime>;
using Block =
    layer::Residual<layer::Sequence<layer::Conv<6, 3>, layer::BatchNorm<>, layer::Spiking<Neuron>,
                                    layer::Conv<6, 3>, layer::BatchNorm<>>>;
using Deep =
    Network<Shape{8, 8, 1}, layer::Conv<6, 3>, layer::BatchNorm<>, layer::Spiking<Neuron>,
            layer::MaxPool<2>, Block, layer::Spiking<Neuron>, layer::Dense<4>, layer::MeanOverTime>;

constexpr std::size_t samples = 45;

template <class Net>
Net trained(learn::TrainSettings settings, std::size_t count = samples) {
  Net net;
  network::initialize(net, 1);
  const Set set{count};
  learn::AdamW rule;
  rule.rate = 0.01;
  rule.weight_decay = 0.5;
  learn::Trainer<Net, encode::Direct, learn::CrossEntropy, learn::AdamW> trainer{
      net, {}, {}, rule, {}, settings};
  trainer.probe(set);
  trainer.fit(set);
  return net;
}

struct Running {
  double mean = 0.0;
  double variance = 1.0;
};

/// What PyTorch's recurrence gives, on the parts of batches that are in memory at a time.
Running expected(const learn::TrainSettings& settings, std::size_t micro) {
  const Set set{samples};
  Running running;
  const data::Batches batches{
      set.size(), {static_cast<std::size_t>(settings.batch_size), settings.seed}, 0};
  for (std::size_t batch = 0; batch < batches.size(); ++batch) {
    const auto indices = batches[batch];
    Running target{0.0, 0.0};
    for (std::size_t first = 0; first < indices.size(); first += micro) {
      const auto part = indices.subspan(first, std::min(micro, indices.size() - first));
      std::vector<float> images(part.size() * 64);
      std::vector<int> labels(part.size());
      data::fill(set, part, images, labels);
      const auto count = static_cast<double>(images.size());
      double mean = 0.0;
      for (const float value : images) mean += static_cast<double>(value) / count;
      double variance = 0.0;
      for (const float value : images)
        variance +=
            (static_cast<double>(value) - mean) * (static_cast<double>(value) - mean) / count;
      const double share = static_cast<double>(part.size()) / static_cast<double>(indices.size());
      // The image stands at each of the steps.
      const double repeated = count * static_cast<double>(settings.timesteps);
      target.mean += share * mean;
      target.variance += share * variance * repeated / (repeated - 1.0);
    }
    running.mean = 0.9 * running.mean + 0.1 * target.mean;
    running.variance = 0.9 * running.variance + 0.1 * target.variance;
  }
  return running;
}

void check(const learn::TrainSettings& settings, std::size_t micro) {
  CAPTURE(micro);
  REQUIRE(learn::micro_batch<Norm, In>(settings) == static_cast<Index>(micro));
  const Norm net = trained<Norm>(settings);
  const Running running = expected(settings, micro);
  CHECK(net.parameters()[2] == Approx(running.mean).epsilon(1e-5));
  CHECK(net.parameters()[3] == Approx(running.variance).epsilon(1e-5));
  CHECK(net.parameters()[0] != 1.0F);
}

}  // namespace

TEST_CASE("Training moves the running moments as PyTorch does, weight decay or not", "[learn]") {
  check({.epochs = 1, .batch_size = 20, .timesteps = 2}, 20);
  check({.epochs = 1, .batch_size = 45, .timesteps = 1}, 45);
}

TEST_CASE("Each part of a batch moves the running moments by its share", "[learn]") {
  learn::TrainSettings settings{.epochs = 1, .batch_size = 18, .timesteps = 2};
  settings.memory_budget = Pass<Norm, In>::bytes({7, 2}, true);
  check(settings, 5);
}

TEST_CASE("Training with batch norms gives the same bytes for any number of threads", "[learn]") {
  const snnbd_tests::KeepThreads keep_threads;
  std::vector<Deep> nets;
  for (const int threads : {1, 2, 3}) {
    set_thread_count(threads);
    nets.push_back(trained<Deep>({.epochs = 1, .batch_size = 20, .timesteps = 2}));
  }
  for (std::size_t i = 1; i < nets.size(); ++i)
    CHECK(std::memcmp(nets[0].parameters().data(), nets[i].parameters().data(),
                      nets[0].parameters().size_bytes()) == 0);
}

TEST_CASE("A small residual network learns blobs, and recognizes single ones", "[learn]") {
  const Deep net = trained<Deep>({.epochs = 6, .batch_size = 20, .timesteps = 2}, 200);
  const Set unseen{100, 99};
  const auto hits = [&](Index batch_size) {
    const auto predicted = view_of(net, encode::Direct{}, 2, batch_size).predict(unseen);
    int count = 0;
    for (std::size_t i = 0; i < predicted.size(); ++i)
      count += predicted[i] == unseen.label(i) ? 1 : 0;
    return count;
  };
  // What is recognized does not depend on what else is in the batch.
  CHECK(hits(64) > 90);
  CHECK(hits(1) == hits(64));
}
