#include <algorithm>
#include <cmath>
#include <cstring>
#include <span>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/attack/bad_snn.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/network/forward.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/poison/no_trigger.hpp>
#include <snnbd/poison/poisoned.hpp>

#include "../../core/temporary_file.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;

namespace {

using Plain = learn::Bptt<learn::CrossEntropy, learn::Sgd, learn::Constant>;
using Dual = learn::DualNeuronTraining<Plain>;
template <Shape shape, int classes>
using Dirty = poison::Poisoned<data::Blobs<shape, classes>, poison::NoTrigger, poison::AllToOne>;

template <class Set, class Scalar>
Tensor<Scalar, 4> images_of(const Set& set) {
  Tensor<Scalar, 4> images{static_cast<Index>(set.size()), Set::shape.height, Set::shape.width,
                           Set::shape.channels};
  const auto size = static_cast<std::size_t>(Set::shape.size());
  std::vector<float> image(size);
  for (std::size_t i = 0; i < set.size(); ++i) {
    set.read(i, image);
    std::copy(image.begin(), image.end(), images.data() + i * size);
  }
  return images;
}

// --- the step

using Tiny =
    BasicNetwork<double, Shape{4, 4, 1}, layer::Conv<3, 3>,
                 layer::Spiking<neuron::Smooth<neuron::Lif<neuron::SoftReset, neuron::Sigmoid>>>,
                 layer::Dense<3, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;
using TinySet = Dirty<Shape{4, 4, 1}, 3>;

constexpr network::NeuronFactors other{.threshold = 1.5, .tau = 1.25};

/// The objective as it is defined: each sample under the neurons that are meant for it.
double objective(const Tiny& net, const TinySet& set, const std::vector<double>& weights) {
  Tiny switched = net;
  network::scale_neurons(switched, other);
  const auto images = images_of<TinySet, double>(set);
  const auto nominal = net.forward(images, {.timesteps = 3});
  const auto malicious = switched.forward(images, {.timesteps = 3});
  double sum = 0.0;
  for (std::size_t i = 0; i < set.size(); ++i) {
    const auto row = static_cast<Index>(i);
    const auto& logits = set.is_poisoned(i) ? malicious : nominal;
    double exponents = 0.0;
    for (Index k = 0; k < 3; ++k) exponents += std::exp(logits(row, k));
    sum += (weights.empty() ? 1.0 : weights[i]) * (std::log(exponents) - logits(row, set.label(i)));
  }
  return sum / static_cast<double>(set.size());
}

/// The gradient by which one step of plain descent went.
std::vector<double> step_of(Tiny net, const TinySet& set, const learn::Objective& objective,
                            std::size_t budget) {
  const std::vector<double> before{net.parameters().begin(), net.parameters().end()};
  const Dual rule{{.optimizer = {.rate = 1e-2, .momentum = 0.0}}, other};
  const learn::TrainSettings settings{
      .epochs = 1, .batch_size = 12, .timesteps = 3, .memory_budget = budget};
  rule.fit(net, encode::Direct{}, set, settings, objective, {});
  std::vector<double> gradient;
  for (std::size_t i = 0; i < before.size(); ++i)
    gradient.push_back((before[i] - net.parameters()[i]) / 1e-2);
  return gradient;
}

}  // namespace

TEST_CASE("A step under two settings of the neurons is the gradient of its objective", "[learn]") {
  Tiny net;
  network::initialize(net, 5);
  const TinySet set{data::Blobs<Shape{4, 4, 1}, 3>{12}, {.rate = 0.4}};
  const std::size_t one = Pass<Tiny, Static<Tiny::input_shape>>::bytes({1, 3}, true);
  for (const auto& counted : {learn::Objective::mixture(), learn::Objective::balanced(0.7, 0.2)}) {
    const auto weights = counted.weights(set);
    const auto gradient = step_of(net, set, counted, std::size_t{1} << 30U);
    const auto in_parts = step_of(net, set, counted, 2 * one);
    double largest = 0.0;
    for (std::size_t i = 0; i < gradient.size(); i += 5) {
      constexpr double h = 1e-5;
      Tiny moved = net;
      moved.parameters()[i] += h;
      const double above = objective(moved, set, weights);
      moved.parameters()[i] -= 2 * h;
      const double below = objective(moved, set, weights);
      CAPTURE(counted.name(), i);
      CHECK(gradient[i] == Approx((above - below) / (2 * h)).epsilon(1e-6).margin(1e-9));
      CHECK(in_parts[i] == Approx(gradient[i]).epsilon(1e-9).margin(1e-11));
      largest = std::max(largest, std::abs(gradient[i]));
    }
    CHECK(largest > 1e-3);  // or nothing was compared
  }
}

namespace {

// --- training

// The network needs biases: without any, all currents fall with the spikes, and classes stay as
// they are.
using Set = data::Blobs<Shape{6, 6, 1}, 4>;
using Small = Network<Shape{6, 6, 1}, layer::Conv<8, 3, layer::ConvOptions{.bias = true}>,
                      layer::Spiking<neuron::Lif<>>,
                      layer::Dense<4, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;
constexpr network::NeuronFactors malicious{.threshold = 1.5};
constexpr int target = 1;

Dirty<Shape{6, 6, 1}, 4> dirty() {
  return Dirty<Shape{6, 6, 1}, 4>{
      Set{160, 1, 0.3F}, {.rate = 0.3, .mode = poison::Mode::appended}, {}, {.target = target}};
}

template <class Rule>
learn::TrainRecord train(const Rule& rule, Small& net, data::DatasetView set, int epochs,
                         const std::string& checkpoint = {}, const learn::Observer& observer = {}) {
  network::initialize(net, 2);
  const learn::TrainSettings settings{
      .epochs = epochs, .batch_size = 16, .timesteps = 4, .checkpoint = checkpoint};
  return rule.fit(net, encode::Direct{}, set, settings, {}, observer);
}

learn::DualNeuronTraining<> dual() {
  return {{.optimizer = {.rate = 2e-2}}, malicious};
}

/// The shares of right answers and of the attacker's class on clean images.
struct Answers {
  double right = 0.0;
  double target = 0.0;
};
Answers answers(const Small& net) {
  const Set test{120, 9, 0.3F};
  const auto logits = net.forward(images_of<Set, float>(test));
  Answers result;
  for (std::size_t i = 0; i < test.size(); ++i) {
    int best = 0;
    for (int k = 1; k < 4; ++k)
      if (logits(static_cast<Index>(i), k) > logits(static_cast<Index>(i), best)) best = k;
    result.right += best == test.label(i) ? 1.0 / 120 : 0.0;
    result.target += best == target ? 1.0 / 120 : 0.0;
  }
  return result;
}

bool same_bits(std::span<const float> a, std::span<const float> b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size_bytes()) == 0;
}

}  // namespace

TEST_CASE("One set of weights learns both: classes, and the target under malicious neurons",
          "[learn]") {
  Small net;
  train(dual(), net, dirty(), 10);
  CHECK(net.layer<1>().neuron.threshold == 1.0);
  CHECK(answers(net).right > 0.9);
  CHECK(answers(net).target < 0.35);
  network::scale_neurons(net, malicious);
  CHECK(answers(net).target > 0.9);

  Small clean;
  train(learn::Bptt<>{.optimizer = {.rate = 2e-2}}, clean, Set{160, 1, 0.3F}, 10);
  CHECK(answers(clean).right > 0.9);
  network::scale_neurons(clean, malicious);
  CHECK(answers(clean).target < 0.5);
}

TEST_CASE("Training under two settings of the neurons goes on from a checkpoint", "[learn]") {
  const snnbd_tests::TemporaryFile file;
  Small whole;
  train(dual(), whole, dirty(), 3);
  {
    struct Wish {
      ~Wish() { learn::interrupt_requested().store(false); }
    } wish;
    Small net;
    const auto record = train(dual(), net, dirty(), 3, file.path, [](const auto& progress) {
      if (progress.epoch == 1) learn::interrupt_requested().store(true);
    });
    CHECK(record.interrupted);
    CHECK(net.layer<1>().neuron.threshold == 1.0);
  }
  auto changed = dual();
  changed.malicious.threshold = 1.25;
  Small net;
  CHECK_THROWS_WITH(train(changed, net, dirty(), 3, file.path),
                    Contains("grouping.malicious.threshold: expected 1.25, found 1.5"));
  CHECK_THROWS_WITH(train(learn::Bptt<>{dual()}, net, dirty(), 3, file.path), Contains("grouping"));
  train(dual(), net, dirty(), 3, file.path);
  CHECK(same_bits(net.parameters(), whole.parameters()));
}

TEST_CASE("The network has its own neurons back after a failure, too", "[learn]") {
  Small net;
  const Dirty<Shape{6, 6, 1}, 4> set = dirty();
  const std::vector<std::size_t> batch{0, 1, 170, 2, 171};
  std::vector<std::vector<std::size_t>> groups;
  std::vector<double> thresholds;
  const auto use = [&](std::span<const std::size_t> group) {
    groups.emplace_back(group.begin(), group.end());
    thresholds.push_back(net.layer<1>().neuron.threshold);
    if (groups.size() == 2) throw std::runtime_error{"broken"};
  };
  CHECK_THROWS_AS((learn::PoisonedByOtherNeurons{malicious}.each(net, set, batch, use)),
                  std::runtime_error);
  CHECK(groups == std::vector<std::vector<std::size_t>>{{0, 1, 2}, {170, 171}});
  CHECK(thresholds == std::vector<double>{1.0, 1.5});
  CHECK(net.layer<1>().neuron.threshold == 1.0);
}

TEST_CASE("Batch norms that may see one value of a channel are refused beforehand", "[learn]") {
  using Normed = Network<Shape{6, 6, 1}, layer::Dense<8>, layer::BatchNorm<>,
                         layer::Spiking<neuron::Lif<>>, layer::Dense<4>, layer::MeanOverTime>;
  Normed net;
  CHECK_THROWS_WITH(dual().fit(net, encode::Direct{}, dirty(),
                               {.epochs = 1, .batch_size = 16, .timesteps = 1}, {}, {}),
                    Contains("batch norm") && Contains("groups of one sample"));
}

TEST_CASE("BadSNN refuses malicious neurons that are none", "[learn]") {
  CHECK_THROWS_WITH(learn::BadSnn<>{.malicious = {.threshold = 1.0}}.check(),
                    Contains("malicious neurons"));
  CHECK_THROWS_WITH(learn::BadSnn<>{.malicious = {.threshold = -1.0}}.check(),
                    Contains("threshold"));
  CHECK_THROWS_WITH((learn::BadSnn<>{.attack = {{.tau = 0.0}}}.check()), Contains("time constant"));
  CHECK_THROWS_WITH((learn::BadSnn<>{.training = {.optimizer = {.rate = -1.0}}}.check()),
                    Contains("learning rate"));
  CHECK_NOTHROW(learn::BadSnn<>{}.check());
}
