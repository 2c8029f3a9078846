#include <cmath>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <unistd.h>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/neuron/neuron.hpp>

#include "../../core/temporary_file.hpp"

// Files that training goes on from.

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;
using snnbd_tests::TemporaryFile;
using Set = data::Blobs<Shape{8, 8, 1}, 4>;

template <class Surrogate>
using Neuron = neuron::Plif<neuron::SoftReset, Surrogate>;
template <class Surrogate, class... Between>
using Small =
    Network<Shape{8, 8, 1}, layer::Conv<4, 3>, layer::Spiking<Neuron<Surrogate>>, Between...,
            layer::Dense<4, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;
using Plain = Small<neuron::Arctangent>;
using Dropping = Small<neuron::Arctangent, layer::Dropout>;

/// Samples that all count as poisoned.
struct Poisoned : Set {
  using Set::Set;
  [[nodiscard]] bool is_poisoned(std::size_t /*index*/) const { return true; }
};

std::vector<float> values(std::span<const float> span) {
  return {span.begin(), span.end()};
}

template <class Net = Plain, class Encoding = encode::Direct, class LossRule = learn::CrossEntropy,
          class Rule = learn::Adam, class ScheduleRule = learn::Cosine,
          class Augment = data::NoAugmentation>
struct Run {
  Net net;
  Encoding encoding{};
  LossRule loss{};
  Rule rule{};
  ScheduleRule schedule{};
  Augment augment{};
  learn::TrainSettings settings{.epochs = 2, .batch_size = 20, .timesteps = 3};
  std::vector<double> weights{};
  learn::TrainRecord record{};

  auto trainer() {
    network::initialize(net, 7);
    return learn::Trainer<Net, Encoding, LossRule, Rule, ScheduleRule, Augment>{
        net, encoding, loss, rule, schedule, settings, augment};
  }
  /// Trains from the initial parameters and gives the parameters.
  std::vector<float> train(const learn::Observer& observer = {}, data::DatasetView set = Set{60}) {
    record = trainer().fit(set, weights, observer);
    return values(net.parameters());
  }
};

bool same_bytes(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

/// Asks for an end after some batches, and takes the wish back at the end.
struct Interrupt {
  int batches;
  ~Interrupt() { learn::interrupt_requested().store(false); }
  learn::Observer observer() {
    return [this](const learn::TrainProgress&) {
      if (--batches == 0) learn::interrupt_requested().store(true);
    };
  }
};

/// What a run says that does not take the file; its network must be as it was.
template <class Other>
std::string refusal(Other run, data::DatasetView set = Set{60}) {
  auto trainer = run.trainer();
  const auto before = values(run.net.parameters());
  const std::string layers = network::layer_key(run.net.layers()).text();
  try {
    trainer.fit(set, run.weights);
  } catch (const Error& error) {
    CHECK(same_bytes(values(run.net.parameters()), before));
    CHECK(network::layer_key(run.net.layers()).text() == layers);
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("A run that was interrupted goes on to the same bytes", "[learn]") {
  const TemporaryFile file;
  Run<Dropping> whole;
  whole.settings.epochs = 3;
  const auto expected = whole.train();

  Run<Dropping> broken = whole;
  broken.settings.checkpoint = file.path;
  {
    Interrupt interrupt{5};  // in the second of three batches an epoch
    const auto half = broken.train(interrupt.observer());
    CHECK(broken.record.interrupted);
    CHECK(broken.record.epochs.size() == 1);
    CHECK_FALSE(same_bytes(half, expected));
  }
  CHECK(same_bytes(broken.train(), expected));
  CHECK_FALSE(broken.record.interrupted);
  REQUIRE(broken.record.epochs.size() == 3);
  for (std::size_t epoch = 0; epoch < 3; ++epoch) {
    CHECK(broken.record.epochs[epoch].loss == whole.record.epochs[epoch].loss);
    CHECK(broken.record.epochs[epoch].accuracy == whole.record.epochs[epoch].accuracy);
  }

  int batches = 0;
  const auto again = broken.train([&](const learn::TrainProgress&) { ++batches; });
  CHECK(batches == 0);
  CHECK(same_bytes(again, expected));

  broken.settings.resume = false;
  CHECK(same_bytes(broken.train([&](const learn::TrainProgress&) { ++batches; }), expected));
  CHECK(batches == 9);
}

TEST_CASE("A run interrupted before its first checkpoint starts anew", "[learn]") {
  const TemporaryFile file;
  Run<Plain> run;
  run.settings.checkpoint = file.path;
  Interrupt interrupt{2};
  run.train(interrupt.observer());
  CHECK(run.record.interrupted);
  CHECK_FALSE(std::filesystem::exists(file.path));
  learn::interrupt_requested().store(false);
  CHECK(same_bytes(run.train(), Run<Plain>{}.train()));
}

TEST_CASE("A file of another run is not gone on from, whatever differs", "[learn]") {
  const TemporaryFile file;
  Run<> run;
  run.settings.checkpoint = file.path;
  run.settings.key.add("rate", 0.1);
  run.train();
  CHECK(refusal(run) == "accepted");

  const auto changed = [&](auto change) {
    Run<> other = run;
    change(other);
    return refusal(other);
  };
  CHECK_THAT(changed([](auto& other) { other.settings.epochs = 1; }),
             Contains(file.path + ": expected the checkpoint of this run, found one of another "
                                  "(epochs: expected 1, found 2)"));
  CHECK_THAT(changed([](auto& other) { other.settings.epochs = 3; }), Contains("(epochs: "));
  CHECK_THAT(changed([](auto& other) { other.settings.batch_size = 10; }),
             Contains("(batch size: expected 10, found 20; micro batch: "));
  CHECK_THAT(changed([](auto& other) { other.settings.timesteps = 4; }), Contains("(timesteps: "));
  CHECK_THAT(changed([](auto& other) { other.settings.seed = 2; }),
             Contains("(seed: expected 2, found 1)"));
  CHECK_THAT(
      changed([](auto& other) {
        other.settings.memory_budget = Pass<Plain, Static<Shape{8, 8, 1}>>::bytes({6, 3}, true);
      }),
      Contains("(micro batch: "));
  CHECK_THAT(changed([](auto& other) { other.settings.key = Key{}.add("rate", 0.2); }),
             Contains("(settings.rate: expected 0.2, found 0.1)"));
  CHECK_THAT(changed([](auto& other) { other.settings.key = {}; }),
             Contains("(settings.rate: expected nothing, found 0.1)"));
  CHECK_THAT(changed([](auto& other) { other.weights.assign(60, 1.0); }),
             Contains("(weights: expected crc32:"));
  CHECK_THAT(changed([](auto& other) { other.rule.rate = 0.5; }), Contains("(optimizer.rate: "));
  CHECK_THAT(changed([](auto& other) { other.schedule.floor = 0.5; }),
             Contains("(schedule.floor: "));
  CHECK_THAT(changed([](auto& other) { other.net.template layer<1>().neuron.tau = 3.0F; }),
             Contains("(network.1.neuron.tau: expected 3, found 2; initial parameters: "));
  CHECK_THAT(changed([](auto& other) { other.net.template layer<1>().amplitude = 2.0F; }),
             Contains("(network.1.amplitude: "));

  CHECK_THAT(refusal(run, Set{61}), Contains("(samples: expected 61, found 60; content: "));
  CHECK_THAT(refusal(run, Set{60, 2}), Contains("(content: "));
  CHECK_THAT(refusal(run, Poisoned{60}), Contains("(content: "));
}

TEST_CASE("A file of other parts is not gone on from", "[learn]") {
  const TemporaryFile file;
  Run<> run;
  run.settings.checkpoint = file.path;
  run.train();
  const auto refused = [&](auto other) {
    other.settings.checkpoint = file.path;
    return refusal(other);
  };
  // Their buffers are of the same sizes.
  CHECK_THAT((refused(Run<Plain, encode::Direct, learn::CrossEntropy, learn::AdamW>{})),
             Contains("(optimizer: expected snnbd::learn::AdamW, found snnbd::learn::Adam;"));
  CHECK_THAT((refused(Run<Plain, encode::Direct, learn::RateError>{})), Contains("(loss: "));
  CHECK_THAT(
      (refused(Run<Plain, encode::Direct, learn::CrossEntropy, learn::Adam, learn::Constant>{})),
      Contains("(schedule: "));
  CHECK_THAT((refused(Run<Plain, encode::Direct, learn::CrossEntropy, learn::Adam, learn::Cosine,
                          data::CropAndFlip>{})),
             Contains("(augmentation: ") && Contains("augmentation.padding"));
  CHECK_THAT((refused(Run<Small<neuron::Triangle>>{})),
             Contains("(network.1.neuron.surrogate: expected Triangle, found Arctangent;"));
  CHECK_THAT(refused(Run<Dropping>{}), Contains("a checkpoint of conv-spiking-dropout"));
}

TEST_CASE("A run has one key, which names its file", "[learn]") {
  Run<> run;
  const Set set{60};
  const Key key = run.trainer().key(set);
  CHECK(key == Run<>{}.trainer().key(set));
  CHECK(Key::parse(key.text(), "key") == key);
  run.settings.seed = 2;
  const Key other = run.trainer().key(set);
  CHECK(key.difference(other) == "seed: expected 1, found 2");
  CHECK(key.digest() != other.digest());
  // Where it is kept, and how fast it is made, does not decide what it is.
  run.settings = Run<>{}.settings;
  run.settings.checkpoint = "elsewhere";
  run.settings.resume = false;
  run.settings.memory_budget *= 2;
  CHECK(run.trainer().key(set) == key);
}

TEST_CASE("Checkpoints that are damaged are refused", "[learn]") {
  const TemporaryFile file;
  Run<> run;
  run.settings.checkpoint = file.path;
  run.train();
  const std::string bytes = file.read();
  const auto refused = [&](const std::string& content) {
    file.write(content);
    return refusal(run);
  };
  CHECK(refused(bytes) == "accepted");
  CHECK_THAT(refused(bytes.substr(0, bytes.size() / 2)), Contains(file.path));
  CHECK_THAT(refused(""), Contains(file.path));
  std::string flipped = bytes;
  flipped[bytes.size() - 5] = static_cast<char>(flipped[bytes.size() - 5] ^ 1);
  CHECK_THAT(refused(flipped), Contains("checksum"));
  network::save(file.path, run.net);
  CHECK_THAT(refusal(run), Contains("parameters only"));
}
