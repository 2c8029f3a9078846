// From which share of values that are not zero on is it faster to multiply all of a frame than to
// follow those? First layers of networks that see frames of events.
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
#include <snnbd/kernels/linear/count_forward.hpp>
#include <snnbd/kernels/linear/count_gradient.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/neuron/fused_scan.hpp>

namespace {

using namespace snnbd;

constexpr Extent extent{4, 10};
/// In tenths of a percent.
constexpr std::array shares{5, 10, 20, 50, 100, 200, 300, 500};

/// A first layer; a dense one is a convolution without padding whose kernel is the frame.
struct FirstLayer {
  std::string name;
  kernels::ConvGeometry geometry;
  bool dense = false;
};

FirstLayer convolution(int side, int outputs) {
  return {
      std::to_string(side) + "x" + std::to_string(side) + "x2to" + std::to_string(outputs) + "C3",
      {{side, side, 2}, {side, side, outputs}, 3, 3, 1, 1}};
}

FirstLayer dense(int side, int outputs) {
  return {std::to_string(side) + "x" + std::to_string(side) + "x2to" + std::to_string(outputs),
          {{1, 1, side * side * 2}, {1, 1, outputs}},
          true};
}

const std::array<FirstLayer, 6> layers{convolution(34, 32),  convolution(34, 64),
                                       convolution(128, 64), convolution(128, 128),
                                       dense(34, 800),       dense(128, 512)};

std::vector<float> random_values(Index count, std::uint64_t item) {
  std::vector<float> values(static_cast<std::size_t>(count + spare_values));
  random::Stream stream{1, random::Purpose::synthetic, item};
  for (float& value : values) value = 0.1F * (stream.uniform() - 0.5F);
  return values;
}

std::vector<float> random_counts(Index count, double share) {
  std::vector<float> values(static_cast<std::size_t>(count + spare_values));
  random::Stream stream{1, random::Purpose::synthetic};
  for (float& value : values)
    if (stream.uniform() < share) value = static_cast<float>(1 + stream.below(4));
  return values;
}

/// A layer and its weight gradient, each by the way that is told and not by the one that the
/// library would choose.
class Work {
 public:
  Work(const FirstLayer& layer, double share)
      : layer_{layer}, counts_(random_counts(extent.frames() * geometry().in.size(), share)) {
    const auto outputs = random_values(extent.frames() * geometry().out.size(), 2);
    kernels::copy_field(kernels::field_of(outputs.data(), geometry().out, extent.steps,
                                          Index{geometry().out.channels}),
                        extent, geometry().out,
                        kernels::open_plane<float>(plane_, geometry(), extent.steps));
  }

  void forward_by_counts() {
    if (layer_.dense) {
      kernels::detail::connect_counts<float>(values(), weights(), scratch_, drop);
    } else {
      kernels::detail::convolve_counts<float>(values(), geometry(), weights(), scratch_, drop);
    }
  }

  void forward_densely() {
    if (layer_.dense) {
      kernels::connect<float>(values(), weights(), scratch_, drop);
    } else {
      kernels::convolve<float>(values(), geometry(), weights(), scratch_, drop);
    }
  }

  void weight_gradient_by_counts() {
    if (layer_.dense) {
      kernels::count_connect_weight_gradient<float>({values()}, plane_.data(),
                                                    geometry().out.channels, gradient_.data());
    } else {
      kernels::count_weight_gradient<float>({values()}, geometry(), plane_.data(), scratch_,
                                            gradient_.data());
    }
  }

  void weight_gradient_densely() {
    if (layer_.dense) {
      kernels::connect_weight_gradient<float>(values(), plane_.data(), geometry().out.channels,
                                              scratch_, gradient_.data());
    } else {
      kernels::conv_weight_gradient<float>(values(), geometry(), plane_.data(), scratch_,
                                           gradient_.data());
    }
  }

  /// Operations of the dense form, a border of zeros included.
  [[nodiscard]] double operations() const {
    return 2.0 * static_cast<double>(extent.frames() * geometry().out.size() * rows());
  }

 private:
  static void drop(const kernels::Tile& /*tile*/, const float* values, Index /*step_stride*/,
                   Index /*pixel_stride*/) {
    benchmark::DoNotOptimize(values);
    benchmark::ClobberMemory();
  }

  [[nodiscard]] const kernels::ConvGeometry& geometry() const { return layer_.geometry; }
  [[nodiscard]] Index rows() const { return geometry().weight_rows(); }
  [[nodiscard]] RealView<const float> values() const {
    return {counts_.data(), extent, geometry().in};
  }
  [[nodiscard]] kernels::Weights<float> weights() const {
    return {weights_.data(), nullptr, rows(), Index{geometry().out.channels}};
  }

  FirstLayer layer_;
  std::vector<float> counts_;
  std::vector<float> weights_ = random_values(rows() * geometry().out.channels, 1);
  std::vector<float> gradient_ = std::vector<float>(weights_.size());
  Scratch scratch_;
  std::span<float> plane_ =
      scratch_.get<struct Plane, float>(extent.frames() * geometry().plane().size());
};

using Way = void (Work::*)();

/// A computation that can be done in two ways.
struct Choice {
  std::string name;
  Way densely;
  Way by_counts;
};

const std::array<Choice, 2> choices{
    Choice{"forward", &Work::forward_densely, &Work::forward_by_counts},
    Choice{"weight_gradient", &Work::weight_gradient_densely, &Work::weight_gradient_by_counts}};

std::string dense_name(const std::string& what, const FirstLayer& layer) {
  return what + '/' + layer.name + "/dense";
}

std::string percent_of(int share) {
  return share % 10 == 0 ? std::to_string(share / 10)
                         : std::to_string(share / 10) + '.' + std::to_string(share % 10);
}

std::string count_name(const std::string& what, const FirstLayer& layer, int share) {
  return what + '/' + layer.name + "/counts/" + percent_of(share) + '%';
}

void enlist(const std::string& name, const FirstLayer& layer, double share, Way way) {
  benchmark::RegisterBenchmark(name.c_str(),
                               [=](benchmark::State& state) {
                                 Work work{layer, share};
                                 for (auto _ : state) {
                                   (work.*way)();
                                   benchmark::ClobberMemory();
                                 }
                                 state.counters["of_fma_peak"] =
                                     bench::each(work.operations() / bench::machine().fma_peak);
                               })
      ->UseRealTime()
      ->Unit(benchmark::kMillisecond);
}

void enlist_all() {
  // The dense way takes as long whatever there is.
  constexpr double any_share = 0.05;
  for (const Choice& choice : choices) {
    for (const FirstLayer& layer : layers) {
      enlist(dense_name(choice.name, layer), layer, any_share, choice.densely);
      for (const int share : shares)
        enlist(count_name(choice.name, layer, share), layer, 0.001 * share, choice.by_counts);
    }
  }
}

/// How many times faster counts are followed than all values are multiplied: what
/// `dense_counts_from_density`, `connect_counts_from_density` and
/// `dense_count_gradient_from_density` are taken from.
void conclude(const bench::Medians& medians) {
  for (const Choice& choice : choices) {
    std::printf("\n%s: times faster by counts than densely\n", choice.name.c_str());
    std::printf("%-18s", "not zero");
    for (const int share : shares) std::printf("%7s %%", percent_of(share).c_str());
    std::printf("\n");
    for (const FirstLayer& layer : layers) {
      const double dense = medians.milliseconds(dense_name(choice.name, layer));
      if (dense <= 0.0) continue;
      std::printf("%-18s", layer.name.c_str());
      for (const int share : shares)
        std::printf("%9.2f", dense / medians.milliseconds(count_name(choice.name, layer, share)));
      std::printf("\n");
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(argc, argv, enlist_all, conclude);
}
