#include <cmath>
#include <numeric>

#include <catch2/catch.hpp>

#include <snnbd/repair/nad.hpp>

#include "nets.hpp"

using namespace snnbd;
using namespace snnbd_tests;

TEST_CASE("attention maps are what they are by hand", "[repair]") {
  // Two pixels of two channels: a = (0.25 + 1, 0 + 0.25), and a sample where nothing fires.
  const std::vector<double> rates{0.5, 1.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0};
  const repair::AttentionSize size{2, 2, 2};
  const double length = std::sqrt(1.25 * 1.25 + 0.25 * 0.25);
  const auto maps = repair::attention_maps(rates, size, 2.0);
  CHECK(maps[0] == Approx(1.25 / length));
  CHECK(maps[1] == Approx(0.25 / length));
  CHECK(maps[2] == 0.0);
  CHECK(maps[3] == 0.0);
  // From maps of (0, 1) and (0.6, 0.8), each pixel counts half.
  const std::vector<double> wanted{0.0, 1.0, 0.6, 0.8};
  std::vector<double> gradient(8);
  const double first = maps[0] * maps[0] + (maps[1] - 1.0) * (maps[1] - 1.0);
  CHECK(repair::attention_distance(rates, wanted, size, 2.0, 3.0, gradient) ==
        Approx(1.5 * (first + 1.0)));
  CHECK_THROWS_WITH(repair::attention_maps(rates, {2, 2, 1}, 2.0),
                    "values for attention maps: expected 4, found 8");
}

TEST_CASE("the gradient of the attention distance is what central differences find", "[repair]") {
  const repair::AttentionSize size{2, 3, 2};
  std::vector<double> features{0.3, -0.8, 0.5, 0.2, 0.9, 0.4, 0.7, 0.1, -0.6, 0.35, 0.15, 0.55};
  const std::vector<double> wanted{0.1, 0.7, 0.7, 0.5, 0.2, 0.8};
  for (const double power : {1.5, 2.0, 4.0}) {
    std::vector<double> gradient(12);
    std::vector<double> ignored(12);
    repair::attention_distance(features, wanted, size, power, 5.0, gradient);
    for (std::size_t i = 0; i < features.size(); ++i) {
      const double kept = features[i];
      features[i] = kept + 1e-6;
      const double above = repair::attention_distance(features, wanted, size, power, 5.0, ignored);
      features[i] = kept - 1e-6;
      const double below = repair::attention_distance(features, wanted, size, power, 5.0, ignored);
      features[i] = kept;
      CHECK(gradient[i] == Approx((above - below) / 2e-6).epsilon(1e-6).margin(1e-8));
    }
  }
}

TEST_CASE("attention distillation draws a network to its teacher, and without beta it fine-tunes",
          "[repair]") {
  const Given<TinyNet> given{lively()};
  const TinySet clean{20, 1, 0.1F};
  const defend::Evidence evidence{.clean = clean};
  using Repair = repair::Nad<>;
  Repair nad{.teacher = {.epochs = 0}, .betas = {0.0}, .epochs = 2, .batch_size = 8};
  repair::FineTune<> tune{.epochs = 2, .batch_size = 8};
  std::vector<double> strengths;
  const TinyNet plain = nad.repair(given.subject(), evidence, Strengths{strengths});
  CHECK(strengths == std::vector<double>{0.0, 1.0, 2.0});
  CHECK(same(plain, tune.repair(given.subject(), evidence, defend::IgnorePath{})));

  // The teacher is the network itself. The more attention counts, the less its maps change.
  const auto distance = [&](const TinyNet& net) {
    const auto maps = [&](const TinyNet& of) {
      const auto rates =
          probe_of(of, given.encoding, 4).features(clean, 2, network::Quantity::spikes);
      const std::vector<double> features(rates.data(), rates.data() + rates.size());
      return repair::attention_maps(features, {20, 16, 6}, 2.0);
    };
    const auto left = maps(net);
    const auto right = maps(given.net);
    return std::transform_reduce(left.begin(), left.end(), right.begin(), 0.0, std::plus<>{},
                                 [](double a, double b) { return (a - b) * (a - b); });
  };
  nad.optimizer.rate = 0.05;
  nad.epochs = 4;
  const double free = distance(nad.repair(given.subject(), evidence, defend::IgnorePath{}));
  nad.betas = {50.0};
  const double drawn = distance(nad.repair(given.subject(), evidence, defend::IgnorePath{}));
  CHECK(drawn < 0.7 * free);
  nad.epochs = 0;
  CHECK(same(nad.repair(given.subject(), evidence, defend::IgnorePath{}), given.net));
}

TEST_CASE("attention is distilled in the last layers with pixels", "[repair]") {
  CHECK(std::is_same_v<repair::detail::AttentionLayers<TinyNet>::type, std::index_sequence<3>>);
  using Unit = layer::Spiking<TinyCell>;
  using Deep = Network<Shape{4, 4, 1}, layer::Conv<2, 3>, Unit, layer::Conv<2, 3>, Unit,
                       layer::Residual<layer::Sequence<layer::Conv<2, 3>, Unit, layer::Conv<2, 3>>>,
                       Unit, layer::Conv<2, 3>, Unit, layer::Dense<2>, layer::MeanOverTime>;
  CHECK(std::is_same_v<repair::detail::AttentionLayers<Deep>::type, std::index_sequence<4, 6, 8>>);
}
