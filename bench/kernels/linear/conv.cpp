// From which share of active inputs on is it faster to multiply than to follow events?
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <span>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include <program.hpp>

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/dense_conv.hpp>
#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/linear/masked_input_gradient.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/neuron/fused_scan.hpp>

namespace {

using namespace snnbd;

constexpr Extent extent{16, 4};
constexpr std::array percents{1, 2, 5, 10, 20, 30, 50};

kernels::ConvGeometry geometry_of(int in, int out, int side) {
  return {{side, side, in}, {side, side, out}, 3, 3, 1, 1};
}

const std::array<kernels::ConvGeometry, 6> geometries{
    geometry_of(32, 64, 14),  geometry_of(64, 64, 32),  geometry_of(64, 128, 16),
    geometry_of(256, 256, 8), geometry_of(512, 512, 4), geometry_of(512, 512, 2)};

std::vector<float> random_values(Index count, std::uint64_t item) {
  std::vector<float> values(static_cast<std::size_t>(count + spare_values));
  random::Stream stream{1, random::Purpose::synthetic, item};
  for (float& value : values) value = 0.1F * (stream.uniform() - 0.5F);
  return values;
}

/// One convolution of a batch and its two gradients, each by the way that is told and not by the
/// one that the library would choose.
class Convolution {
 public:
  Convolution(const kernels::ConvGeometry& geometry, double density)
      : geometry_{geometry},
        words_(static_cast<std::size_t>(spikes_.size())),
        unpacked_(random_values(extent.frames() * geometry.in.size(), 0)) {
    spikes_.words = words_.data();
    kernels::draw_mask(1, 0, 0, density, geometry.in, extent.frames(), words_.data());
    const auto outputs = random_values(extent.frames() * geometry.out.size(), 2);
    kernels::copy_field(
        kernels::field_of(outputs.data(), geometry.out, extent.steps, Index{geometry.out.channels}),
        extent, geometry.out, kernels::open_plane<float>(plane_, geometry, extent.steps));
  }

  void forward_by_events() {
    kernels::detail::convolve_events<float>(spikes_, geometry_, layer_weights(), scratch_, drop);
  }

  void forward_densely() {
    kernels::unpack<float>(spikes_, 0, extent.samples, unpacked_.data());
    kernels::convolve<float>(reals(), geometry_, layer_weights(), scratch_, drop);
  }

  void weight_gradient_by_events() {
    kernels::event_weight_gradient<float>(spikes_, geometry_, plane_.data(), scratch_,
                                          gradient_.data());
  }

  void weight_gradient_densely() {
    kernels::unpack<float>(spikes_, 0, extent.samples, unpacked_.data());
    kernels::conv_weight_gradient<float>(reals(), geometry_, plane_.data(), scratch_,
                                         gradient_.data());
  }

  void input_gradient_densely() {
    kernels::conv_input_gradient<float>(plane_.data(), weights_.data(), geometry_, extent.frames(),
                                        scratch_, unpacked_.data());
  }

  /// The units that fire are those that count as live.
  void masked_input_gradient() {
    kernels::masked_conv_input_gradient<float>(plane_.data(), weights_.data(), geometry_, spikes_,
                                               unpacked_.data());
  }

  /// Operations of the dense form, a border of zeros included.
  [[nodiscard]] double operations() const {
    return 2.0 *
           static_cast<double>(extent.frames() * geometry_.out.size() * geometry_.weight_rows());
  }

 private:
  static void drop(const kernels::Tile& /*tile*/, const float* values, Index /*step_stride*/,
                   Index /*pixel_stride*/) {
    benchmark::DoNotOptimize(values);
    benchmark::ClobberMemory();
  }

  [[nodiscard]] RealView<const float> reals() const {
    return {unpacked_.data(), extent, geometry_.in};
  }

  [[nodiscard]] kernels::Weights<float> layer_weights() const {
    return {weights_.data(), nullptr, geometry_.weight_rows(), Index{geometry_.out.channels}};
  }

  kernels::ConvGeometry geometry_;
  SpikeView<Word> spikes_{nullptr, extent, geometry_.in};
  std::vector<Word> words_;
  std::vector<float> unpacked_;
  std::vector<float> weights_ = random_values(geometry_.weight_rows() * geometry_.out.channels, 1);
  std::vector<float> gradient_ = std::vector<float>(weights_.size());
  Scratch scratch_;
  std::span<float> plane_ =
      scratch_.get<struct Plane, float>(extent.frames() * geometry_.plane().size());
};

using Way = void (Convolution::*)();

/// A computation that can be done in two ways.
struct Choice {
  std::string name;
  Way densely;
  Way by_events;
};

const std::array<Choice, 3> choices{
    Choice{"forward", &Convolution::forward_densely, &Convolution::forward_by_events},
    Choice{"weight_gradient", &Convolution::weight_gradient_densely,
           &Convolution::weight_gradient_by_events},
    Choice{"input_gradient", &Convolution::input_gradient_densely,
           &Convolution::masked_input_gradient}};

std::string size_of(const kernels::ConvGeometry& geometry) {
  return std::to_string(geometry.in.channels) + "to" + std::to_string(geometry.out.channels) +
         "at" + std::to_string(geometry.in.height) + "x" + std::to_string(geometry.in.width);
}

std::string dense_name(const std::string& what, const kernels::ConvGeometry& geometry) {
  return what + '/' + size_of(geometry) + "/dense";
}

std::string event_name(const std::string& what, const kernels::ConvGeometry& geometry,
                       int percent) {
  return what + '/' + size_of(geometry) + "/events/" + std::to_string(percent) + '%';
}

void enlist(const std::string& name, const kernels::ConvGeometry& geometry, double density,
            Way way) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [=](benchmark::State& state) {
                                 Convolution convolution{geometry, density};
                                 for (auto _ : state) {
                                   (convolution.*way)();
                                   benchmark::ClobberMemory();
                                 }
                                 const double operations = convolution.operations();
                                 state.counters["GFLOP/s"] = bench::each(operations * 1e-9);
                                 state.counters["of_fma_peak"] =
                                     bench::each(operations / bench::machine().fma_peak);
                               })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

void enlist_all() {
  // The dense way takes as long whatever fires.
  constexpr double any_density = 0.2;
  for (const Choice& choice : choices) {
    for (const auto& geometry : geometries) {
      enlist(dense_name(choice.name, geometry), geometry, any_density, choice.densely);
      for (const int percent : percents)
        enlist(event_name(choice.name, geometry, percent), geometry, 0.01 * percent,
               choice.by_events);
    }
  }
}

/// Where two measured densities lie on both sides of the crossover, the straight line between them.
std::string crossover(const std::vector<double>& times_dense) {
  for (std::size_t i = 0; i < times_dense.size(); ++i) {
    if (times_dense[i] >= 1.0) continue;
    if (i == 0) return "below " + std::to_string(percents[0]) + " %";
    const double share = (times_dense[i - 1] - 1.0) / (times_dense[i - 1] - times_dense[i]);
    const double percent = percents[i - 1] + share * (percents[i] - percents[i - 1]);
    return "at " + std::to_string(std::lround(percent)) + " %";
  }
  return "above " + std::to_string(percents.back()) + " %";
}

/// How many times faster events are than the dense way, and where they cease to be: what
/// `dense_from_density`, `dense_gradient_from_density` and `dense_input_from_density` are taken
/// from.
void conclude(const bench::Medians& medians) {
  for (const Choice& choice : choices) {
    std::printf("\n%s: times faster by events than densely\n", choice.name.c_str());
    std::printf("%-18s", "active inputs");
    for (const int percent : percents) std::printf("%7d %%", percent);
    std::printf("  equal\n");
    for (const auto& geometry : geometries) {
      const double dense = medians.milliseconds(dense_name(choice.name, geometry));
      std::vector<double> times_dense;
      for (const int percent : percents) {
        const double events = medians.milliseconds(event_name(choice.name, geometry, percent));
        if (dense > 0.0 && events > 0.0) times_dense.push_back(dense / events);
      }
      if (times_dense.size() < percents.size()) continue;
      std::printf("%-18s", size_of(geometry).c_str());
      for (const double times : times_dense) std::printf("%9.2f", times);
      std::printf("  %s\n", crossover(times_dense).c_str());
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(argc, argv, enlist_all, conclude);
}
