// Which dense convolution and which dense product is the fastest: ours, Eigen's or oneDNN's?
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <Eigen/Core>
#include <benchmark/benchmark.h>

#include <program.hpp>
#if defined(SNNBD_BENCH_ONEDNN)
#include <kernels/onednn.hpp>
#endif

#include <snnbd/core/random.hpp>
#include <snnbd/kernels/linear/dense_conv.hpp>
#include <snnbd/kernels/linear/forward.hpp>
#include <snnbd/kernels/linear/panel.hpp>
#include <snnbd/kernels/linear/weight_gradient.hpp>
#include <snnbd/kernels/linear/winograd.hpp>
#include <snnbd/kernels/neuron/fused_scan.hpp>
#include <snnbd/report/table.hpp>

namespace {

using namespace snnbd;
using kernels::ConvGeometry;
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

ConvGeometry conv(int in, int out, int side) {
  return {{side, side, in}, {side, side, out}, 3, 3, 1, 1};
}
ConvGeometry dense(int in, int out) {
  return {{1, 1, in}, {1, 1, out}, 1, 1, 1, 0};
}

/// VGG11's, but for the first, which has the side of its first layer and channels of the second.
const std::array<ConvGeometry, 9> geometries{
    conv(64, 64, 32),  conv(64, 128, 16), conv(128, 256, 8), conv(256, 256, 8), conv(256, 512, 4),
    conv(512, 512, 4), conv(512, 512, 2), dense(512, 4096),  dense(4096, 4096)};
/// A batch of 16: one step, as in an artificial network, or four.
constexpr std::array<Index, 2> frame_counts{16, 64};

std::vector<float> random_values(Index count, std::uint64_t item) {
  std::vector<float> values(static_cast<std::size_t>(count + spare_values));
  random::Stream stream{1, random::Purpose::synthetic, item};
  for (float& value : values) value = stream.uniform() - 0.5F;
  return values;
}

Matrix::ConstMapType matrix(const float* values, Index rows, Index columns) {
  return {values, rows, columns};
}
Matrix::MapType matrix(float* values, Index rows, Index columns) {
  return {values, rows, columns};
}

/// Of the dense form, a border of zeros included.
double operations_of(const ConvGeometry& geometry, Index frames) {
  return 2.0 * static_cast<double>(frames * geometry.out.size() * geometry.weight_rows());
}

/// One layer on real values, forward and back to its inputs. Weights are packed, turned and
/// transformed within each call, as after each step of training.
class Problem {
 public:
  Problem(const ConvGeometry& geometry, Index frames)
      : geometry_{geometry},
        frames_{frames},
        inputs_{random_values(frames * geometry.in.size(), 0)},
        weights_{random_values(weight_count(), 1)},
        slopes_{random_values(frames * geometry.out.size(), 2)},
        outputs_{random_values(frames * geometry.out.size(), 3)},
        input_gradient_{random_values(frames * geometry.in.size(), 4)} {
    kernels::copy_field(kernels::field_of(static_cast<const float*>(slopes_.data()), geometry.out,
                                          Index{1}, Index{geometry.out.channels}),
                        Extent{frames, 1}, geometry.out,
                        kernels::open_plane<float>(plane_, geometry, Index{1}));
  }

  [[nodiscard]] bool convolves() const { return geometry_.kernel_height > 1; }

  void forward() {
    const kernels::TileWriter<float> writer{{outputs_.data(), {frames_, 1}, geometry_.out}};
    const RealView<const float> in{inputs_.data(), {frames_, 1}, geometry_.in};
    const kernels::Weights<float> weights{weights_.data(), nullptr, rows(), columns()};
    if (convolves())
      kernels::convolve<float>(in, geometry_, weights, scratch_, writer);
    else
      kernels::connect<float>(in, weights, scratch_, writer);
  }

  void direct_forward() {
    const kernels::TileWriter<float> writer{{outputs_.data(), {frames_, 1}, geometry_.out}};
    kernels::detail::dense_convolve<float>(
        geometry_, {frames_, 1}, {weights_.data(), nullptr, rows(), columns()}, scratch_,
        [&](Index first, Index last, float* padded) {
          kernels::pad_frames<float>(inputs_.data() + first * geometry_.in.size(), last - first,
                                     geometry_.in, geometry_.padding, padded);
        },
        writer);
  }

  void eigen_forward() {
    if (convolves())
      multiply_patches(pad(), geometry_.padded(), geometry_.out, weights_.data(), outputs_.data());
    else
      matrix(outputs_.data(), frames_, columns()).noalias() =
          matrix(static_cast<const float*>(inputs_.data()), frames_, rows()) *
          matrix(static_cast<const float*>(weights_.data()), rows(), columns());
  }

  void back() {
    if (convolves())
      kernels::conv_input_gradient<float>(plane_.data(), weights_.data(), geometry_, frames_,
                                          scratch_, input_gradient_.data());
    else
      kernels::connect_input_gradient<float>(slopes_.data(), weights_.data(), frames_, rows(),
                                             columns(), input_gradient_.data());
  }

  void direct_back() {
    const auto turned = scratch_.get<kernels::TurnedWeights, float>(
        kernels::packed_size<float>(geometry_.taps() * columns(), Index{geometry_.in.channels}));
    kernels::pack_transposed_panels<float>(weights_.data(), geometry_, turned.data());
    kernels::conv_input_gradient<float>(plane_.data(), turned.data(), geometry_, frames_,
                                        input_gradient_.data());
  }

  void eigen_back() {
    const Index in = geometry_.in.channels;
    if (!convolves()) {
      matrix(input_gradient_.data(), frames_, rows()).noalias() =
          matrix(static_cast<const float*>(slopes_.data()), frames_, columns()) *
          matrix(static_cast<const float*>(weights_.data()), rows(), columns()).transpose();
      return;
    }
    turned_.resize(weights_.size());
    const Index block = in * columns();
    parallel_for(geometry_.taps(), [&](Index tap) {
      matrix(turned_.data() + (geometry_.taps() - 1 - tap) * block, columns(), in) =
          matrix(static_cast<const float*>(weights_.data()) + tap * block, in, columns())
              .transpose();
    });
    multiply_patches(plane_.data(), geometry_.plane(), geometry_.in, turned_.data(),
                     input_gradient_.data());
  }

#if defined(SNNBD_BENCH_ONEDNN)
  [[nodiscard]] std::unique_ptr<bench::OneDnn> onednn(bool back, bench::Layouts layouts) {
    const bench::OneDnn::Data data{back ? slopes_.data() : inputs_.data(), weights_.data(),
                                   back ? input_gradient_.data() : outputs_.data()};
    return std::make_unique<bench::OneDnn>(geometry_, frames_, back, layouts, data);
  }
#endif

  /// What was computed last.
  [[nodiscard]] std::vector<float>& result(bool back) {
    return back ? input_gradient_ : outputs_;
  }

 private:
  [[nodiscard]] Index rows() const {
    return geometry_.weight_rows();
  }
  [[nodiscard]] Index columns() const {
    return geometry_.out.channels;
  }
  [[nodiscard]] Index weight_count() const {
    return rows() * columns();
  }

  const float* pad() {
    const auto padded =
        scratch_.get<kernels::PaddedImages, float>(frames_ * geometry_.padded().size());
    kernels::pad_frames<float>(inputs_.data(), frames_, geometry_.in, geometry_.padding,
                               padded.data());
    return padded.data();
  }

  /// Copies the 3 x 3 patches of some frames at a time into the rows of a matrix, and multiplies.
  void multiply_patches(const float* padded, const Shape& shape, const Shape& out,
                        const float* weights, float* result) {
    constexpr Index budget = Index{1} << 22;
    const Index run = Index{geometry_.kernel_width} * shape.channels;
    const Index patch = geometry_.kernel_height * run;
    const Index together = std::clamp<Index>(budget / (out.pixels() * patch), 1, frames_);
    patches_.resize(static_cast<std::size_t>(together * out.pixels() * patch));
    const Index row = Index{shape.width} * shape.channels;
    for (Index first = 0; first < frames_; first += together) {
      const Index count = std::min(together, frames_ - first);
      parallel_for(count * out.height, [&](Index task) {
        const float* const source =
            padded + (first + task / out.height) * shape.size() + task % out.height * row;
        float* target = patches_.data() + task * out.width * patch;
        for (Index x = 0; x < out.width; ++x)
          for (Index y = 0; y < geometry_.kernel_height; ++y)
            target = std::copy_n(source + y * row + x * shape.channels, run, target);
      });
      matrix(result + first * out.size(), count * out.pixels(), out.channels).noalias() =
          matrix(static_cast<const float*>(patches_.data()), count * out.pixels(), patch) *
          matrix(weights, patch, out.channels);
    }
  }

  ConvGeometry geometry_;
  Index frames_;
  std::vector<float> inputs_;
  std::vector<float> weights_;
  std::vector<float> slopes_;
  std::vector<float> outputs_;
  std::vector<float> input_gradient_;
  std::vector<float> patches_;
  std::vector<float> turned_;
  Scratch scratch_;
  std::span<float> plane_ = scratch_.get<struct Plane, float>(frames_ * geometry_.plane().size());
};

/// What is timed, and what brings the result to its place after that.
struct Prepared {
  std::function<void()> run;
  std::function<void()> finish = [] {};
};

struct Method {
  const char* name;
  bool back;
  bool for_dense;
  std::function<Prepared(Problem&)> prepare;
};

Method way_of(const char* name, bool back, bool for_dense, void (Problem::*way)()) {
  return {name, back, for_dense,
          [way](Problem& problem) { return Prepared{[&problem, way] { (problem.*way)(); }}; }};
}

#if defined(SNNBD_BENCH_ONEDNN)
Method onednn(const char* name, bool back, bench::Layouts layouts) {
  return {name, back, true, [=](Problem& problem) {
            const std::shared_ptr<bench::OneDnn> made = problem.onednn(back, layouts);
            return Prepared{[made] { made->run(); }, [made] { made->finish(); }};
          }};
}
#endif

/// The first of each direction is the reference of the others.
const std::vector<Method>& methods() {
  static const std::vector<Method> list {
    way_of("ours", false, true, &Problem::forward),
        way_of("direct", false, false, &Problem::direct_forward),
        way_of("eigen", false, true, &Problem::eigen_forward),
        way_of("ours", true, true, &Problem::back),
        way_of("direct", true, false, &Problem::direct_back),
        way_of("eigen", true, true, &Problem::eigen_back),
#if defined(SNNBD_BENCH_ONEDNN)
        onednn("onednn", false, bench::Layouts::ours),
        onednn("onednn_own_layouts", false, bench::Layouts::own),
        onednn("onednn", true, bench::Layouts::ours),
        onednn("onednn_own_layouts", true, bench::Layouts::own),
#endif
  };
  return list;
}

std::string size_of(const ConvGeometry& geometry) {
  std::string text =
      std::to_string(geometry.in.channels) + "to" + std::to_string(geometry.out.channels);
  if (geometry.kernel_height > 1)
    text += "at" + std::to_string(geometry.in.height) + 'x' + std::to_string(geometry.in.width);
  return text;
}

std::string name_of(const Method& method, const ConvGeometry& geometry, Index frames) {
  return std::string{method.back ? "input_gradient/" : "forward/"} + size_of(geometry) + '/' +
         std::to_string(frames) + '/' + method.name;
}

/// The largest difference from the reference, as a share of the largest value.
double difference(Problem& problem, const Method& method, const Prepared& prepared) {
  const auto reference = std::find_if(methods().begin(), methods().end(), [&](const Method& other) {
    return other.back == method.back;
  });
  reference->prepare(problem).run();
  const std::vector<float> expected = problem.result(method.back);
  prepared.run();
  prepared.finish();
  const std::vector<float>& found = problem.result(method.back);
  double largest = 0.0;
  double apart = 0.0;
  for (std::size_t i = 0; i + std::size_t{spare_values} < expected.size(); ++i) {
    largest = std::max(largest, std::abs(double{expected[i]}));
    apart = std::max(apart, std::abs(double{expected[i]} - double{found[i]}));
  }
  return apart / largest;
}

void run(benchmark::State& state, const Method& method, const ConvGeometry& geometry,
         Index frames) {
  Problem problem{geometry, frames};
  const Prepared prepared = method.prepare(problem);
  if (!(difference(problem, method, prepared) < 1e-4)) {
    state.SkipWithError("gives another result than ours");
    return;
  }
  for (auto _ : state) {
    prepared.run();
    benchmark::ClobberMemory();
  }
  const double operations = operations_of(geometry, frames);
  state.counters["GFLOP/s"] = bench::each(operations * 1e-9);
  state.counters["of_fma_peak"] = bench::each(operations / bench::machine().fma_peak);
}

void enlist_all() {
  for (const bool back : {false, true}) {
    for (const Index frames : frame_counts) {
      for (const ConvGeometry& geometry : geometries) {
        for (const Method& method : methods()) {
          if (method.back != back || (geometry.kernel_height == 1 && !method.for_dense)) continue;
          benchmark::RegisterBenchmark(name_of(method, geometry, frames).c_str(),
                                       [&method, geometry, frames](benchmark::State& state) {
                                         run(state, method, geometry, frames);
                                       })
              ->UseRealTime()
              ->Unit(benchmark::kMillisecond);
        }
      }
    }
  }
}

/// The methods of one direction side by side.
void print_table(const bench::Medians& medians, bool back) {
  std::vector<report::Table::Column> columns{{"layer"}, {"frames", report::Table::Align::right}};
  for (const Method& method : methods())
    if (method.back == back) columns.push_back({method.name, report::Table::Align::right});
  report::Table table{columns};
  bool empty = true;
  for (const Index frames : frame_counts) {
    for (const ConvGeometry& geometry : geometries) {
      std::vector<std::string> cells{size_of(geometry), std::to_string(frames)};
      bool measured = false;
      for (const Method& method : methods()) {
        if (method.back != back) continue;
        const double seconds = 1e-3 * medians.milliseconds(name_of(method, geometry, frames));
        const double speed = operations_of(geometry, frames) / seconds;
        char text[48] = "";
        if (seconds > 0.0)
          std::snprintf(text, sizeof text, "%.0f (%.0f %%)", 1e-9 * speed,
                        100.0 * speed / bench::machine().fma_peak);
        measured = measured || seconds > 0.0;
        cells.emplace_back(text);
      }
      if (measured) table.add(cells);
      empty = empty && !measured;
    }
  }
  if (!empty)
    std::printf("\n%s: GFLOP/s, dense-equivalent (of the FMA peak)\n\n%s",
                back ? "Input gradient" : "Forward", table.markdown().c_str());
}

void conclude(const bench::Medians& medians) {
  for (const bool back : {false, true}) print_table(medians, back);
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_program(argc, argv, enlist_all, conclude);
}
