// One network as the peer runs it: a training step, or inference. Takes the peer's command line and
// prints its line of JSON.
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <fstream>
#include <span>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <training.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/layer/relu.hpp>
#include <snnbd/model/model.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>

namespace {

using namespace snnbd;

constexpr Index batch_size = 16;
constexpr int classes = 10;
constexpr double wanted_rate = 0.1;
constexpr double event_share = 0.05;  ///< of the values of a frame that are not zero

/// What is measured, and how often.
struct Task {
  std::string net;
  std::string kind;
  Index steps = 4;
  int runs = 5;
  int warmup = 2;

  [[nodiscard]] bool trains() const { return kind == "train" || kind == "ann_train"; }
};

/// A batch of noise: images, or a frame of events at each step.
template <Signal In>
class Noise {
 public:
  explicit Noise(Index steps)
      : extent_{batch_size, timed<In> ? steps : 1},
        images_(bench::event_frames(extent_.frames() * In::shape.size(), event_share)) {
    random::Stream stream{1, random::Purpose::synthetic};
    if constexpr (!timed<In>)
      for (float& value : images_) value = stream.uniform();
    for (std::size_t i = 0; i < labels_.size(); ++i) labels_[i] = static_cast<int>(i) % classes;
  }

  [[nodiscard]] RealView<const float> images() const {
    return {images_.data(), extent_, In::shape};
  }
  [[nodiscard]] std::span<const int> labels() const { return labels_; }

 private:
  Extent extent_;
  std::vector<float> images_;
  std::vector<int> labels_ = std::vector<int>(std::size_t{batch_size});
};

/// The most memory that this process held, in MiB.
double peak_memory() {
  std::ifstream status{"/proc/self/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stod(line.substr(6)) / 1024.0;
  return 0.0;
}

/// What was measured, as the peer prints it.
struct Result {
  std::vector<double> milliseconds;
  std::vector<double> rates;
};

/// @param pass that `run` uses
template <class Net, class Pass, class Run>
Result measure(const Task& task, Net& net, Pass& pass, RealView<const float> images,
               const Run& run) {
  Result result;
  network::initialize(net, 1);
  if constexpr (Net::spikes) bench::calibrate(net, pass, images, wanted_rate);
  for (int number = -task.warmup; number < task.runs; ++number) {
    const auto begin = std::chrono::steady_clock::now();
    run();
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - begin;
    if (number >= 0) result.milliseconds.push_back(taken.count());
  }
  if constexpr (Net::spikes) result.rates = bench::firing_rates(pass);
  return result;
}

template <class Net, Signal In = Static<Net::input_shape>>
Result measure(const Task& task) {
  const Noise<In> noise{task.steps};
  const Extent extent{batch_size, task.steps};
  Net net;
  if (task.trains()) {
    // At a rate of 0: the work is the same and the network stays, so that all steps see the same.
    bench::Training<Net, In> training{net, extent};
    return measure(task, net, training.pass(), noise.images(),
                   [&] { training.step(noise.images(), noise.labels(), 0.0); });
  }
  Pass<Net, In> pass{extent, false};
  return measure(task, net, pass, noise.images(), [&] { pass.forward(net, noise.images()); });
}

template <class Unit>
Result measure_net(const Task& task) {
  constexpr Shape image{32, 32, 3};
  if (task.net == "vgg11") return measure<model::Vgg11<image, classes, Unit>>(task);
  if (task.net == "resnet18") return measure<model::ResNet18<image, classes, Unit>>(task);
  return measure<model::ConvNet<Shape{28, 28, 1}, classes, Unit>>(task);
}

/// Of frames of events.
template <template <Shape, int, class, model::Options> class Model, Shape Frame>
Result measure_events(const Task& task) {
  using Net = Model<Frame, classes, bench::PeersLif, model::Options{}>;
  return measure<Net, Counts<Frame>>(task);
}

Result measure_events(const Task& task) {
  constexpr Shape small{34, 34, 2};
  if (task.net == "vgg11_34") return measure_events<model::Vgg11, small>(task);
  if (task.net == "events_34") return measure_events<model::EventNet, small>(task);
  return measure_events<model::EventNet, Shape{128, 128, 2}>(task);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Measures one of our networks as the peer measures its own."};
  Task task;
  app.add_option("--net", task.net)
      ->required()
      ->check(CLI::IsMember({"vgg11", "resnet18", "mnist", "vgg11_34", "events_34", "events_128"}));
  app.add_option("--kind", task.kind)
      ->required()
      ->check(CLI::IsMember({"train", "infer", "ann_train", "ann_infer"}));
  app.add_option("--steps", task.steps, "steps of time (not for ANNs)")->check(CLI::Range(1, 4096));
  app.add_option("--runs", task.runs, "how many runs are timed")->check(CLI::Range(1, 1000));
  app.add_option("--warmup", task.warmup, "how many runs come before")->check(CLI::Range(0, 1000));
  CLI11_PARSE(app, argc, argv);
  const bool spiking = !task.kind.starts_with("ann");
  if (!spiking) task.steps = 1;
  const bool events = task.net.ends_with("_34") || task.net.ends_with("_128");
  if (events && !spiking) {
    std::fprintf(stderr, "--kind: expected train or infer for %s, as ANNs see images, found %s\n",
                 task.net.c_str(), task.kind.c_str());
    return 1;
  }
  const Result result = events    ? measure_events(task)
                        : spiking ? measure_net<bench::PeersLif>(task)
                                  : measure_net<layer::Relu>(task);
  const nlohmann::ordered_json line{{"net", task.net},       {"kind", task.kind},
                                    {"T", task.steps},       {"ms", result.milliseconds},
                                    {"rates", result.rates}, {"rss_mb", peak_memory()}};
  std::printf("%s\n", line.dump().c_str());
  return 0;
}
