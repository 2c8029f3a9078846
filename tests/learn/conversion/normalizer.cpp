#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/learn/conversion/bias_calibrated.hpp>
#include <snnbd/learn/conversion/mmse_norm.hpp>
#include <snnbd/learn/conversion/model_norm.hpp>
#include <snnbd/learn/conversion/normalizer.hpp>
#include <snnbd/learn/conversion/spike_norm.hpp>

#include "../../core/keep_threads.hpp"
#include "conversion_probe.hpp"

using namespace snnbd;
using snnbd_tests::activations_of;
using snnbd_tests::Eighths;

namespace {

constexpr Shape input{6, 6, 2};
using Ann =
    Network<input, layer::Conv<5, 3>, layer::Relu, layer::AvgPool<2>,
            layer::Residual<layer::Sequence<layer::Conv<5, 3>, layer::Relu, layer::Conv<5, 3>>>,
            layer::Relu, layer::Dense<2>, layer::MeanOverTime>;
using Set = learn::Calibration<Ann, encode::Direct>;

Ann drawn() {
  Ann ann;
  snnbd_tests::draw_quarters(ann);
  return ann;
}

struct Unnamed {
  template <class Calibrated>
  [[nodiscard]] std::vector<double> scales(const Calibrated&) const {
    return {};
  }
};

std::vector<double> maxima(const std::vector<std::vector<float>>& layers) {
  std::vector<double> result;
  for (const auto& layer : layers)
    result.push_back(static_cast<double>(*std::max_element(layer.begin(), layer.end())));
  return result;
}

}  // namespace

TEST_CASE("A normalizer has a name and gives scales") {
  STATIC_REQUIRE(learn::Normalizer<learn::MaxNorm>);
  STATIC_REQUIRE(learn::Normalizer<learn::HalfStart<learn::RobustNorm>>);
  CHECK(learn::HalfStart<learn::RobustNorm>::name == "robust_norm_half_start");
  CHECK(learn::BiasCalibrated<learn::MaxNorm>::name == "max_norm_bias_calibrated");
  STATIC_REQUIRE(learn::Normalizer<learn::ModelNorm>);
  STATIC_REQUIRE(learn::Normalizer<learn::SpikeNorm>);
  STATIC_REQUIRE(learn::Normalizer<learn::MmseNorm>);
  STATIC_REQUIRE(!learn::Normalizer<Unnamed>);
  STATIC_REQUIRE(!learn::Normalizer<int>);
}

TEST_CASE("The largest activation does not depend on the order or the batches of a set") {
  const Ann ann = drawn();
  const Eighths<input> set{23};
  const Eighths<input> reversed{23, true};
  const auto scales = learn::MaxNorm{}.scales(Set{ann, {}, set, 23});
  CHECK(scales == maxima(activations_of(Set{ann, {}, set, 23})));
  REQUIRE(scales.size() == 3);
  CHECK(scales == learn::MaxNorm{}.scales(Set{ann, {}, set, 4}));
  CHECK(scales == learn::MaxNorm{}.scales(Set{ann, {}, reversed, 7}));
  const auto thirds = learn::ScaledMax{.factor = 1.0 / 3.0}.scales(Set{ann, {}, set});
  for (std::size_t i = 0; i < scales.size(); ++i)
    CHECK(thirds[i] == Approx(scales[i] / 3.0).epsilon(1e-12));
  CHECK_THROWS_AS(learn::ScaledMax{.factor = 0.0}.scales(Set{ann, {}, set}), Error);
}

TEST_CASE("A moving maximum follows the batches") {
  const Ann ann = drawn();
  const Eighths<input> set{6};
  const auto layers = activations_of(Set{ann, {}, set, 6});
  const auto found =
      learn::MovingMaxNorm{.momentum = 0.25, .factor = 0.5}.scales(Set{ann, {}, set, 2});
  for (std::size_t layer = 0; layer < layers.size(); ++layer) {
    const auto third = static_cast<std::ptrdiff_t>(layers[layer].size() / 3);
    double expected = 0.0;
    for (int batch = 0; batch < 3; ++batch) {
      const auto begin = layers[layer].begin() + batch * third;
      const double most = 0.5 * static_cast<double>(*std::max_element(begin, begin + third));
      expected = batch == 0 ? most : 0.75 * expected + 0.25 * most;
    }
    CHECK(found[layer] == Approx(expected).epsilon(1e-12));
  }
}

TEST_CASE("A percentile of the activations is that of the sorted ones") {
  const Ann ann = drawn();
  const Eighths<input> set{11};
  auto layers = activations_of(Set{ann, {}, set});
  for (const bool positive : {false, true}) {
    const learn::RobustNorm robust{.percentile = 93.0, .positive = positive};
    const auto found = robust.scales(Set{ann, {}, set, 4});
    for (std::size_t i = 0; i < layers.size(); ++i) {
      auto& layer = layers[i];
      if (positive)
        layer.erase(std::remove_if(layer.begin(), layer.end(), [](float a) { return !(a > 0); }),
                    layer.end());
      std::sort(layer.begin(), layer.end());
      const double place = 0.93 * static_cast<double>(layer.size() - 1);
      const auto low = static_cast<std::size_t>(place);
      const double expected =
          std::lerp(static_cast<double>(layer[low]), static_cast<double>(layer[low + 1]),
                    place - static_cast<double>(low));
      CHECK(found[i] == Approx(expected).epsilon(1e-6));
    }
  }
}

TEST_CASE("A moving percentile follows the batches") {
  // One layer of one rectifier whose activations are the inputs: eighths, batch by batch.
  using Line =
      Network<Shape{1, 1, 1}, layer::Dense<1>, layer::Relu, layer::Dense<1>, layer::MeanOverTime>;
  Line line;
  std::fill(line.parameters().begin(), line.parameters().end(), 1.0F);
  using Lines = learn::Calibration<Line, encode::Direct>;
  const Eighths<Shape{1, 1, 1}> set{7};
  const std::vector<float> seen = activations_of(Lines{line, {}, set})[0];
  REQUIRE(seen.size() == 7);
  const auto middle = [&](std::size_t first, std::size_t count) {  // the median, by hand
    std::vector<float> batch(seen.begin() + static_cast<std::ptrdiff_t>(first),
                             seen.begin() + static_cast<std::ptrdiff_t>(first + count));
    std::sort(batch.begin(), batch.end());
    return 0.5 *
           (static_cast<double>(batch[(count - 1) / 2]) + static_cast<double>(batch[count / 2]));
  };
  const double expected = 0.75 * (0.75 * middle(0, 3) + 0.25 * middle(3, 3)) + 0.25 * middle(6, 1);
  const learn::MovingRobustNorm halves{.percentile = 50.0, .momentum = 0.25};
  CHECK(halves.scales(Lines{line, {}, set, 3})[0] == Approx(expected).epsilon(1e-12));
  CHECK(halves.scales(Lines{line, {}, set, 7})[0] == Approx(middle(0, 7)).epsilon(1e-12));

  // A whole set as one batch is the percentile of the set, and 100 % is the moving maximum.
  const Ann ann = drawn();
  const Eighths<input> images{11};
  for (const bool positive : {false, true})
    CHECK(learn::MovingRobustNorm{.percentile = 93.0, .positive = positive}.scales(
              Set{ann, {}, images, 11}) ==
          learn::RobustNorm{.percentile = 93.0, .positive = positive}.scales(Set{ann, {}, images}));
  CHECK(learn::MovingRobustNorm{.percentile = 100.0}.scales(Set{ann, {}, images, 3}) ==
        learn::MovingMaxNorm{}.scales(Set{ann, {}, images, 3}));
  CHECK(learn::MovingRobustNorm{}.momentum == 0.1);
  CHECK(learn::MovingRobustNorm{}.zero_cause() == learn::RobustNorm{}.zero_cause());
}

TEST_CASE("No activation is above the one that the model allows") {
  const Ann ann = drawn();
  const Eighths<input> set{40};
  const auto bounds = learn::ModelNorm{}.scales(Set{ann, {}, set});
  const auto largest = learn::MaxNorm{}.scales(Set{ann, {}, set});
  REQUIRE(bounds.size() == largest.size());
  for (std::size_t i = 0; i < bounds.size(); ++i) CHECK(bounds[i] >= largest[i]);

  using Line = Network<Shape{1, 1, 2}, layer::Dense<2>, layer::Relu,
                       layer::Dense<2, layer::DenseOptions{.bias = true}>, layer::Relu,
                       layer::Dense<2>, layer::MeanOverTime>;
  Line line;
  const std::vector<float> weights{1, -2, 3, 0.5F, 2, -1, -1, 0.25F, 0.5F, -3, 1, 1, 1, 1};
  std::copy(weights.begin(), weights.end(), line.parameters().begin());
  const Eighths<Shape{1, 1, 2}> pairs{4};
  const learn::Calibration<Line, encode::Direct> calibration{line, {}, pairs};
  // Column sums of the positive weights: (4, 0.5), then 4 * (2, 0.25) + (0.5, -3).
  CHECK(learn::ModelNorm{}.scales(calibration) == std::vector<double>{4.0, 8.5});
  // With inputs from -1: (4, 2.5), as the negative weights count too.
  CHECK(learn::ModelNorm{.lowest = -1.0F}.scales(calibration) == std::vector<double>{4.0, 8.5});
}

TEST_CASE("Scales do not depend on the number of threads") {
  const Ann ann = drawn();
  const Eighths<input> set{19};
  const snnbd_tests::KeepThreads keep_threads;
  std::vector<std::vector<double>> found;
  for (const int count : {1, 2, 3}) {
    set_thread_count(count);
    auto all = learn::RobustNorm{}.scales(Set{ann, {}, set, 5});
    for (const auto& more : {learn::MaxNorm{}.scales(Set{ann, {}, set, 5}),
                             learn::SpikeNorm{.timesteps = 9}.scales(Set{ann, {}, set, 5})})
      all.insert(all.end(), more.begin(), more.end());
    found.push_back(all);
  }
  CHECK(found[0] == found[1]);
  CHECK(found[0] == found[2]);
}

TEST_CASE("A set that does not fit the network cannot calibrate it") {
  const Ann ann = drawn();
  CHECK_THROWS_AS((Set{ann, {}, Eighths<Shape{2, 2, 1}>{4}}), Error);
  CHECK_THROWS_AS((Set{ann, {}, Eighths<input>{0}}), Error);
}

TEST_CASE("No hundredth of the largest activation has a smaller error than the one that is taken") {
  const Ann ann = drawn();
  const Eighths<input> set{9};
  const auto layers = activations_of(Set{ann, {}, set});
  const auto largest = maxima(layers);
  for (const Index steps : {Index{2}, Index{16}}) {
    const auto found = learn::MmseNorm{.timesteps = steps}.scales(Set{ann, {}, set, 4});
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
      const auto error = [&](double threshold) {
        const double unit = threshold / static_cast<double>(steps);
        double sum = 0.0;
        for (const float value : layers[layer]) {
          const double spikes = std::min(std::floor(static_cast<double>(value) / unit + 0.5),
                                         static_cast<double>(steps));
          sum += std::pow(static_cast<double>(value) - unit * spikes, 2.0);
        }
        return sum;
      };
      for (int part = 1; part <= 100; ++part)
        CHECK(error(found[layer]) <= error(largest[layer] * part / 100.0) * (1.0 + 1e-9));
    }
  }
}
