// One network as the peer runs it: a training step, or inference. Takes the peer's command line and
// prints its line of JSON.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/pack.hpp>
#include <snnbd/layer/relu.hpp>
#include <snnbd/learn/loss.hpp>
#include <snnbd/learn/optimiser.hpp>
#include <snnbd/learn/segments.hpp>
#include <snnbd/model/model.hpp>
#include <snnbd/network/initialise.hpp>
#include <snnbd/network/pass.hpp>

namespace {

using namespace snnbd;

constexpr Index batch_size = 16;
constexpr int classes = 10;
constexpr double wanted_rate = 0.1;

/// What is measured, and how often.
struct Task {
  std::string net;
  std::string kind;
  Index steps = 4;
  int runs = 5;
  int warmup = 2;

  [[nodiscard]] bool trains() const { return kind == "train" || kind == "ann_train"; }
};

/// A network and a batch of noise.
template <class Net>
class Bench {
 public:
  using Input = Static<Net::input_shape>;

  Bench(Index steps, bool training) : pass_{{batch_size, steps}, training} {
    network::initialise(net_, 1);
    random::Stream stream{1, random::Purpose::synthetic};
    for (float& value : images_) value = stream.uniform();
    for (std::size_t i = 0; i < labels_.size(); ++i) labels_[i] = static_cast<int>(i) % classes;
  }

  void infer() { pass_.forward(net_, images()); }

  /// At a rate of 0: the work is the same and the network stays, so that all steps see the same.
  void train() {
    std::fill(gradient_.begin(), gradient_.end(), 0.0F);
    const auto out = pass_.forward(net_, images(), {.training = true, .seed = 1, .draw = draw_++});
    const learn::Outputs<float> outputs{out.data, out.extent, static_cast<int>(out.frame_size())};
    slope_.resize(static_cast<std::size_t>(outputs.size() + spare_values));
    learn::CrossEntropy{}.measure<float>(outputs, labels_, weights_, slope_.data());
    pass_.backward(net_, slope_.data(), gradient_);
    optimiser_.step(learn::Adam{}, 0.0, segments_, gradient_, net_.parameters());
  }

  /// Looks, layer by layer, for the threshold at which the wanted share of the neurons fires. It
  /// scales the currents as weights would. In training, units are dropped out and batch norms have
  /// the moments of this batch, as in the steps that are timed; in inference neither.
  void calibrate() {
    const std::size_t layers = rates().size();
    for (std::size_t layer = 0; layer < layers; ++layer) {
      double low = 1e-4;
      double high = 1e4;
      for (int round = 0; round < 20; ++round) {
        const double threshold = std::sqrt(low * high);
        set_threshold(layer, threshold);
        run();
        (rates()[layer] > wanted_rate ? low : high) = threshold;
      }
    }
    run();
  }

  [[nodiscard]] std::vector<double> rates() const {
    std::vector<double> result;
    pass_.for_each_firing(
        [&](SpikeView<const Word> spikes) { result.push_back(kernels::density(spikes)); });
    return result;
  }

 private:
  [[nodiscard]] RealView<const float> images() const {
    return {images_.data(), {batch_size, 1}, Net::input_shape};
  }

  void run() { pass_.forward(net_, images(), {.training = true}); }

  void set_threshold(std::size_t wanted, double threshold) {
    std::size_t layer = 0;
    net_.for_each_neuron([&](auto& neuron) {
      if (layer++ == wanted) neuron.threshold = static_cast<float>(threshold);
    });
  }

  Net net_;
  Pass<Net, Input> pass_;
  learn::Adam::State<float> optimiser_{Net::parameter_count};
  std::vector<learn::Segment> segments_ = learn::segments_of(Net::tensors());
  std::vector<float> gradient_ = std::vector<float>(std::size_t{Net::parameter_count});
  std::vector<float> images_ = std::vector<float>(
      static_cast<std::size_t>(batch_size * Net::input_shape.size() + spare_values));
  std::vector<float> slope_;
  std::vector<int> labels_ = std::vector<int>(std::size_t{batch_size});
  std::vector<double> weights_ = std::vector<double>(std::size_t{batch_size}, 1.0 / batch_size);
  std::uint64_t draw_ = 0;
};

/// The most memory that this process held, in MiB.
double peak_memory() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024.0;
  return 0.0;
}

template <class Net>
int measure(const Task& task) {
  Bench<Net> bench{task.steps, task.trains()};
  std::vector<double> rates;
  if constexpr (Net::spikes) {
    bench.calibrate();
    rates = bench.rates();
  }
  std::vector<double> times;
  for (int run = -task.warmup; run < task.runs; ++run) {
    const auto begin = std::chrono::steady_clock::now();
    task.trains() ? bench.train() : bench.infer();
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - begin;
    if (run >= 0) times.push_back(taken.count());
  }
  const nlohmann::ordered_json line{{"net", task.net}, {"kind", task.kind},
                                    {"T", task.steps}, {"ms", times},
                                    {"rates", rates},  {"rss_mb", peak_memory()}};
  std::printf("%s\n", line.dump().c_str());
  return 0;
}

/// LIF neurons as the peer has them: tau 2, hard reset, a sigmoid surrogate of steepness 4.
using Neuron = neuron::Lif<neuron::HardReset, neuron::Sigmoid>;

template <class Unit>
int measure_net(const Task& task) {
  constexpr Shape image{32, 32, 3};
  if (task.net == "vgg11") return measure<model::Vgg11<image, classes, Unit>>(task);
  if (task.net == "resnet18") return measure<model::ResNet18<image, classes, Unit>>(task);
  return measure<model::ConvNet<Shape{28, 28, 1}, classes, Unit>>(task);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Measures one of our networks as the peer measures its own."};
  Task task;
  app.add_option("--net", task.net)
      ->required()
      ->check(CLI::IsMember({"vgg11", "resnet18", "mnist"}));
  app.add_option("--kind", task.kind)
      ->required()
      ->check(CLI::IsMember({"train", "infer", "ann_train", "ann_infer"}));
  app.add_option("--steps", task.steps, "steps of time (not for ANNs)")->check(CLI::Range(1, 4096));
  app.add_option("--runs", task.runs, "how many runs are timed")->check(CLI::Range(1, 1000));
  app.add_option("--warmup", task.warmup, "how many runs come before")->check(CLI::Range(0, 1000));
  CLI11_PARSE(app, argc, argv);
  if (!task.kind.starts_with("ann")) return measure_net<Neuron>(task);
  task.steps = 1;
  return measure_net<layer::Relu>(task);
}
