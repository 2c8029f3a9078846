// How long does each layer of VGG11 take in a training step, and which limit of the machine is
// near?
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <program.hpp>
#include <training.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/kernels/linear/winograd.hpp>
#include <snnbd/kernels/simd/registers.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/pass.hpp>
#include <snnbd/report/table.hpp>

namespace {

using namespace snnbd;

constexpr Extent extent{16, 4};
constexpr int usual_percent = 10;
/// Of the inputs, where a max pooling stands before the layer: it fires if one of four neurons
/// does.
constexpr int pooled_percent = 25;

std::vector<float> random_values(Index count, std::uint64_t item) {
  std::vector<float> values(static_cast<std::size_t>(count + spare_values));
  random::Stream stream{1, random::Purpose::synthetic, item};
  for (float& value : values) value = stream.uniform() - 0.5F;
  return values;
}

/// What a computation asks of the machine.
struct Demand {
  double dense_operations = 0.0;  ///< that the dense form needs, a border of zeros included
  double operations = 0.0;        ///< that are done
  double cache_bytes = 0.0;       ///< rows of weights or gradients, from the second cache
  double memory_bytes = 0.0;      ///< what must move once, if no cache holds it
};

/// What is timed; the way back to the inputs does everything that the way to the weights does.
enum class LayerContext { forward, to_weights, to_inputs };

/// What reaches a layer: images that all steps share, or spikes.
enum class Fed { images, spikes };

/// One layer with what stands behind it in the network.
template <Fed By, Shape Input, class Spec, class... Behind>
class Alone {
 public:
  using In = std::conditional_t<By == Fed::images, Static<Input>, Spikes<Input>>;
  using Net = Network<Input, Spec, Behind...>;
  using Bound = layer::BoundTo<Spec, 0, In, float>;
  using Output = typename Net::template BoundTo<In>::Output;
  static constexpr bool follows_events = By == Fed::spikes;

  static Alone& get(int percent) {
    static std::map<int, std::unique_ptr<Alone>> made;
    auto& found = made[percent];
    if (!found) found = std::make_unique<Alone>(percent);
    return *found;
  }

  explicit Alone(int percent) {
    network::initialize(net_, 1);
    if constexpr (follows_events)
      kernels::draw_mask(1, 0, 0, 0.01 * percent, Input, frames, words_.data());
    bench::calibrate(net_, pass_, input(), 0.01 * usual_percent);
  }

  void run(LayerContext context) {
    if (context == LayerContext::forward)
      pass_.forward(net_, input(), {.training = true});
    else
      pass_.backward(
          net_, std::span{slope_}.first(std::size_t{slope_count}), gradient_,
          context == LayerContext::to_inputs ? std::span{input_gradient_} : std::span<float>{});
  }

  static Demand demand(LayerContext context, int percent) {
    constexpr double value = sizeof(float);
    constexpr auto weights = static_cast<double>(Net::parameter_count);
    constexpr auto currents = static_cast<double>(frames * Bound::Output::shape.size());
    constexpr auto inputs = static_cast<double>(frames * Input.size());
    constexpr double input_bytes = follows_events ? inputs / 8.0 : inputs * value;
    constexpr auto slopes = static_cast<double>(slope_count);
    constexpr double products =
        weights * static_cast<double>(frames * Bound::Output::shape.pixels());
    const double density = 0.01 * percent;
    Demand result;
    result.dense_operations = 2.0 * products;
    if (context == LayerContext::to_inputs) {
      constexpr double saved = winograd ? 2.25 : 1.0;
      result.operations = result.dense_operations / saved;
      // Products of Winograd's are blocks of some pixels, those of a dense layer of four frames.
      result.cache_bytes = products / saved * value / (winograd ? block_pixels : 4.0);
      result.memory_bytes = (weights + currents + inputs) * value;
      return result;
    }
    const double from = context == LayerContext::forward ? kernels::dense_from_density
                                                         : kernels::dense_gradient_from_density;
    const bool sparse = follows_events && density < from;
    result.operations = result.dense_operations * (sparse ? density : 1.0);
    result.cache_bytes = products * value * (sparse ? density : 1.0 / block_pixels);
    // Forward the membranes and the spikes are written. Back, the membranes and the spikes'
    // gradient are read and the currents' gradient is written; weights' gradients are added to.
    result.memory_bytes = context == LayerContext::forward
                              ? (weights + currents) * value + input_bytes + spike_bytes
                              : (2.0 * weights + 2.0 * currents + slopes) * value + input_bytes;
    return result;
  }

 private:
  static constexpr Index frames = layer::extent_of<In>(extent).frames();
  static constexpr Index slope_count =
      layer::extent_of<Output>(extent).frames() * Output::shape.size();
  static constexpr double spike_bytes =
      static_cast<double>(extent.frames() * Bound::Output::shape.size()) / 8.0;
  static constexpr bool winograd = Input.pixels() > 1 &&
                                   kernels::winograd_pays(Bound::Output::shape.channels,
                                                          Input.channels);
  /// Neighbouring outputs that a dense product makes from one row of weights in registers.
  static constexpr double block_pixels = kernels::detail::held_sums / 4.0;

  [[nodiscard]] ConstViewOf<In, float> input() const {
    if constexpr (follows_events) {
      return {words_.data(), extent, Input};
    } else {
      return {images_.data(), {extent.samples, 1}, Input};
    }
  }

  Net net_;
  Pass<Net, In> pass_{extent, true};
  std::vector<float> images_ = random_values(follows_events ? 0 : frames * Input.size(), 0);
  std::vector<Word> words_ = std::vector<Word>(static_cast<std::size_t>(
      follows_events ? frames * Input.pixels() * words_per_pixel(Input.channels) : 0));
  std::vector<float> slope_ = random_values(slope_count, 1);
  AlignedVector<float> gradient_ = AlignedVector<float>(std::size_t{Net::parameter_count});
  std::vector<float> input_gradient_ =
      std::vector<float>(static_cast<std::size_t>(frames * Input.size()));
};

/// A row of the table.
struct Row {
  std::string layer;
  std::string inputs;
  std::string context;
  Demand demand;
  std::string timed;
  std::string without;  ///< whose time does not count, or empty
};

std::vector<Row> rows;

template <class Layer>
std::string enlist(const std::string& layer, int percent, const char* work_name,
                   LayerContext context) {
  const std::string name = layer + '/' +
                           (Layer::follows_events ? std::to_string(percent) + '%' : "image") + '/' +
                           work_name;
  const auto run = [=](benchmark::State& state) {
    Layer& alone = Layer::get(percent);
    alone.run(LayerContext::forward);
    for (auto _ : state) {
      bench::empty_caches();
      const auto begin = std::chrono::steady_clock::now();
      alone.run(context);
      const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
      state.SetIterationTime(taken.count());
    }
  };
  benchmark::RegisterBenchmark(name.c_str(), run)
      ->UseManualTime()
      ->Iterations(5)
      ->Unit(benchmark::kMillisecond);
  return name;
}

template <class Layer>
void enlist_works(const std::string& layer, int percent) {
  const std::string inputs = Layer::follows_events ? std::to_string(percent) + " %" : "image";
  const auto demand = [=](LayerContext context) { return Layer::demand(context, percent); };
  const auto add = [&](const char* work_name, LayerContext context, const std::string& timed,
                       const std::string& without) {
    rows.push_back({layer, inputs, work_name, demand(context), timed, without});
  };
  add("forward", LayerContext::forward,
      enlist<Layer>(layer, percent, "forward", LayerContext::forward), {});
  const auto weights = enlist<Layer>(layer, percent, "back_to_weights", LayerContext::to_weights);
  add("weight gradient", LayerContext::to_weights, weights, {});
  // Nobody wants the gradient of an image.
  if (Layer::follows_events)
    add("input gradient", LayerContext::to_inputs,
        enlist<Layer>(layer, percent, "back_to_inputs", LayerContext::to_inputs), weights);
}

/// A layer behind others.
template <int Side, int Channels, class... Specs>
void enlist_layer(const std::string& layer, bool behind_pooling) {
  using Layer = Alone<Fed::spikes, Shape{Side, Side, Channels}, Specs...>;
  enlist_works<Layer>(layer, usual_percent);
  if (behind_pooling) enlist_works<Layer>(layer, pooled_percent);
}

void enlist_all() {
  using Neurons = layer::Spiking<bench::PeersLif>;
  using Halved = layer::MaxPool<2>;
  using layer::Conv;
  using layer::Dense;
  enlist_works<Alone<Fed::images, Shape{32, 32, 3}, Conv<64, 3>, Neurons, Halved>>("conv_1",
                                                                                   usual_percent);
  enlist_layer<16, 64, Conv<128, 3>, Neurons, Halved>("conv_2", true);
  enlist_layer<8, 128, Conv<256, 3>, Neurons>("conv_3", true);
  enlist_layer<8, 256, Conv<256, 3>, Neurons, Halved>("conv_4", false);
  enlist_layer<4, 256, Conv<512, 3>, Neurons>("conv_5", true);
  enlist_layer<4, 512, Conv<512, 3>, Neurons, Halved>("conv_6", false);
  enlist_layer<2, 512, Conv<512, 3>, Neurons>("conv_7", true);
  enlist_layer<2, 512, Conv<512, 3>, Neurons, Halved>("conv_8", false);
  enlist_layer<1, 512, Dense<4096>, Neurons>("dense_1", true);
  enlist_layer<1, 4096, Dense<4096>, Neurons>("dense_2", false);
  enlist_layer<1, 4096, Dense<10>, layer::MeanOverTime>("dense_3", false);
}

std::string with_digits(const char* format, double value) {
  char text[32];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::string percent_of(double part, double whole) {
  return with_digits("%.0f %%", 100.0 * part / whole);
}

/// The limit of which the largest share is used.
std::string nearest_limit(const Demand& demand) {
  const bench::Machine& machine = bench::machine();
  const std::array limits{std::pair{demand.operations / machine.fma_peak, "FMA peak"},
                          std::pair{demand.cache_bytes / machine.second_cache, "second cache"},
                          std::pair{demand.memory_bytes / machine.bandwidth, "memory"}};
  return std::max_element(limits.begin(), limits.end())->second;
}

void conclude(const bench::Medians& medians) {
  using Align = report::Table::Align;
  const auto right = [](const char* heading) {
    return report::Table::Column{heading, Align::right};
  };
  report::Table table{{{"layer"},
                       right("inputs"),
                       {"context"},
                       right("ms"),
                       right("GFLOP/s"),
                       right("of FMA peak"),
                       right("done, of FMA peak"),
                       right("of second cache"),
                       right("of memory"),
                       {"nearest limit"}}};
  for (const Row& row : rows) {
    const double whole = medians.milliseconds(row.timed);
    const double part = row.without.empty() ? 0.0 : medians.milliseconds(row.without);
    const double seconds = 1e-3 * (whole - part);
    if (whole == 0.0 || seconds <= 0.0 || (part == 0.0 && !row.without.empty())) continue;
    const Demand& demand = row.demand;
    const bench::Machine& machine = bench::machine();
    table.add({row.layer, row.inputs, row.context, with_digits("%.2f", 1e3 * seconds),
               with_digits("%.0f", 1e-9 * demand.dense_operations / seconds),
               percent_of(demand.dense_operations / seconds, machine.fma_peak),
               percent_of(demand.operations / seconds, machine.fma_peak),
               percent_of(demand.cache_bytes / seconds, machine.second_cache),
               percent_of(demand.memory_bytes / seconds, machine.bandwidth),
               nearest_limit(demand)});
  }
  std::printf("\n%s", table.markdown().c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(argc, argv, enlist_all, conclude);
}
