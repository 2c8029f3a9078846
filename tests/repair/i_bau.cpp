#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/encode/direct.hpp>
#include <snnbd/layer/conv.hpp>
#include <snnbd/layer/spiking.hpp>
#include <snnbd/learn/training/model.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/repair/i_bau.hpp>

#include "../detect/planted.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

struct Few {
  static constexpr Shape shape{2, 3, 1};
  static constexpr int classes = 3;
  static constexpr std::string_view name = "few";
  [[nodiscard]] std::size_t size() const { return 4; }
  [[nodiscard]] int label(std::size_t index) const { return static_cast<int>(index % 3); }
  void read(std::size_t index, std::span<float> values) const {
    for (std::size_t i = 0; i < values.size(); ++i)
      values[i] = static_cast<float>((i * 5 + index * 3) % 8) / 8.0F;
  }
};

using Smooth = neuron::Smooth<neuron::Lif<neuron::SoftReset, neuron::Sigmoid>>;
using Soft = BasicNetwork<double, Few::shape, layer::Conv<2, 3>, layer::Spiking<Smooth>,
                          layer::Dense<3>, layer::MeanOverTime>;

/// How many samples a pixel that is lit leads to class 0.
std::size_t obeys(const Planted& net) {
  const Quadrants clean;
  const NetworkProbe probe = probe_of(net, encode::Direct{}, 1);
  std::vector<float> values(36 * clean.size());
  for (std::size_t i = 0; i < clean.size(); ++i) {
    clean.read(i, std::span{values}.subspan(36 * i, 36));
    values[36 * i + Quadrants::dark] = 1.0F;
  }
  return static_cast<std::size_t>(std::ranges::count(probe.largest(probe.outputs(values)), 0));
}

}  // namespace

TEST_CASE("the implicit hypergradient is the derivative through the best perturbation",
          "[repair]") {
  // A strong penalty makes the inner loss convex; c is 1 over its curvature, so that both the best
  // perturbation and v come near after few steps.
  const repair::IBau<> bau{
      .iterations = 30, .penalty = 1.0, .contraction = 0.4, .share = 0.5, .reach = 1e-3};
  const Few set;
  data::Batch batch;
  batch.fill_from(set, 0, 4);
  repair::PerturbedLoss<Soft> loss{set, 3, 3};
  Soft net;
  network::initialize(net, 5);
  for (auto& value : net.parameters()) value *= 2;
  std::vector<double> ignored;
  std::vector<double> slopes;
  const auto best = [&](std::vector<double> perturbation) {
    for (int step = 0; step < 40; ++step) {
      loss.measure(net, batch, perturbation, 4, ignored, slopes);
      for (std::size_t i = 0; i < perturbation.size(); ++i)
        perturbation[i] -= 0.4 * (2.0 * perturbation[i] - slopes[i]);
    }
    return perturbation;
  };
  const std::vector<double> here = best(std::vector<double>(6));
  std::vector<double> gradient;
  bau.hypergradient<double>(loss, net, batch, batch, here, gradient);
  double largest = 0.0;
  double indirect = 0.0;
  std::vector<double> direct;
  loss.measure(net, batch, here, 2, direct, slopes);
  for (std::size_t i = 0; i < gradient.size(); ++i) {
    largest = std::max(largest, std::abs(gradient[i]));
    indirect = std::max(indirect, std::abs(gradient[i] - direct[i]));
  }
  // What goes through the perturbation is a part that counts.
  CHECK(indirect > 0.02 * largest);
  for (std::size_t i = 0; i < gradient.size(); i += 5) {
    const auto at = [&](double by) {
      const double before = net.parameters()[i];
      net.parameters()[i] = before + by;
      const double value = loss.measure(net, batch, best(here), 2, ignored, slopes);
      net.parameters()[i] = before;
      return value;
    };
    const double expected = (at(1e-4) - at(-1e-4)) / 2e-4;
    CHECK(std::abs(gradient[i] - expected) < 1e-3 * indirect);
  }
}

TEST_CASE("the gradients of a perturbed loss are those of its value", "[repair]") {
  const Few set;
  data::Batch batch;
  batch.fill_from(set, 0, 4);
  repair::PerturbedLoss<Soft> loss{set, 3, 3};
  Soft net;
  network::initialize(net, 5);
  std::vector<double> perturbation{0.1, -0.2, 0.3, 0.0, 0.2, -0.1};
  std::vector<double> by_parameters;
  std::vector<double> by_perturbation;
  std::vector<double> one;
  std::vector<double> two;
  // The second of two parts carries it in no sample but its first.
  loss.measure(net, batch, perturbation, 3, by_parameters, by_perturbation);
  const auto difference = [&](double& number) {
    const double before = number;
    number = before + 1e-5;
    const double above = loss.measure(net, batch, perturbation, 3, one, two);
    number = before - 1e-5;
    const double below = loss.measure(net, batch, perturbation, 3, one, two);
    number = before;
    return (above - below) / 2e-5;
  };
  for (std::size_t i = 0; i < 6; ++i)
    CHECK(by_perturbation[i] == Approx(difference(perturbation[i])).margin(1e-8));
  for (std::size_t i = 0; i < by_parameters.size(); i += 7)
    CHECK(by_parameters[i] == Approx(difference(net.parameters()[i])).margin(1e-8));
}

TEST_CASE("I-BAU takes a planted backdoor out, and nothing in no rounds", "[repair]") {
  const Planted net = planted(40.0);
  const Quadrants clean;
  const encode::Direct encoding;
  const defend::Subject<Planted, encode::Direct, learn::NoOrigin> subject{net, encoding, 1};
  const auto same =
      repair::IBau<>{.rounds = 0}.repair(subject, {.clean = clean}, defend::IgnorePath{});
  CHECK(std::ranges::equal(same.parameters(), net.parameters()));
  CHECK(obeys(net) == 64);
  repair::IBau<> bau;
  bau.optimizer.rate = 1.0;
  bau.share = 0.2;
  bau.batch_size = 16;
  std::vector<double> strengths;
  const auto repaired = bau.repair(subject, {.clean = clean}, [&](const auto&, double strength) {
    strengths.push_back(strength);
  });
  CHECK(strengths == std::vector<double>{0, 1, 2, 3, 4, 5});
  CHECK(obeys(repaired) < 8);
  const auto predicted = probe_of(repaired, encoding, 1).predict(clean);
  std::size_t right = 0;
  for (std::size_t i = 0; i < 64; ++i) right += predicted[i] == clean.label(i) ? 1U : 0U;
  CHECK(right >= 60);
}

TEST_CASE("I-BAU refuses settings that it cannot work with", "[repair]") {
  const Planted net = planted(40.0);
  const Quadrants clean;
  const encode::Direct encoding;
  const defend::Subject<Planted, encode::Direct, learn::NoOrigin> subject{net, encoding, 1};
  repair::IBau<> bau;
  bau.reach = 0.0;
  CHECK_THROWS_WITH(bau.repair(subject, {.clean = clean}, defend::IgnorePath{}),
                    "reach of i_bau: expected a number above 0, found 0");
}
