#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/detect/tmpbd.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/layer/spiking.hpp>
#include <snnbd/network/probed_network.hpp>

#include "planted.hpp"

using namespace snnbd;
using namespace snnbd_tests;

TEST_CASE("the chance of an outlier is that of the greatest of as many draws", "[detect]") {
  // The others have mean 3 and variance 9, as an exponential distribution has; its tail at 12 is
  // exp(-4).
  const double spread = std::sqrt(9.0);
  const std::vector<double> margins{3.0 - spread, 12.0, 3.0, 3.0 + spread};
  const double tail = std::exp(-4.0);
  CHECK(detect::outlier_chance(margins) == Approx(1.0 - std::pow(1.0 - tail, 4.0)));
  CHECK(detect::outlier_chance(std::vector<double>{2, 2, 2}) == 1.0);
  CHECK(detect::outlier_chance(std::vector<double>{2, 2, 3}) == 0.0);
  CHECK_THROWS_WITH(detect::outlier_chance(std::vector<double>{2, 2}),
                    "margins of classes: expected at least 3, found 2");
  const auto verdict = detect::judge_margins(margins, 0.1);
  CHECK(verdict.score == Approx(-std::log10(detect::outlier_chance(margins))));
  CHECK(verdict.threshold == Approx(1.0));
  CHECK(verdict.target == 1);
}

TEST_CASE("the largest margins of a linear network are its sums of weights", "[detect]") {
  const Planted net = planted(40.0);
  const NetworkProbe probe = probe_of(net, encode::Direct{}, 2);
  const Quadrants range;
  detect::Tmpbd<> detector;
  detector.starts = 2;
  detector.steps = 150;
  const auto verdict = detector.judge(probe, {.clean = range});
  // The dark pixel alone for class 0; nine pixels for the others, eight for the one that lacks it.
  const std::vector<double> expected{40, 9, 9, 9, 8};
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(verdict.by_class[i] == Approx(expected[i]).epsilon(1e-3));
  CHECK(verdict.flagged());
  CHECK(verdict.target == 0);
  CHECK(detector.judge(probe, {.clean = range}).by_class == verdict.by_class);
  const Planted clean = planted(9.0);
  CHECK_FALSE(detector.judge(probe_of(clean, encode::Direct{}, 2), {.clean = range}).flagged());
}

TEST_CASE("margins of a network that ends in neurons are those of their membranes", "[detect]") {
  using Net =
      Network<Quadrants::shape, layer::Dense<5>, layer::Spiking<neuron::If<>>, layer::SpikeRate>;
  Net net;
  const Planted linear = planted(40.0);
  std::ranges::transform(linear.parameters(), net.parameters().begin(),
                         [](double weight) { return static_cast<float>(weight); });
  const NetworkProbe probe = probe_of<neuron::Sigmoid>(net, encode::Direct{}, 4);
  const Quadrants range;
  detect::Tmpbd<neuron::Sigmoid> detector;
  detector.starts = 2;
  detector.steps = 50;
  const auto verdict = detector.judge(probe, {.clean = range});
  // Rates would leave it at 1.
  CHECK(verdict.by_class[0] > 3.0);
}
