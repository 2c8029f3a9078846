#include <algorithm>
#include <cmath>
#include <type_traits>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/synthetic.hpp>
#include <snnbd/encode/encode.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/learn.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/normalize_weights.hpp>
#include <snnbd/network/view.hpp>

/// Networks in double precision are converted as those in single precision are.
namespace {

using namespace snnbd;

constexpr Shape shape{6, 6, 2};
using Set = data::Blobs<shape, 3>;
constexpr layer::ConvOptions biased{.bias = true};

template <class Scalar>
using Straight = BasicNetwork<Scalar, shape, layer::Conv<5, 3, biased>, layer::BatchNorm<>,
                              layer::Relu, layer::AvgPool<2>, layer::Dense<8>, layer::Relu,
                              layer::Dense<3>, layer::MeanOverTime>;
using Block = layer::Residual<
    layer::Sequence<layer::Conv<5, 3>, layer::BatchNorm<>, layer::Relu, layer::Conv<5, 3>>>;
template <class Scalar>
using Deep = BasicNetwork<Scalar, shape, layer::Conv<5, 3>, layer::Relu, Block, layer::Relu,
                          layer::GlobalAvgPool, layer::Dense<3>, layer::MeanOverTime>;

/// The same parameters in both precisions.
template <template <class> class Net>
struct Both {
  Net<float> single;
  Net<double> precise;
  Both() {
    network::initialize(single, 3);
    std::copy(single.parameters().begin(), single.parameters().end(), precise.parameters().begin());
  }
};

const Set set{30};
constexpr Index steps = 8;

template <template <class> class Net, class Rule, class Encoding = encode::Direct>
void check_rule(const Rule& rule) {
  INFO(Rule::name);
  const Both<Net> both;
  const auto single = learn::convert(both.single, rule, set, Encoding{}, 7);
  const auto precise = learn::convert(both.precise, rule, set, Encoding{}, 7);
  STATIC_REQUIRE(std::is_same_v<typename decltype(precise.net)::ScalarType, double>);
  REQUIRE(precise.record.layers.size() == single.record.layers.size());
  for (std::size_t i = 0; i < single.record.layers.size(); ++i) {
    CHECK(precise.record.layers[i].threshold ==
          Approx(single.record.layers[i].threshold).epsilon(1e-4));
    CHECK(precise.record.layers[i].channels.size() == single.record.layers[i].channels.size());
  }
  for (std::size_t i = 0; i < single.net.parameters().size(); ++i)
    CHECK(precise.net.parameters()[i] ==
          Approx(single.net.parameters()[i]).epsilon(1e-3).margin(2e-2));
}

}  // namespace

TEST_CASE("Each normalizer converts a network in double precision", "[learn]") {
  using namespace learn;
  check_rule<Straight>(MaxNorm{});
  check_rule<Straight>(ScaledMax{});
  check_rule<Straight>(MovingMaxNorm{});
  check_rule<Straight>(MovingRobustNorm{});
  check_rule<Straight>(HalfStart<RobustNorm>{});
  check_rule<Straight>(ModelNorm{});
  check_rule<Straight>(SpikeNorm{.timesteps = steps});
  check_rule<Straight>(MmseNorm{.timesteps = steps});
  check_rule<Straight>(LocalThresholdBalancing{});
  check_rule<Straight>(PerChannel<MaxNorm>{});
  check_rule<Straight>(BiasCalibrated<MmseNorm>{{.timesteps = steps}, steps});
  check_rule<Straight, MaxNorm, encode::Poisson>(MaxNorm{});
  check_rule<Deep>(RobustNorm{});
  check_rule<Deep>(SpikeNorm{.timesteps = steps, .percentile = 99.0});
  check_rule<Deep>(ModelNorm{});
}

TEST_CASE("A twin with levels in double precision converts by its limits", "[learn]") {
  using Twin = QcfsTwin<Straight<double>, 4, 2>;
  Twin twin;
  network::initialize(twin, 3);
  const auto converted = learn::convert(twin, learn::LearnedNorm{}, set, encode::Direct{});
  CHECK(converted.record.layers[0].threshold == 2.0);
}

TEST_CASE("Conversion in double precision approaches the artificial network as steps are added",
          "[learn]") {
  const Both<Straight> both;
  const auto converted = learn::convert(both.precise, learn::MaxNorm{}, set, encode::Direct{});
  const auto error = [&](const auto& net, Index count) {
    const auto wanted = view_of(both.precise, encode::Direct{}, 1).outputs(set);
    const auto found = view_of(net, encode::Direct{}, count).outputs(set);
    double largest = 0.0;
    for (std::size_t i = 0; i < wanted.size(); ++i)
      largest = std::max(largest, std::abs(static_cast<double>(wanted[i] - found[i])));
    return largest;
  };
  const double few = error(converted.net, 8);
  const double many = error(converted.net, 512);
  CHECK(many < 0.1 * few);
  CHECK(error(network::normalize_weights(converted.net), 512) == Approx(many).margin(1e-3));
}

TEST_CASE("A conversion report of networks in double precision is that of single precision",
          "[learn]") {
  const Both<Straight> both;
  const auto report = [&](const auto& ann) {
    const auto converted = learn::convert(ann, learn::RobustNorm{}, set, encode::Direct{});
    return learn::conversion_report(ann, converted, set, encode::Direct{}, steps, 7);
  };
  const learn::ConversionReport single = report(both.single);
  const learn::ConversionReport precise = report(both.precise);
  REQUIRE(precise.layers.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) {
    CHECK(precise.layers[i].activation == Approx(single.layers[i].activation).epsilon(1e-3));
    CHECK(precise.layers[i].rate == Approx(single.layers[i].rate).margin(0.01));
  }
  CHECK(precise.agreement == single.agreement);
}

TEST_CASE("A network in double precision is tuned behind its conversion", "[learn]") {
  using Net = BasicNetwork<double, shape, layer::Conv<5, 3>, layer::Spiking<neuron::If<>>,
                           layer::AvgPool<2>, layer::Dense<3>, layer::MeanOverTime>;
  AnnTwin<Net> ann;
  network::initialize(ann, 3);
  const auto converted = learn::convert(ann, learn::RobustNorm{}, set, encode::Direct{});
  learn::Stdb<> stdb;
  auto net = stdb.begin(converted.net);
  const learn::TrainSettings settings{.epochs = 1, .batch_size = 10, .timesteps = 4};
  const auto record = stdb.training.fit(net, encode::Direct{}, set, settings, {}, {});
  CHECK(std::isfinite(record.epochs.at(0).loss));
}
