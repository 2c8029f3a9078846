#include <algorithm>
#include <cmath>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/learn/conversion/conversion_report.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/view.hpp>

#include "../../core/keep_threads.hpp"
#include "conversion_probe.hpp"

using namespace snnbd;

namespace {

constexpr int values = 9;
using Ramp = snnbd_tests::Ramp<values>;
using Line = snnbd_tests::Line<values>;

constexpr Shape image{8, 8, 2};
using Convolutional =
    Network<image, layer::Conv<6, 3>, layer::BatchNorm<>, layer::Relu, layer::AvgPool<2>,
            layer::Residual<layer::Sequence<layer::Conv<6, 3>, layer::Relu, layer::Conv<6, 3>>>,
            layer::Relu, layer::Flatten, layer::Dense<12>, layer::Relu, layer::Dense<4>,
            layer::MeanOverTime>;
using Photographs = data::Blobs<image, 4>;

Convolutional drawn() {
  Convolutional ann;
  network::initialize(ann, 3);
  return ann;
}

}  // namespace

TEST_CASE("A report tells the errors of neurons whose currents are constant", "[learn]") {
  const Ramp set{3};
  const Line ann = snnbd_tests::identity<values>();
  const auto converted = learn::convert(ann, learn::MaxNorm{}, set, encode::Direct{});
  const auto found = learn::conversion_report(ann, converted, set, encode::Direct{}, 4);
  CHECK(found.normalizer == "max_norm");
  CHECK(found.samples == 3);
  CHECK(found.steps == 4);
  REQUIRE(found.layers.size() == 1);
  const learn::LayerReport& layer = found.layers[0];
  CHECK(layer.layer.threshold == 1.0);
  CHECK(layer.neurons == values);
  CHECK(layer.start == 0.0F);
  CHECK(layer.activation == 0.5);
  // 4 steps make 0, 0, 2, 2, 4, 4, 6, 6 and 8 eighths.
  CHECK(layer.rate == Approx(32.0 / 8.0 / 9.0));
  CHECK(layer.error.mean == Approx(4.0 / 8.0 / 9.0));
  CHECK(layer.error.rms == Approx(std::sqrt(4.0 / 64.0 / 9.0)));
  CHECK(layer.quantization.mean == layer.error.mean);
  CHECK(layer.quantization.rms == layer.error.rms);
  CHECK(layer.clipping.rms == 0.0);
  CHECK(layer.residual.rms == 0.0);
  CHECK(layer.clipped == 0.0);
  CHECK(layer.relative_error == Approx(std::sqrt(4.0 / 204.0)));
  CHECK(layer.silent == Approx(2.0 / 9.0));
  CHECK(layer.idle == Approx(1.0 / 9.0));
  REQUIRE(layer.curve.size() == 12);
  CHECK(layer.curve[0].count == 3);
  CHECK(layer.curve[2].activation == 0.125);
  CHECK(layer.curve[2].rate == 0.0);
  CHECK(layer.curve[10].rate == 1.0);
  CHECK(layer.curve[11].count == 0);
  CHECK(found.output_error.mean == Approx(layer.error.mean));
  CHECK(found.output_error.rms == Approx(layer.error.rms));
  CHECK(found.relative_output_error == Approx(layer.relative_error));
  CHECK(found.agreement == 1.0);
}

TEST_CASE("Half a threshold at the start takes the mean error of quantization away", "[learn]") {
  const Ramp set;
  const Line ann = snnbd_tests::identity<values>();
  const auto converted =
      learn::convert(ann, learn::HalfStart<learn::MaxNorm>{}, set, encode::Direct{});
  const auto layer = learn::conversion_report(ann, converted, set, encode::Direct{}, 4).layers[0];
  // 4 steps make 0, 2, 2, 4, 4, 6, 6, 8 and 8 eighths.
  CHECK(layer.start == 0.5F);
  CHECK(layer.quantization.mean == Approx(-4.0 / 8.0 / 9.0));
  CHECK(layer.residual.rms == 0.0);
  const auto many = learn::conversion_report(ann, converted, set, encode::Direct{}, 8).layers[0];
  CHECK(many.error.rms == 0.0);
}

TEST_CASE("A report tells what stands above a threshold", "[learn]") {
  const Ramp set;
  const Line ann = snnbd_tests::identity<values>();
  const auto converted =
      learn::convert(ann, learn::ScaledMax{.factor = 0.5}, set, encode::Direct{});
  const auto found = learn::conversion_report(ann, converted, set, encode::Direct{}, 4);
  const learn::LayerReport& layer = found.layers[0];
  CHECK(layer.layer.threshold == 0.5);
  CHECK(layer.activation == 1.0);
  CHECK(layer.clipped == Approx(4.0 / 9.0));
  CHECK(layer.clipping.mean == Approx((0.25 + 0.5 + 0.75 + 1.0) / 9.0));
  CHECK(layer.clipping.rms == Approx(std::sqrt((0.0625 + 0.25 + 0.5625 + 1.0) / 9.0)));
  CHECK(layer.error.rms == layer.clipping.rms);
  CHECK(layer.quantization.rms == 0.0);
  CHECK(layer.curve[11].count == 4);
  CHECK(layer.curve[11].rate == 1.0);
  CHECK(found.agreement == 0.0);  // five outputs are equal now
}

TEST_CASE("The parts of an error add up to it, and more steps leave less of it", "[learn]") {
  const Convolutional ann = drawn();
  const Photographs set{50, 3};
  for (const bool scaled : {false, true}) {
    const auto converted =
        scaled ? learn::convert(ann, learn::ScaledMax{.factor = 0.3}, set, encode::Direct{})
               : learn::convert(ann, learn::MaxNorm{}, set, encode::Direct{});
    std::vector<double> residuals(4, 10.0);
    double output = 10.0;
    for (const Index steps : {Index{8}, Index{40}, Index{200}}) {
      const auto found = learn::conversion_report(ann, converted, set, encode::Direct{}, steps);
      REQUIRE(found.layers.size() == 4);
      for (std::size_t i = 0; i < 4; ++i) {
        const learn::LayerReport& layer = found.layers[i];
        CHECK(layer.layer.number == static_cast<int>(i));
        CHECK(layer.error.mean == Approx(layer.activation - layer.rate).margin(1e-12));
        CHECK(layer.error.mean ==
              Approx(layer.clipping.mean + layer.quantization.mean + layer.residual.mean)
                  .margin(1e-12));
        CHECK(layer.error.rms <= layer.clipping.rms + layer.quantization.rms + layer.residual.rms);
        CHECK((layer.clipped > 0.0) == scaled);
        CHECK(layer.silent >= 0.0);
        CHECK(layer.quantization.rms <= 1.0 / static_cast<double>(steps));
        if (!scaled) CHECK(layer.residual.rms < 0.6 * residuals[i] + 1e-3);
        residuals[i] = layer.residual.rms;
        std::int64_t pairs = 0;
        for (const learn::RatePoint& point : layer.curve) pairs += point.count;
        CHECK(pairs == found.samples * layer.neurons);
      }
      if (!scaled) CHECK(found.output_error.rms < 0.5 * output);
      output = found.output_error.rms;
    }
  }
}

TEST_CASE("A report tells of outputs what views of both networks tell", "[learn]") {
  const Convolutional ann = drawn();
  const Photographs set{33, 3};
  const encode::Poisson encoding{};
  const auto converted = learn::convert(ann, learn::MaxNorm{}, set, encoding);
  const auto found = learn::conversion_report(ann, converted, set, encoding, 40, 8);
  const auto expected = view_of(ann, encode::Direct{}, 1);
  const auto spiking = view_of(converted.net, encoding, 40);
  const auto wanted = expected.outputs(set);
  const auto given = spiking.outputs(set);
  double sum = 0.0;
  for (std::size_t i = 0; i < wanted.size(); ++i)
    sum += std::pow(static_cast<double>(wanted[i]) - static_cast<double>(given[i]), 2.0);
  CHECK(found.output_error.rms ==
        Approx(std::sqrt(sum / static_cast<double>(wanted.size()))).epsilon(1e-4));
  const auto one = expected.predict(set);
  const auto other = spiking.predict(set);
  double same = 0.0;
  for (std::size_t i = 0; i < one.size(); ++i) same += one[i] == other[i] ? 1.0 : 0.0;
  CHECK(found.agreement == Approx(same / 33.0));
}

TEST_CASE("A report depends on neither batches nor threads", "[learn]") {
  const Convolutional ann = drawn();
  const Photographs set{30, 3};
  const auto converted = learn::convert(ann, learn::RobustNorm{}, set, encode::Direct{});
  const auto whole = learn::conversion_report(ann, converted, set, encode::Direct{}, 40, 30);
  const snnbd_tests::KeepThreads keep_threads;
  for (const int count : {1, 3}) {
    set_thread_count(count);
    const auto parts = learn::conversion_report(ann, converted, set, encode::Direct{}, 40, 7);
    CHECK(parts.layers == whole.layers);
    CHECK(parts.output_error.rms == whole.output_error.rms);
    CHECK(parts.agreement == whole.agreement);
  }
}

TEST_CASE("A report refuses sets that do not fit and sequences without steps", "[learn]") {
  const Line ann = snnbd_tests::identity<values>();
  const Ramp set;
  const auto converted = learn::convert(ann, learn::MaxNorm{}, set, encode::Direct{});
  CHECK_THROWS_WITH(learn::conversion_report(ann, converted, set, encode::Direct{}, 0),
                    Catch::Contains("steps of a conversion report"));
  CHECK_THROWS_AS(learn::conversion_report(ann, converted, Photographs{3}, encode::Direct{}, 4),
                  Error);
  CHECK_THROWS_AS(learn::conversion_report(ann, converted, Ramp{0}, encode::Direct{}, 4), Error);
  CHECK_THROWS_AS(learn::conversion_report(ann, converted, set, encode::Direct{}, 4, 0), Error);
}
