#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/kernels/linear/pack.hpp>
#include <snnbd/learn/conversion/bias_calibrated.hpp>
#include <snnbd/learn/conversion/conversion_report.hpp>
#include <snnbd/learn/conversion/convert.hpp>
#include <snnbd/learn/conversion/model_norm.hpp>
#include <snnbd/learn/conversion/per_channel.hpp>
#include <snnbd/learn/conversion/spike_norm.hpp>
#include <snnbd/network/view.hpp>

#include "conversion_probe.hpp"

using namespace snnbd;
using snnbd_tests::Eighths;

namespace {

constexpr int values = 65;
using Ramp = snnbd_tests::Ramp<values>;
using Line = snnbd_tests::Line<values>;

constexpr Shape image{8, 8, 2};
using Block = layer::Residual<layer::Sequence<layer::Conv<6, 3>, layer::BatchNorm<>, layer::Relu,
                                              layer::Conv<6, 3>, layer::BatchNorm<>>>;
using Wider = layer::Residual<
    layer::Sequence<layer::Conv<8, 3, layer::ConvOptions{.stride = 2}>, layer::BatchNorm<>,
                    layer::Relu, layer::Conv<8, 3>, layer::BatchNorm<>>,
    layer::Sequence<layer::Conv<8, 1, layer::ConvOptions{.stride = 2, .padding = 0}>,
                    layer::BatchNorm<>>>;
/// A residual network with batch norms, its blocks with a bare shortcut and with weights.
using Deep = Network<image, layer::Conv<6, 3>, layer::BatchNorm<>, layer::Relu, layer::AvgPool<2>,
                     Block, layer::Relu, Wider, layer::Relu, layer::GlobalAvgPool, layer::Dropout,
                     layer::Dense<4, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;
using Photographs = data::Blobs<image, 4>;

Deep drawn() {
  Deep ann;
  random::Stream stream{2, random::Purpose::synthetic};
  for (const network::ParameterTensor& tensor : Deep::tensors()) {
    const bool spread = tensor.parameter.name.find("running_var") != std::string_view::npos;
    const bool gain =
        tensor.parameter.kind == layer::ParameterKind::norm && tensor.parameter.initial == 1.0F;
    const float size =
        std::sqrt(3.0F / static_cast<float>(std::max<Index>(tensor.parameter.fan_in(), 4)));
    for (Index i = 0; i < tensor.parameter.size(); ++i) {
      const float uniform = stream.uniform();
      ann.parameters()[static_cast<std::size_t>(tensor.offset + i)] =
          spread || gain ? 0.5F + uniform : size * (2.0F * uniform - 1.0F);
    }
  }
  return ann;
}

/// The largest difference between the outputs of two networks, in the largest output of the first.
template <class Ann, class Snn, class Encoding>
double error(const Ann& ann, const Snn& snn, const Encoding& encoding, data::DatasetView set,
             Index steps) {
  const auto expected = view_of(ann, encoding, 1).outputs(set);
  const auto found = view_of(snn, encoding, steps).outputs(set);
  double worst = 0.0;
  double largest = 0.0;
  for (std::size_t i = 0; i < expected.size(); ++i) {
    worst = std::max(worst, static_cast<double>(std::abs(found[i] - expected[i])));
    largest = std::max(largest, static_cast<double>(std::abs(expected[i])));
  }
  return worst / largest;
}

}  // namespace

TEST_CASE("A converted neuron fires as often as its constant current reaches its threshold") {
  const Ramp set;
  for (const float gain : {1.0F, 2.0F, 0.25F}) {
    const Line ann = snnbd_tests::identity<values>(gain);
    for (const Index steps : {Index{1}, Index{16}, Index{100}}) {
      const auto check = [&](const auto& normalizer, double start) {
        const auto result = learn::convert(ann, normalizer, set, encode::Direct{});
        const auto rates = view_of(result.net, encode::Direct{}, steps).outputs(set);
        for (std::size_t i = 0; i < values; ++i) {
          const double spikes =
              std::floor(static_cast<double>(steps) * static_cast<double>(i) / 64.0 + start);
          const double rate = spikes / static_cast<double>(steps);
          CHECK(static_cast<double>(rates[i]) ==
                Approx(static_cast<double>(gain) * static_cast<double>(gain) * rate).margin(1e-6));
        }
      };
      check(learn::MaxNorm{}, 0.0);
      check(learn::HalfStart<learn::MaxNorm>{}, 0.5);
    }
  }
}

TEST_CASE("Neurons give in as many steps what a rectifier with levels gives") {
  using Spiking = Network<Shape{1, 1, values}, layer::Dense<values>, layer::Spiking<neuron::If<>>,
                          layer::Dense<values>, layer::MeanOverTime>;
  using Ann = QcfsTwin<Spiking, 16>;
  const Ramp set;
  const Line line = snnbd_tests::identity<values>(1.0F);
  Ann ann;
  for (const network::ParameterTensor& tensor : Ann::tensors()) {
    const bool limit = tensor.parameter.kind == layer::ParameterKind::neuron;
    const Index behind = tensor.layer == 2 ? 1 : 0;
    for (Index i = 0; i < tensor.parameter.size(); ++i)
      ann.parameters()[static_cast<std::size_t>(tensor.offset + i)] =
          limit ? 0.75F : line.parameters()[static_cast<std::size_t>(tensor.offset - behind + i)];
  }
  const auto result = learn::convert(ann, learn::LearnedNorm{}, set, encode::Direct{});
  REQUIRE(result.record.layers.size() == 1);
  CHECK(result.record.layers[0].threshold == 0.75);
  CHECK(result.record.start == 0.5F);
  const auto expected = view_of(ann, encode::Direct{}, 1).outputs(set);
  const auto found = view_of(result.net, encode::Direct{}, 16).outputs(set);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK(found[i] == Approx(expected[i]).margin(1e-6));
    CHECK(expected[i] <= 0.75F);
  }
  CHECK_THROWS_AS(learn::convert(line, learn::LearnedNorm{}, set, encode::Direct{}), Error);
}

TEST_CASE("A converted network approaches its artificial one as the steps become more") {
  const Deep ann = drawn();
  const Photographs set{40, 3};  // calibrates too, so that nothing is clipped
  const auto check = [&](const auto& normalizer, const auto& encoding, double bound) {
    const auto result = learn::convert(ann, normalizer, set, encoding);
    double before = 0.0;
    for (const Index steps : {Index{16}, Index{64}, Index{256}}) {
      const double off = error(ann, result.net, encoding, set, steps);
      INFO(result.record.normalizer << ", " << steps << " steps: " << off);
      CHECK(off < bound * 16.0 / static_cast<double>(steps));
      if (before > 0.0) CHECK(off < 0.5 * before);
      before = off;
    }
  };
  check(learn::MaxNorm{}, encode::Direct{}, 1.0);
  check(learn::HalfStart<learn::MaxNorm>{}, encode::Direct{}, 0.5);
  check(learn::SpikeNorm{.timesteps = 32}, encode::Direct{}, 1.0);
}

TEST_CASE("Calibrated biases bring the channels' means to those of the artificial network") {
  const Deep ann = drawn();
  const auto folded = network::fold(ann);
  const Photographs set{60, 5};
  constexpr Index steps = 8;
  const learn::Calibration<Folded<Deep>, encode::Direct> calibration{folded, {}, set};
  const auto gap = [&](const auto& net) {
    std::vector<learn::detail::ChannelMeans> wanted(5);
    std::vector<learn::detail::ChannelMeans> found(5);
    calibration.for_each_activation([&](int number, const RealView<const float>& given) {
      wanted[static_cast<std::size_t>(number)].add(
          given.data, {given.extent.frames() * given.shape.pixels(), given.shape.channels});
    });
    calibration.for_each_firing(net, steps, [&](int number, const SpikeView<const Word>& spikes) {
      std::vector<float> all(
          static_cast<std::size_t>(spikes.extent.frames() * spikes.shape.size() + spare_values));
      kernels::unpack(spikes, Index{0}, spikes.extent.samples, all.data());
      found[static_cast<std::size_t>(number)].add(
          all.data(), {spikes.extent.frames() * spikes.shape.pixels(), spikes.shape.channels});
    });
    double sum = 0.0;
    for (std::size_t layer = 0; layer < 5; ++layer)
      for (std::size_t channel = 0; channel < wanted[layer].size(); ++channel)
        sum += std::abs(wanted[layer][channel] - found[layer][channel]);
    return sum;
  };
  const auto plain = learn::convert(ann, learn::MaxNorm{}, set, encode::Direct{});
  const learn::BiasCalibrated<learn::MaxNorm> calibrated{{}, steps};
  const auto better = learn::convert(ann, calibrated, set, encode::Direct{});
  CHECK(gap(better.net) < 0.5 * gap(plain.net));

  using Bare = Network<image, layer::Conv<3, 3>, layer::Relu, layer::Dense<4>, layer::MeanOverTime>;
  Bare bare;
  snnbd_tests::draw_quarters(bare);
  CHECK_THROWS_WITH(learn::convert(bare, calibrated, set, encode::Direct{}),
                    Catch::Contains("a bias before a layer"));
}

TEST_CASE("A conversion tells what it did") {
  const Deep ann = drawn();
  const Photographs set{30};
  const learn::HalfStart<learn::RobustNorm> normalizer{{.percentile = 99.0}};
  const auto result = learn::convert(ann, normalizer, set, encode::Direct{}, 7);
  CHECK(result.record.normalizer == "robust_norm_half_start");
  CHECK(result.record.samples == 30);
  CHECK(result.record.start == 0.5F);
  REQUIRE(result.record.layers.size() == 5);
  std::size_t number = 0;
  auto net = result.net;
  net.for_each_layer([&]<class Spec>(const Spec& spec, int place) {
    if constexpr (layer::is_spiking<Spec>) {
      const learn::ConvertedLayer& layer = result.record.layers[number];
      CHECK(layer.number == static_cast<int>(number));
      CHECK(layer.place == place);
      CHECK(static_cast<float>(layer.threshold) == spec.neuron.threshold);
      CHECK(spec.amplitude == spec.neuron.threshold);
      CHECK(spec.start == 0.5F);
      ++number;
    }
  });
}

TEST_CASE("A layer that no sample activates cannot be converted") {
  Deep ann = drawn();
  std::fill(ann.parameters().begin(), ann.parameters().end(), 0.0F);
  const Photographs set{4};
  CHECK_THROWS_WITH(learn::convert(ann, learn::MaxNorm{}, set, encode::Direct{}),
                    Catch::Contains("activation layer 0"));
}

TEST_CASE("A converted network with gates approaches its artificial one with max pooling") {
  using Ann = Network<image, layer::Conv<6, 3>, layer::BatchNorm<>, layer::Relu, layer::MaxPool<2>,
                      layer::Conv<8, 3>, layer::MaxPool<2>, layer::Relu,
                      layer::Dense<4, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;
  Ann ann;
  random::Stream stream{2, random::Purpose::synthetic};
  for (float& value : ann.parameters()) value = 0.4F * stream.uniform() - 0.15F;
  for (const network::ParameterTensor& tensor : Ann::tensors())
    if (tensor.parameter.name.find("running_var") != std::string_view::npos)
      for (Index i = 0; i < tensor.parameter.size(); ++i)
        ann.parameters()[static_cast<std::size_t>(tensor.offset + i)] = 0.5F;
  const Photographs set{8};
  const auto check = [&](const auto& normalizer) {
    const auto result = learn::convert(ann, normalizer, set, encode::Direct{});
    INFO(result.record.normalizer);
    CHECK(result.record.layers.size() == 2);
    const double early = error(ann, result.net, encode::Direct{}, set, 16);
    const double late = error(ann, result.net, encode::Direct{}, set, 1024);
    // Units that fire nearly as often as each other pass spikes in turn for long.
    CHECK(late < 0.06);
    CHECK(late < 0.5 * early);
  };
  check(learn::MaxNorm{});
  check(learn::SpikeNorm{.timesteps = 64});
  check(learn::ModelNorm{});
  check(learn::PerChannel<learn::MaxNorm>{});
  check(learn::BiasCalibrated<learn::MaxNorm>{{}, 512});

  // Its report compares the neurons before the gates, whose rates approach the activations.
  const auto converted = learn::convert(ann, learn::MaxNorm{}, set, encode::Direct{});
  const auto found = learn::conversion_report(ann, converted, set, encode::Direct{}, 512);
  REQUIRE(found.layers.size() == 2);
  CHECK(found.relative_output_error < 0.08);
  CHECK(found.agreement > 0.9);
}
