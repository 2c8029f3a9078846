// How long do a training step and inference take on frames of events, and how much do first layers
// that follow counts save?
#include <cstddef>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <program.hpp>
#include <training.hpp>

#include <snnbd/layer/layer.hpp>
#include <snnbd/model/dvs_gesture_net.hpp>
#include <snnbd/model/event_net.hpp>
#include <snnbd/model/vgg11.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

namespace {

using namespace snnbd;

constexpr Index steps = 10;
constexpr int classes = 10;
constexpr double share = 0.05;  ///< of the values of a frame that are not zero
constexpr double wanted_rate = 0.1;

/// A network whose layers fire at the wanted rate, and a batch for it.
template <class Net, Signal In, Index Samples>
class Ready {
 public:
  static Ready& get() {
    static Ready ready;
    return ready;
  }

  void train() { training_.step(frames(), labels_, 0.0); }
  const float* infer() { return inference_.forward(net_, frames()).data; }

 private:
  Ready() {
    network::initialize(net_, 1);
    bench::calibrate(net_, training_.pass(), frames(), wanted_rate);
    for (std::size_t i = 0; i < labels_.size(); ++i) labels_[i] = static_cast<int>(i) % classes;
  }

  [[nodiscard]] RealView<const float> frames() const {
    return {frames_.data(), {Samples, steps}, In::shape};
  }

  Net net_;
  bench::Training<Net, In> training_{net_, {Samples, steps}};
  Pass<Net, In> inference_{{Samples, steps}, false};
  std::vector<float> frames_ = bench::event_frames(Samples * steps * In::shape.size(), share);
  std::vector<int> labels_ = std::vector<int>(std::size_t{Samples});
};

void enlist(const std::string& name, Index samples, void (*run)()) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [=](benchmark::State& state) {
                                 run();
                                 for (auto _ : state) run();
                                 state.counters["image-steps/s"] =
                                     bench::each(static_cast<double>(samples * steps));
                               })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

template <class Net, Signal In, Index Samples>
void enlist_network(const std::string& name) {
  using Made = Ready<Net, In, Samples>;
  enlist(name + "/training", Samples, [] { Made::get().train(); });
  enlist(name + "/inference", Samples, [] { benchmark::DoNotOptimize(Made::get().infer()); });
}

constexpr Shape saccades{34, 34, 2};
constexpr Shape gestures{128, 128, 2};

template <Shape Frame>
using Small = model::EventNet<Frame, classes, bench::PeersLif>;

void enlist_all() {
  enlist_network<Small<saccades>, Counts<saccades>, 16>("small/34x34/counts");
  enlist_network<Small<saccades>, Real<saccades>, 16>("small/34x34/dense");
  enlist_network<Small<gestures>, Counts<gestures>, 16>("small/128x128/counts");
  enlist_network<Small<gestures>, Real<gestures>, 16>("small/128x128/dense");
  enlist_network<model::Vgg11<saccades, classes, bench::PeersLif>, Counts<saccades>, 16>(
      "vgg11/34x34/counts");
  enlist_network<model::DvsGestureNet<gestures, classes, bench::PeersLif>, Counts<gestures>, 2>(
      "gestures/128x128/counts");
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(argc, argv, enlist_all, [](const bench::Medians&) {});
}
