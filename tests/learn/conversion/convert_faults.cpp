#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/windowed_run.hpp>

/// Conversions and runs that cannot give what is asked for.
namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

constexpr Shape shape{4, 4, 1};
using Set = data::Blobs<shape, 2>;
using Ann = Network<shape, layer::Conv<6, 3, layer::ConvOptions{.bias = true}>, layer::Relu,
                    layer::Dense<2>, layer::MeanOverTime>;

Ann made_ann() {
  Ann ann;
  network::initialize(ann, 1);
  return ann;
}

/// Scales that do not go with the layers.
struct TwoScales {
  static constexpr std::string_view name = "two_scales";
  template <class Calibrated>
  [[nodiscard]] std::vector<double> scales(const Calibrated& /*calibration*/) const {
    return {1.0, 1.0};
  }
};

}  // namespace

TEST_CASE("A network with a parameter that is not a number is not converted", "[learn]") {
  Ann ann = made_ann();
  const Set set{20};
  ann.parameters()[4] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(learn::convert(ann, learn::MaxNorm{}, set, encode::Direct{}),
                    Contains("network to convert: expected finite parameters") &&
                        Contains("nan in the tensor 0.weight"));
  using Calibrated = learn::Calibration<Ann, encode::Direct>;
  CHECK_THROWS_WITH((Calibrated{ann, {}, set}),
                    Contains("network for calibration") && Contains("0.weight"));
}

TEST_CASE("A scale of 0 is blamed on the percentile that gave it, if there is one", "[learn]") {
  // One of 16 pixels is active in each channel, so that most percentiles over all values are 0.
  Ann ann = made_ann();
  for (const network::ParameterTensor& tensor : Ann::tensors())
    if (tensor.parameter.kind == layer::ParameterKind::bias)
      std::fill_n(ann.parameters().begin() + tensor.offset, tensor.parameter.size(), -2.0F);
  const Set set{20};
  const auto convert = [&](const auto& rule) {
    return learn::convert(ann, rule, set, encode::Direct{}).record.layers[0].threshold;
  };
  REQUIRE(convert(learn::MaxNorm{}) > 0.0);
  CHECK(convert(learn::RobustNorm{.percentile = 2.0, .positive = true}) > 0.0);
  const auto check_blame = [&](const auto& rule) {
    CHECK_THROWS_WITH(convert(rule), Contains("scale of activation layer 0") &&
                                         Contains("percentile 2 be above 0"));
  };
  check_blame(learn::RobustNorm{.percentile = 2.0});
  check_blame(learn::HalfStart<learn::RobustNorm>{{.percentile = 2.0}});
  check_blame(learn::PerChannel<learn::RobustNorm>{{.percentile = 2.0}});
  CHECK_THROWS_WITH(convert(learn::SpikeNorm{.timesteps = 4, .percentile = 2.0}),
                    Contains("a percentile 2 above 0"));
  std::fill(ann.parameters().begin(), ann.parameters().end(), 0.0F);
  CHECK_THROWS_WITH(convert(learn::MaxNorm{}),
                    Contains("the calibration set must activate it") && !Contains("percentile"));
}

TEST_CASE("A normalizer must give one scale for each layer", "[learn]") {
  const Ann ann = made_ann();
  CHECK_THROWS_WITH(
      learn::convert(ann, TwoScales{}, Set{20}, encode::Direct{}),
      Contains("scales of a normalizer: expected 1, one for each") && Contains("found 2"));
}

TEST_CASE("A run is refused if what it is handed has another size than it says", "[learn]") {
  const Ann ann = made_ann();
  WindowedRun<Ann, encode::Direct> run{ann, {}, 4, 3, 0};
  const auto refusal = [&](std::size_t images, std::size_t ids, std::vector<Index> steps,
                           std::size_t outputs) {
    const std::vector<float> values(images);
    const std::vector<std::uint64_t> numbers(ids);
    std::vector<float> results(outputs);
    try {
      run(values, numbers, steps, results);
    } catch (const Error& error) {
      return std::string{error.what()};
    }
    return std::string{"accepted"};
  };
  CHECK(refusal(48, 3, {2, 4}, 12) == "accepted");
  CHECK_THAT(refusal(47, 3, {4}, 6), Contains("images of a batch: expected 48 values, found 47"));
  CHECK_THAT(refusal(0, 0, {4}, 0), Contains("batch: expected at least one sample"));
  CHECK_THAT(refusal(48, 3, {}, 6), Contains("steps of outputs"));
  CHECK_THAT(refusal(48, 3, {4, 2}, 12), Contains("steps of outputs"));
  CHECK_THAT(refusal(48, 3, {5}, 6),
             Contains("steps of outputs: expected ascending numbers up to 4"));
  CHECK_THAT(refusal(48, 3, {0}, 6), Contains("steps of outputs"));
  CHECK_THAT(refusal(48, 3, {4}, 5), Contains("outputs of a batch: expected 6 values, found 5"));
}
