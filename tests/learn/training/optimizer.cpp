#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/learn/training/optimizer.hpp>

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;

/// Takes steps with the gradient (w - 1) and gives the weights.
template <class Rule>
std::vector<double> descend(const Rule& rule, int steps, std::span<const learn::Segment> segments,
                            double scale = 1.0) {
  std::vector<double> weights{2.0, -1.0, 0.5, 3.0, 1.5, 0.0, -2.0, 4.0, 0.25, 1.25, 7.0};
  typename Rule::template State<double> state{static_cast<Index>(weights.size())};
  for (int step = 0; step < steps; ++step) {
    std::vector<double> gradient;
    for (const double weight : weights) gradient.push_back(weight - 1.0);
    state.step(rule, scale, segments, gradient, weights);
  }
  CHECK(state.steps == steps);
  return weights;
}

const std::array<learn::Segment, 1> whole{learn::Segment{0, 11, learn::SegmentKind::decaying}};

}  // namespace

TEST_CASE("SGD follows its recurrence", "[learn]") {
  for (const bool nesterov : {false, true}) {
    const learn::Sgd rule{.rate = 0.1, .momentum = 0.8, .weight_decay = 0.05, .nesterov = nesterov};
    double weight = 2.0;
    double velocity = 0.0;
    for (int step = 0; step < 5; ++step) {
      const double slope = weight - 1.0 + 0.05 * weight;
      velocity = 0.8 * velocity + slope;
      weight -= 0.1 * 0.5 * (nesterov ? slope + 0.8 * velocity : velocity);
    }
    CHECK(descend(rule, 5, whole, 0.5)[0] == Approx(weight).epsilon(1e-12));
  }
}

TEST_CASE("Adam and AdamW follow their recurrences with bias correction", "[learn]") {
  const auto reference = [](bool decoupled, double weight) {
    double mean = 0.0;
    double square = 0.0;
    for (int step = 1; step <= 5; ++step) {
      const double slope = weight - 1.0 + (decoupled ? 0.0 : 0.05 * weight);
      if (decoupled) weight -= 0.1 * 0.05 * weight;
      mean = 0.9 * mean + 0.1 * slope;
      square = 0.99 * square + 0.01 * slope * slope;
      weight -= 0.1 * (mean / (1 - std::pow(0.9, step))) /
                (std::sqrt(square / (1 - std::pow(0.99, step))) + 1e-8);
    }
    return weight;
  };
  learn::Adam adam;
  adam.rate = 0.1;
  adam.beta2 = 0.99;
  adam.weight_decay = 0.05;
  learn::AdamW decoupled;
  decoupled.rate = 0.1;
  decoupled.beta2 = 0.99;
  decoupled.weight_decay = 0.05;
  CHECK(descend(adam, 5, whole)[10] == Approx(reference(false, 7.0)).epsilon(1e-10));
  CHECK(descend(decoupled, 5, whole)[10] == Approx(reference(true, 7.0)).epsilon(1e-10));
}

TEST_CASE("Weight decay leaves alone the segments that do not decay", "[learn]") {
  using learn::Segment;
  using learn::SegmentKind;
  const std::array<Segment, 3> parts{Segment{0, 4, SegmentKind::decaying},
                                     Segment{4, 1, SegmentKind::constant},
                                     Segment{5, 6, SegmentKind::decaying}};
  const auto check = [&](auto rule) {
    rule.weight_decay = 0.2;
    const auto mixed = descend(rule, 3, parts);
    const auto decayed = descend(rule, 3, whole);
    rule.weight_decay = 0.0;
    const auto plain = descend(rule, 3, whole);
    for (std::size_t i = 0; i < mixed.size(); ++i) {
      CAPTURE(rule.name, i);
      CHECK(mixed[i] == Approx(i == 4 ? plain[i] : decayed[i]).epsilon(1e-13));
    }
    CHECK(plain[4] != Approx(decayed[4]).epsilon(1e-9));
  };
  check(learn::Sgd{});
  check(learn::Adam{});
  check(learn::AdamW{});
}

TEST_CASE("Statistics change by their gradient, whatever the rule", "[learn]") {
  using learn::Segment;
  using learn::SegmentKind;
  const std::array<Segment, 3> parts{Segment{0, 3, SegmentKind::decaying},
                                     Segment{3, 2, SegmentKind::statistic},
                                     Segment{5, 6, SegmentKind::decaying}};
  const auto check = [&](auto rule) {
    rule.weight_decay = 0.2;
    const auto mixed = descend(rule, 3, parts, 0.5);
    const auto trained = descend(rule, 3, whole, 0.5);
    for (std::size_t i = 0; i < mixed.size(); ++i) {
      CAPTURE(rule.name, i);
      // The gradient is w - 1: adding it doubles the distance from 1, three times.
      const double start = i == 3 ? 3.0 : 1.5;
      CHECK(mixed[i] == Approx(i == 3 || i == 4 ? 1.0 + 8.0 * (start - 1.0) : trained[i]));
    }
  };
  check(learn::Sgd{});
  check(learn::Adam{});
  check(learn::AdamW{});
}

TEST_CASE("Optimizers refuse settings out of range by their names", "[learn]") {
  const auto refused = [](auto rule, double& setting, const char* name) {
    for (const double value : {-0.1, std::numeric_limits<double>::quiet_NaN(), 1e7}) {
      setting = value;
      CAPTURE(name, value);
      CHECK_THROWS_WITH(rule->check(), Contains(name));
    }
  };
  learn::Sgd sgd;
  CHECK_NOTHROW(sgd.check());
  refused(&sgd, sgd.rate, "learning rate");
  sgd = {};
  refused(&sgd, sgd.momentum, "momentum");
  sgd = {};
  refused(&sgd, sgd.weight_decay, "weight decay");
  learn::AdamW adam;
  CHECK_NOTHROW(adam.check());
  refused(&adam, adam.rate, "learning rate");
  adam = {};
  refused(&adam, adam.beta1, "beta1");
  adam = {};
  refused(&adam, adam.beta2, "beta2");
  adam = {};
  refused(&adam, adam.epsilon, "epsilon");
  adam = {};
  refused(&adam, adam.weight_decay, "weight decay");
}
