#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/learn/conversion/convert.hpp>
#include <snnbd/learn/conversion/local_threshold_balancing.hpp>
#include <snnbd/learn/conversion/per_channel.hpp>

#include "conversion_probe.hpp"

using namespace snnbd;

namespace {

/// One value, which one of four rectifiers lets through.
using Ann =
    Network<Shape{1, 1, 1}, layer::Dense<4>, layer::Relu, layer::Dense<2>, layer::MeanOverTime>;
using Set = learn::Calibration<Ann, encode::Direct>;

struct Ones {
  static constexpr Shape shape{1, 1, 1};
  static constexpr int classes = 2;
  static constexpr std::string_view name = "ones";
  std::size_t count = 1;
  [[nodiscard]] std::size_t size() const { return count; }
  [[nodiscard]] int label(std::size_t) const { return 0; }
  void read(std::size_t, std::span<float> pixels) const { pixels[0] = 1.0F; }
};

Ann one_of_four(float gain) {
  Ann ann;
  ann.parameters()[2] = gain;
  return ann;
}

}  // namespace

TEST_CASE("Each batch adds twice the mean of what a threshold clips", "[learn]") {
  STATIC_REQUIRE(learn::Normalizer<learn::LocalThresholdBalancing>);
  const Ann ann = one_of_four(3.0F);
  for (const std::size_t batches : {1U, 2U, 5U}) {
    const Ones set{2 * batches};
    // A quarter of the activations is 3: twice their mean is half of what is left.
    const auto scales = learn::LocalThresholdBalancing{}.scales(Set{ann, {}, set, 2});
    REQUIRE(scales.size() == 1);
    CHECK(scales[0] == 3.0 * (1.0 - std::pow(0.5, static_cast<double>(batches))));
    const auto channels =
        learn::PerChannel<learn::LocalThresholdBalancing>{}.channel_scales(Set{ann, {}, set, 2});
    CHECK(channels[0] == std::vector<double>{6.0, 6.0, 6.0, 6.0});
  }
}

TEST_CASE("Local thresholds do not grow beyond what they need", "[learn]") {
  using Wide = Network<Shape{4, 4, 2}, layer::Conv<5, 3>, layer::Relu, layer::Dense<6>, layer::Relu,
                       layer::Dense<2>, layer::MeanOverTime>;
  Wide ann;
  snnbd_tests::draw_quarters(ann);
  const snnbd_tests::Eighths<Shape{4, 4, 2}> set{60};
  const learn::Calibration<Wide, encode::Direct> calibration{ann, {}, set, 10};
  const auto found = learn::LocalThresholdBalancing{}.scales(calibration);
  const auto layers = snnbd_tests::activations_of(calibration);
  for (std::size_t layer = 0; layer < 2; ++layer) {
    double expected = 0.0;
    const auto sixth = layers[layer].size() / 6;
    for (std::size_t batch = 0; batch < 6; ++batch) {
      double clipped = 0.0;
      for (std::size_t i = batch * sixth; i < (batch + 1) * sixth; ++i)
        clipped += std::max(static_cast<double>(layers[layer][i]) - expected, 0.0);
      expected += 2.0 * clipped / static_cast<double>(sixth);
    }
    CHECK(found[layer] == Approx(expected).epsilon(1e-12));
    CHECK(found[layer] < learn::MaxNorm{}.scales(calibration)[layer]);
  }
  const auto result =
      learn::convert(ann, learn::LocalThresholdBalancing{}, set, encode::Direct{}, 10);
  CHECK(result.record.normalizer == "local_threshold_balancing");
  CHECK(result.record.start == 0.5F);
  CHECK(result.record.layers[1].threshold == found[1]);
}
