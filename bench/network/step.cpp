// How long does a training step of the MNIST network take, and how long inference?
#include <initializer_list>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <program.hpp>
#include <training.hpp>

#include <snnbd/data/batches.hpp>
#include <snnbd/data/mnist.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

namespace {

using namespace snnbd;

/// 32C3-P2-64C3-P2-256-10.
template <class Activation>
using ConvNet = Network<data::Mnist::shape,                                 //
                        layer::Conv<32, 3>, Activation, layer::MaxPool<2>,  //
                        layer::Conv<64, 3>, Activation, layer::MaxPool<2>,  //
                        layer::Dense<256>, Activation,                      //
                        layer::Dense<data::Mnist::classes>, layer::MeanOverTime>;
using LifNet = ConvNet<layer::Spiking<neuron::Lif<>>>;
using IfNet = ConvNet<layer::Spiking<neuron::If<>>>;
using Ann = ConvNet<layer::Relu>;

constexpr Index batch_size = 16;

/// What the fastest PyTorch framework for spiking networks takes for the same network and batch, in
/// milliseconds, with two threads on a comparable machine; for the rectifiers, PyTorch itself. They
/// were measured there, not here: a fair ratio needs both on one machine, run as peers.
struct Reference {
  double training = 0.0;
  double inference = 0.0;
};
Reference reference(bool spiking, Index steps) {
  if (!spiking) return {17.0, 4.4};
  if (steps == 4) return {65.0, 20.0};
  if (steps == 16) return {248.0, 84.0};
  return {};
}

/// The digits that come with the library, in batches that lie ready: reading is not measured.
class Digits {
 public:
  static constexpr std::size_t count = 64;

  static const Digits& get() {
    static const Digits digits;
    return digits;
  }

  [[nodiscard]] RealView<const float> images(std::size_t batch) const {
    return {images_.data() + batch % count * image_values, {batch_size, 1}, data::Mnist::shape};
  }
  [[nodiscard]] std::span<const int> labels(std::size_t batch) const {
    return std::span{labels_}.subspan(batch % count * samples, samples);
  }

 private:
  static constexpr std::size_t samples = batch_size;
  static constexpr std::size_t image_values = samples * data::Mnist::shape.size();

  Digits() : images_(count * image_values), labels_(count * samples) {
    const data::Mnist set{data::Part::train};
    const data::Batches batches{set.size(), {samples, 1}};
    data::fill(set, batches.order().first(labels_.size()), images_, labels_);
  }

  std::vector<float> images_;
  std::vector<int> labels_;
};

/// A network with some steps behind it: at first neurons fire more, or less, than they will.
template <class Net>
class WarmedUp {
 public:
  static WarmedUp& get(Index steps) {
    static std::map<Index, std::unique_ptr<WarmedUp>> made;
    auto& found = made[steps];
    if (!found) found = std::make_unique<WarmedUp>(steps);
    return *found;
  }

  explicit WarmedUp(Index steps) : training_{net_, {batch_size, steps}} {
    network::initialize(net_, 1);
    for (std::size_t i = 0; i < Digits::count; ++i) step(1.0);
  }

  void step(double rate_scale) {
    const std::size_t batch = number_++;
    training_.step(Digits::get().images(batch), Digits::get().labels(batch), rate_scale);
  }

  [[nodiscard]] const Net& net() const { return net_; }
  [[nodiscard]] const auto& pass() { return training_.pass(); }

 private:
  Net net_;
  bench::Training<Net> training_;
  std::size_t number_ = 0;
};

/// The share of the units that fired, for each signal of spikes in the last batch.
template <class Pass, std::size_t... I>
void count_firing(benchmark::State& state, const Pass& pass, std::index_sequence<I...>) {
  const auto count = [&](const auto& signal) {
    if constexpr (requires { signal.words; }) {
      state.counters["fires " + to_string(signal.shape)] = kernels::density(signal);
    }
  };
  (count(pass.template signal<I>()), ...);
}

template <class Pass>
void report(benchmark::State& state, const Pass& pass, double reference_ms) {
  state.counters["images/s"] = bench::each(static_cast<double>(batch_size));
  if (reference_ms > 0.0) state.counters["times_pytorch"] = bench::times_faster(reference_ms);
  count_firing(state, pass, std::make_index_sequence<Pass::List::size>{});
}

template <class Net>
void train(benchmark::State& state, Index steps) {
  auto& warm = WarmedUp<Net>::get(steps);
  for (auto _ : state) warm.step(0.0);
  report(state, warm.pass(), reference(Net::spikes, steps).training);
}

template <class Net>
void infer(benchmark::State& state, Index steps) {
  const Net& net = WarmedUp<Net>::get(steps).net();
  Pass<Net, typename bench::Training<Net>::Input> pass{{batch_size, steps}, false};
  std::size_t batch = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(pass.forward(net, Digits::get().images(batch++)).data);
  report(state, pass, reference(Net::spikes, steps).inference);
}

void enlist(const std::string& name, void (*run)(benchmark::State&, Index), Index steps) {
  benchmark::RegisterBenchmark(name.c_str(), [=](benchmark::State& state) { run(state, steps); })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

template <class Net>
void enlist_network(const std::string& name, std::initializer_list<Index> step_counts) {
  for (const Index steps : step_counts) {
    std::string training = name + "/training";
    std::string inference = name + "/inference";
    if (Net::spikes)
      for (std::string* const text : {&training, &inference})
        text->append("/T=").append(std::to_string(steps));
    enlist(training, train<Net>, steps);
    enlist(inference, infer<Net>, steps);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(
      argc, argv,
      [] {
        enlist_network<LifNet>("lif", {4, 16});
        enlist_network<IfNet>("if", {4, 16});
        enlist_network<Ann>("ann", {1});
      },
      [](const bench::Medians&) {});
}
