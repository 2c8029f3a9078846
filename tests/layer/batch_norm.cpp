#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/layer/batch_norm.hpp>

#include "../core/keep_threads.hpp"
#include "probe.hpp"

using namespace snnbd;
namespace reference = snnbd_tests::reference;
using Catch::Matchers::Contains;
using reference::at;
using snnbd_tests::LayerProbe;
using snnbd_tests::values_of;

namespace {

constexpr layer::BatchNormOptions to_threshold{.threshold_dependent = true};
constexpr layer::BatchNormOptions to_sum{.threshold_dependent = true, .summed = true};

/// PyTorch's definition, over rows of channels, each of which stands for `copies` equal ones.
struct Reference {
  std::vector<double> mean;
  std::vector<double> variance;  ///< biased
  std::vector<double> out;
  std::vector<double> input_gradient;
  std::vector<double> weight_gradient;
  std::vector<double> bias_gradient;
  std::vector<double> running_mean;
  std::vector<double> running_var;
};

struct Setting {
  double momentum = 0.1;
  double epsilon = 1e-5;
  double scale = 1.0;
  bool training = true;
  double copies = 1.0;
};

/// @param parameters weight, bias, running mean and running variance
template <class Scalar>
Reference normalized(const reference::Values<Scalar>& in, const reference::Values<Scalar>& slope,
                     const std::vector<Scalar>& parameters, std::size_t rows, std::size_t channels,
                     const Setting& setting) {
  Reference result;
  result.out.resize(rows * channels);
  result.input_gradient.resize(rows * channels);
  const auto n = static_cast<double>(rows);
  for (std::size_t c = 0; c < channels; ++c) {
    const auto x = [&](std::size_t row) { return static_cast<double>(in[row * channels + c]); };
    const auto g = [&](std::size_t row) { return static_cast<double>(slope[row * channels + c]); };
    const auto own = [&](std::size_t kind) {
      return static_cast<double>(parameters[kind * channels + c]);
    };
    double mean = 0.0;
    for (std::size_t row = 0; row < rows; ++row) mean += x(row) / n;
    double variance = 0.0;
    for (std::size_t row = 0; row < rows; ++row) variance += (x(row) - mean) * (x(row) - mean) / n;
    result.mean.push_back(mean);
    result.variance.push_back(variance);
    const double count = n * setting.copies;
    result.running_mean.push_back((1.0 - setting.momentum) * own(2) + setting.momentum * mean);
    result.running_var.push_back((1.0 - setting.momentum) * own(3) +
                                 setting.momentum * variance * count / (count - 1.0));
    const double used_mean = setting.training ? mean : own(2);
    const double deviation = std::sqrt((setting.training ? variance : own(3)) + setting.epsilon);
    const double factor = setting.scale * own(0);
    double sum = 0.0;
    double product = 0.0;
    for (std::size_t row = 0; row < rows; ++row) {
      const double hat = (x(row) - used_mean) / deviation;
      result.out[row * channels + c] = factor * hat + own(1);
      sum += g(row);
      product += g(row) * hat;
    }
    result.weight_gradient.push_back(setting.scale * product);
    result.bias_gradient.push_back(sum);
    for (std::size_t row = 0; row < rows; ++row) {
      const double hat = (x(row) - used_mean) / deviation;
      const double centred = setting.training ? g(row) - sum / n - hat * product / n : g(row);
      result.input_gradient[row * channels + c] = factor / deviation * centred;
    }
  }
  return result;
}

template <class Spec, Signal In, class Scalar>
struct Run {
  static constexpr auto channels = static_cast<std::size_t>(In::shape.channels);
  Extent extent;
  Extent own = layer::extent_of<In>(extent);
  reference::Values<Scalar> in = values(1, 3.0);
  reference::Values<Scalar> slope = values(2, 0.0);
  std::vector<Scalar> parameters = start();
  std::vector<Scalar> gradient = std::vector<Scalar>(4 * channels, Scalar{0});
  std::vector<double> out{};
  std::vector<Scalar> input_gradient{};

  /// Channels of different means and deviations.
  reference::Values<Scalar> values(std::uint64_t seed, double spread) const {
    auto result = reference::noise<Scalar>(own.frames() * In::shape.size(), seed);
    for (std::size_t i = 0; i + at(spare_values) < result.size(); ++i)
      result[i] = static_cast<Scalar>(static_cast<double>(result[i]) *
                                          (1.0 + spread * static_cast<double>(i % channels)) +
                                      spread * static_cast<double>(i % channels % 5));
    return result;
  }
  static std::vector<Scalar> start() {
    const auto noise = reference::noise<Scalar>(static_cast<Index>(4 * channels), 3);
    std::vector<Scalar> result(noise.begin(), noise.begin() + 4 * channels);
    for (std::size_t c = 0; c < channels; ++c) result[3 * channels + c] += Scalar{1.5};
    return result;
  }

  void go(const Spec& spec, bool training, double share = 1.0) {
    layer::PassOptions options{training, 1, 1};
    options.share = share;
    LayerProbe<Spec, In, Scalar> probe{spec, extent, options};
    const RealView<const Scalar> view{in.data(), own, In::shape};
    out = values_of(probe.forward(view, parameters.data()));
    input_gradient = probe.backward(view, slope, parameters.data(), gradient.data());
  }
  [[nodiscard]] Reference expected(Setting setting) const {
    if (StaticSignal<In>) setting.copies = static_cast<double>(extent.steps);
    return normalized(in, slope, parameters, at(own.frames() * In::shape.pixels()), channels,
                      setting);
  }
  [[nodiscard]] std::vector<double> part(std::size_t kind) const {
    return {gradient.begin() + static_cast<Index>(kind * channels),
            gradient.begin() + static_cast<Index>((kind + 1) * channels)};
  }
  /// A statistic behind the optimizer's step, which adds its gradient.
  [[nodiscard]] std::vector<double> stepped(std::size_t kind) const {
    std::vector<double> result = part(kind);
    for (std::size_t c = 0; c < channels; ++c)
      result[c] += static_cast<double>(parameters[kind * channels + c]);
    return result;
  }
};

/// How many values are further off than some share of the largest.
template <class Found>
Index off(const Found& found, const std::vector<double>& expected, double share) {
  double largest = 0.0;
  for (const double value : expected) largest = std::max(largest, std::abs(value));
  return reference::differences(found, expected, share * largest);
}

template <Signal In, class Scalar, class Spec>
void check(const Spec& spec, Extent extent, const Setting& setting, double tolerance) {
  CAPTURE(to_string(In::shape), extent.samples, extent.steps, setting.training);
  Run<Spec, In, Scalar> run{extent};
  run.go(spec, setting.training);
  const Reference expected = run.expected(setting);
  CHECK(off(run.out, expected.out, 2.0 * tolerance) == 0);
  CHECK(off(run.input_gradient, expected.input_gradient, 2.0 * tolerance) == 0);
  CHECK(off(run.part(0), expected.weight_gradient, 10.0 * tolerance) == 0);
  CHECK(off(run.part(1), expected.bias_gradient, 10.0 * tolerance) == 0);
  if (setting.training) {
    CHECK(off(run.stepped(2), expected.running_mean, 2.0 * tolerance) == 0);
    for (std::size_t c = 0; c < run.channels; ++c)
      CHECK(run.stepped(3)[c] == Approx(expected.running_var[c]).epsilon(4.0 * tolerance));
  } else {
    CHECK(run.part(2) == std::vector<double>(run.channels));
    CHECK(run.part(3) == std::vector<double>(run.channels));
  }
}

template <Signal In>
void check_signal(Extent extent) {
  for (const bool training : {true, false}) {
    check<In, double>(layer::BatchNorm<>{}, extent, {.training = training}, 1e-13);
    check<In, float>(layer::BatchNorm<>{}, extent, {.training = training}, 1e-6);
  }
}

}  // namespace

TEST_CASE("Batch norm is PyTorch's, in training and in evaluation", "[layer]") {
  check_signal<Real<Shape{3, 2, 5}>>({3, 4});
  check_signal<Real<Shape{1, 1, 70}>>({2, 5});
  check_signal<Static<Shape{3, 2, 5}>>({3, 1});
  // More rows than one piece of work has, whose last run is short.
  check<Real<Shape{9, 9, 64}>, double>(layer::BatchNorm<>{}, {7, 3}, {}, 1e-13);
  check<Real<Shape{9, 9, 67}>, float>(layer::BatchNorm<>{}, {7, 3}, {}, 2e-6);
}

TEST_CASE("A static signal has the running moments of as many copies as there are steps",
          "[layer]") {
  check_signal<Static<Shape{2, 2, 3}>>({2, 5});
  using Spec = layer::BatchNorm<>;
  Run<Spec, Static<Shape{2, 2, 3}>, double> once{{2, 3}};
  Run<Spec, Real<Shape{2, 2, 3}>, double> repeated{{2, 3}};
  const Index frame = 12;
  for (Index sample = 0; sample < 2; ++sample)
    for (Index step = 0; step < 3; ++step)
      for (Index i = 0; i < frame; ++i)
        repeated.in[at((sample * 3 + step) * frame + i)] = once.in[at(sample * frame + i)];
  once.go({}, true);
  repeated.go({}, true);
  CHECK(reference::differences(once.part(2), repeated.part(2), 1e-13) == 0);
  CHECK(reference::differences(once.part(3), repeated.part(3), 1e-12) == 0);
}

TEST_CASE("Batch norm takes its momentum and epsilon from its settings", "[layer]") {
  layer::BatchNorm<> spec;
  spec.momentum = 0.3;
  spec.epsilon = 0.25;
  for (const bool training : {true, false})
    check<Real<Shape{2, 3, 4}>, double>(
        spec, {2, 3}, {.momentum = 0.3, .epsilon = 0.25, .training = training}, 1e-13);
}

TEST_CASE("A threshold-dependent batch norm scales to alpha times the threshold", "[layer]") {
  layer::BatchNorm<to_threshold> spec;
  CHECK(spec.alpha == 1.0F);
  CHECK(spec.theta == 1.0F);
  CHECK(layer::BatchNorm<to_sum>{}.alpha == Approx(std::sqrt(0.5)));
  spec.alpha = 0.5F;
  spec.theta = 3.0F;
  for (const bool training : {true, false})
    check<Real<Shape{2, 3, 4}>, double>(spec, {2, 3}, {.scale = 1.5, .training = training}, 1e-13);
  layer::BatchNorm<> plain;
  plain.alpha = 0.5F;
  check<Real<Shape{2, 3, 4}>, double>(plain, {2, 3}, {}, 1e-13);
}

TEST_CASE("Moments far from zero keep their digits", "[layer]") {
  using Spec = layer::BatchNorm<>;
  Run<Spec, Real<Shape{8, 8, 3}>, float> run{{16, 4}};
  for (std::size_t i = 0; i + at(spare_values) < run.in.size(); ++i) run.in[i] += 1000.0F;
  run.go({}, true);
  const Reference expected = run.expected({});
  for (std::size_t c = 0; c < 3; ++c) {
    CHECK(run.stepped(2)[c] == Approx(expected.running_mean[c]).epsilon(1e-6));
    CHECK(run.stepped(3)[c] == Approx(expected.running_var[c]).epsilon(1e-4));
  }
}

TEST_CASE("Batch norm gives the same bytes for any number of threads", "[layer]") {
  using Spec = layer::BatchNorm<>;
  const snnbd_tests::KeepThreads keep_threads;
  const auto bytes = [](int threads) {
    set_thread_count(threads);
    Run<Spec, Real<Shape{9, 9, 40}>, float> run{{9, 5}};
    run.go({}, true);
    std::vector<float> all = run.input_gradient;
    all.insert(all.end(), run.gradient.begin(), run.gradient.end());
    all.insert(all.end(), run.out.begin(), run.out.end());
    return all;
  };
  const auto one = bytes(1);
  for (const int threads : {2, 3}) {
    const auto more = bytes(threads);
    REQUIRE(more.size() == one.size());
    CHECK(std::memcmp(more.data(), one.data(), one.size() * sizeof(float)) == 0);
  }
}

TEST_CASE("A part of a batch moves the statistics by its share", "[layer]") {
  using Spec = layer::BatchNorm<>;
  Run<Spec, Real<Shape{2, 2, 3}>, double> whole{{2, 3}};
  Run<Spec, Real<Shape{2, 2, 3}>, double> part{{2, 3}};
  whole.go({}, true);
  part.go({}, true, 0.25);
  for (std::size_t kind = 0; kind < 4; ++kind)
    for (std::size_t c = 0; c < 3; ++c)
      CHECK(part.part(kind)[c] == Approx((kind < 2 ? 1.0 : 0.25) * whole.part(kind)[c]));
}

TEST_CASE("Batch norm refuses to train on one value for each channel", "[layer]") {
  using Spec = layer::BatchNorm<>;
  Run<Spec, Static<Shape{1, 1, 3}>, float> single{{1, 1}};
  CHECK_THROWS_WITH(single.go({}, true), Contains("batch norm in training"));
  CHECK_NOTHROW(single.go({}, false));
  Run<Spec, Static<Shape{1, 1, 3}>, float> repeated{{1, 2}};
  CHECK_NOTHROW(repeated.go({}, true));
}
