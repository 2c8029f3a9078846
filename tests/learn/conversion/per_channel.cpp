#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/learn/conversion/conversion.hpp>
#include <snnbd/learn/conversion/conversion_report.hpp>
#include <snnbd/learn/conversion/mmse_norm.hpp>
#include <snnbd/learn/conversion/per_channel.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/view.hpp>

#include "conversion_probe.hpp"

using namespace snnbd;

namespace {

constexpr Shape image{8, 8, 2};
using Photographs = data::Blobs<image, 4>;
using Ann =
    Network<image, layer::Conv<6, 3>, layer::BatchNorm<>, layer::Relu, layer::AvgPool<2>,
            layer::Conv<8, 3, layer::ConvOptions{.bias = true}>, layer::Relu, layer::AvgPool<2>,
            layer::Flatten, layer::Dense<12>, layer::Relu, layer::Dense<4>, layer::MeanOverTime>;
using Set = learn::Calibration<Folded<Ann>, encode::Direct>;

/// Channels whose activations lie by powers of ten apart, by weights that make up for it.
Ann uneven() {
  Ann ann;
  network::initialize(ann, 3);
  const auto tensors = Ann::tensors();
  for (std::size_t number = 0; number < tensors.size(); ++number) {
    const layer::Parameter& parameter = tensors[number].parameter;
    const bool first = tensors[number].layer == 1 && parameter.kind == layer::ParameterKind::norm;
    const bool second = tensors[number].layer == 4 && parameter.fan_in() == 54;
    for (Index i = 0; i < parameter.size(); ++i) {
      float& value = ann.parameters()[static_cast<std::size_t>(tensors[number].offset + i)];
      const Index channel = first ? i : i / 8 % 6;
      const float factor = std::pow(10.0F, static_cast<float>(channel % 3));
      if (first) value *= factor;
      if (second) value /= factor;
    }
  }
  return ann;
}

/// One value goes through four channels, each of a gain of its own.
using Gains =
    Network<Shape{1, 1, 1}, layer::Dense<4>, layer::Relu, layer::Dense<4>, layer::MeanOverTime>;

/// Images of one value: 0, 1/8, ..., 1.
struct Values {
  static constexpr Shape shape{1, 1, 1};
  static constexpr int classes = 2;
  static constexpr std::string_view name = "values";
  [[nodiscard]] std::size_t size() const { return 9; }
  [[nodiscard]] int label(std::size_t) const { return 0; }
  void read(std::size_t index, std::span<float> pixels) const {
    pixels[0] = static_cast<float>(index) / 8.0F;
  }
};

Gains drawn_gains() {
  Gains ann;
  const std::vector<float> gains{1.0F, 0.125F, 4.0F, -1.0F};  // the last one never fires
  std::copy(gains.begin(), gains.end(), ann.parameters().begin());
  for (std::size_t i = 0; i < 4; ++i) ann.parameters()[4 + 5 * i] = 1.0F;
  return ann;
}

}  // namespace

TEST_CASE("Each channel fires by its own scale", "[learn]") {
  const Values set;
  const Gains ann = drawn_gains();
  const auto result =
      learn::convert(ann, learn::PerChannel<learn::MaxNorm>{}, set, encode::Direct{});
  CHECK(result.record.normalizer == "max_norm_per_channel");
  REQUIRE(result.record.layers.size() == 1);
  CHECK(result.record.layers[0].threshold == 4.0);
  CHECK(result.record.layers[0].channels == std::vector<double>{1.0, 0.125, 4.0, 4.0});
  const auto eight = view_of(result.net, encode::Direct{}, 8).outputs(set);
  const auto three = view_of(result.net, encode::Direct{}, 3).outputs(set);
  for (std::size_t i = 0; i < 9; ++i)
    for (std::size_t channel = 0; channel < 4; ++channel) {
      const float gain = std::max(ann.parameters()[channel], 0.0F);
      CHECK(eight[4 * i + channel] == gain * static_cast<float>(i) / 8.0F);
      CHECK(three[4 * i + channel] ==
            Approx(gain * std::floor(3.0F * static_cast<float>(i) / 8.0F) / 3.0F));
    }
  const auto found = learn::conversion_report(ann, result, set, encode::Direct{}, 8);
  CHECK(found.layers[0].error.rms == 0.0);
  CHECK(found.layers[0].activation == Approx(0.375));
  CHECK(found.layers[0].silent == 0.25);
  const auto rough = learn::convert(ann, learn::MaxNorm{}, set, encode::Direct{});
  CHECK(learn::conversion_report(ann, rough, set, encode::Direct{}, 8).layers[0].error.rms > 0.01);
}

TEST_CASE("Scales of channels are those of the values of each", "[learn]") {
  const auto ann = network::fold(uneven());
  const Photographs set{20, 3};
  const Set calibration{ann, {}, set, 6};
  const auto all = snnbd_tests::activations_of(calibration);
  const learn::PerChannel<learn::RobustNorm> robust{{.percentile = 90.0, .positive = true}};
  const auto channels = robust.channel_scales(calibration);
  REQUIRE(channels.size() == 3);
  const std::vector<std::size_t> counts{6, 8, 12};
  for (std::size_t layer = 0; layer < 3; ++layer) {
    REQUIRE(channels[layer].size() == counts[layer]);
    for (std::size_t channel = 0; channel < counts[layer]; ++channel) {
      std::vector<float> values;
      for (std::size_t i = channel; i < all[layer].size(); i += counts[layer])
        if (all[layer][i] > 0.0F) values.push_back(all[layer][i]);
      if (values.empty()) continue;
      std::sort(values.begin(), values.end());
      const double place = 0.9 * static_cast<double>(values.size() - 1);
      const auto low = static_cast<std::size_t>(place);
      const double expected =
          std::lerp(static_cast<double>(values[low]),
                    static_cast<double>(values[std::min(low + 1, values.size() - 1)]),
                    place - static_cast<double>(low));
      CHECK(channels[layer][channel] == Approx(expected).epsilon(1e-6));
    }
  }
  const auto largest = learn::PerChannel<learn::MaxNorm>{}.scales(calibration);
  CHECK(largest == learn::MaxNorm{}.scales(calibration));
}

TEST_CASE("Channels may be looked at some at a time", "[learn]") {
  const auto ann = network::fold(uneven());
  const Photographs set{9, 3};
  const Set calibration{ann, {}, set, 4};
  const auto whole =
      learn::MaxNorm{}.scales(learn::detail::ChannelCalibration<Set, 26>{calibration, 0});
  std::vector<double> parts;
  for (int first = 0; first < 26; first += 5) {
    const auto some =
        learn::MaxNorm{}.scales(learn::detail::ChannelCalibration<Set, 5>{calibration, first});
    parts.insert(parts.end(), some.begin(), some.end());
  }
  REQUIRE(parts.size() == 30);
  parts.resize(26);
  CHECK(parts == whole);
}

TEST_CASE("Scales of channels help a network whose channels are uneven", "[learn]") {
  const Ann ann = uneven();
  const Photographs set{40, 3};
  const auto error = [&](const auto& normalizer, Index steps) {
    const auto result = learn::convert(ann, normalizer, set, encode::Direct{});
    return learn::conversion_report(ann, result, set, encode::Direct{}, steps)
        .relative_output_error;
  };
  const learn::HalfStart<learn::PerChannel<learn::MaxNorm>> channels;
  const learn::HalfStart<learn::MaxNorm> layers;
  CHECK(channels.name == "max_norm_per_channel_half_start");
  double before = 1.0;
  for (const Index steps : {Index{16}, Index{64}, Index{256}}) {
    const double found = error(channels, steps);
    CHECK(found < 0.5 * error(layers, steps));
    CHECK(found < 0.5 * before);
    before = found;
  }
  CHECK(before < 0.01);
  const learn::PerChannel<learn::MmseNorm> squares{{.timesteps = 16}};
  CHECK(error(squares, 16) < error(learn::MmseNorm{.timesteps = 16}, 16));
}

TEST_CASE("Normalizers of channels and of layers stand side by side in a rule", "[learn]") {
  const Ann ann = uneven();
  const Photographs set{20, 3};
  const learn::Conversion<learn::MaxNorm, learn::HalfStart<learn::PerChannel<learn::MaxNorm>>> rule;
  std::vector<std::string> names;
  const auto convert_by = [&](const auto& normalizer) {
    const auto converted = learn::convert(ann, normalizer, set, encode::Direct{}, 8);
    names.push_back(converted.record.normalizer);
    CHECK(converted.record.layers.size() == 3);
    CHECK(converted.record.start == (names.size() == 1 ? 0.0F : 0.5F));
    CHECK(converted.record.layers[1].channels.size() == (names.size() == 1 ? 0 : 8));
  };
  std::apply([&](const auto&... normalizer) { (convert_by(normalizer), ...); }, rule.normalizers);
  CHECK(names == std::vector<std::string>{"max_norm", "max_norm_per_channel_half_start"});
}

TEST_CASE("Channels of a layer that no sample activates cannot be scaled", "[learn]") {
  Ann ann = uneven();
  std::fill(ann.parameters().begin(), ann.parameters().end(), 0.0F);
  const Photographs set{4};
  CHECK_THROWS_WITH(learn::convert(ann, learn::PerChannel<learn::MaxNorm>{}, set, encode::Direct{}),
                    Catch::Contains("activation layer 0"));
}
