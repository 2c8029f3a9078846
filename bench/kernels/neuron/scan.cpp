// How fast do neurons go through time, and how much of that does the memory allow?
#include <cstdint>
#include <string>

#include <benchmark/benchmark.h>

#include <program.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/kernels/neuron/scan_batch.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/neuron/neuron.hpp>

namespace {

using namespace snnbd;

/// One sample: 64 channels fill a word of spikes, as in most layers.
constexpr Shape shape{8, 16, 64};

/// What must pass between memory and a core for one update, in bytes. What a cache still holds from
/// the iteration before need not pass: small sizes may exceed the memory's bandwidth.
constexpr double spike_bytes = 1.0 / 8.0;
/// Forward: the current is read, the spike is written.
constexpr double forward_bytes = sizeof(float) + spike_bytes;
/// Forward and backward: beyond that the membrane at charge is written and read again, the gradient
/// of the spike is read, the gradient of the current is written.
constexpr double training_bytes = forward_bytes + 4.0 * sizeof(float);

/// SpikingJelly with its fastest backend for processors takes about this long to carry 131,072 LIF
/// neurons through 16 steps and back, on a comparable machine with two threads. It was measured
/// there, not here: only the order of the ratio means something.
constexpr double spikingjelly_ms = 45.0;
constexpr Index spikingjelly_neurons = 131'072;
constexpr Index spikingjelly_steps = 16;

template <class Neuron>
class Scan {
 public:
  Scan(Index neurons, Index steps) : extent_{neurons / shape.size(), steps} {
    // Enough above the threshold for every fifth neuron or so to fire, whatever it multiplies its
    // input by.
    const auto gain = static_cast<float>(Neuron{}.gain());
    fill(current_, -0.8F / gain, 1.2F / gain, 1);
    fill(spike_gradient_, -0.01F, 0.01F, 2);
  }

  void forward(bool training) {
    kernels::scan_forward<Cell, float>(
        cell_, extent_, shape, real<const float>(current_),
        training ? real<float>(charge_) : kernels::Field<float>{},
        kernels::field_of(spikes_.words, shape, extent_.steps, Index{spikes_.pixel_words()}), {});
  }

  void backward() {
    kernels::scan_backward<float>(
        cell_, extent_, shape, real<const float>(charge_), {},
        kernels::StoredGradient<float>{real<const float>(spike_gradient_)},
        real<float>(current_gradient_));
  }

  [[nodiscard]] double updates() const { return static_cast<double>(current_.size()); }
  [[nodiscard]] double firing_rate() const {
    return static_cast<double>(kernels::count_spikes(spikes_)) / updates();
  }

 private:
  using Cell = neuron::Cell<Neuron, lanes::Batch<float>>;
  using Reals = SignalBuffer<Real<shape>, float>;

  template <class Value>
  kernels::Field<Value> real(RealView<float> values) const {
    return kernels::field_of<Value>(values.data, shape, extent_.steps, Index{shape.channels});
  }

  static void fill(RealView<float> values, float low, float high, std::uint64_t item) {
    parallel_for(values.extent.frames(), [&](Index frame) {
      random::Stream stream{item, random::Purpose::synthetic, static_cast<std::uint64_t>(frame)};
      float* const target = values.data + frame * values.frame_size();
      for (Index i = 0; i < values.frame_size(); ++i)
        target[i] = low + (high - low) * stream.uniform();
    });
  }

  Extent extent_;
  Cell cell_{Neuron{}};
  Reals buffers_[4];
  SignalBuffer<Spikes<shape>, float> spike_buffer_;
  RealView<float> current_ = buffers_[0].view(extent_);
  RealView<float> charge_ = buffers_[1].view(extent_);
  RealView<float> spike_gradient_ = buffers_[2].view(extent_);
  RealView<float> current_gradient_ = buffers_[3].view(extent_);
  SpikeView<Word> spikes_ = spike_buffer_.view(extent_);
};

template <class Neuron>
void run(benchmark::State& state, Index neurons, Index steps, bool training) {
  Scan<Neuron> scan{neurons, steps};
  const auto pass = [&] {
    scan.forward(training);
    if (training) scan.backward();
    benchmark::ClobberMemory();
  };
  pass();  // the system gives pages when they are first written
  for (auto _ : state) pass();
  const double bytes = scan.updates() * (training ? training_bytes : forward_bytes);
  state.counters["updates/s"] = bench::each(scan.updates());
  state.counters["GB/s"] = bench::each(bytes * 1e-9);
  state.counters["of_bandwidth"] = bench::each(bytes / bench::machine().bandwidth);
  state.counters["fires"] = scan.firing_rate();
  if (training && Neuron::name == "lif" && neurons == spikingjelly_neurons &&
      steps == spikingjelly_steps)
    state.counters["times_spikingjelly"] = bench::times_faster(spikingjelly_ms);
}

template <class Neuron>
void enlist_neuron() {
  for (const bool training : {false, true}) {
    // From what the second-level cache holds to what no cache holds.
    for (const Index neurons : {Index{8'192}, spikingjelly_neurons, Index{1'048'576}}) {
      for (const Index steps : {Index{4}, spikingjelly_steps}) {
        const std::string name = std::string{Neuron::name} +
                                 (training ? "/forward+backward/" : "/forward/") +
                                 std::to_string(neurons) + "/T=" + std::to_string(steps);
        benchmark::RegisterBenchmark(
            name.c_str(),
            [=](benchmark::State& state) { run<Neuron>(state, neurons, steps, training); })
            ->UseRealTime()
            ->Unit(benchmark::kMillisecond);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(
      argc, argv,
      [] {
        enlist_neuron<neuron::If<>>();
        enlist_neuron<neuron::Lif<>>();
      },
      [](const bench::Medians&) {});
}
