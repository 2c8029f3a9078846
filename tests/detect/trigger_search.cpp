#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/parallel.hpp>
#include <snnbd/defend/stamped.hpp>
#include <snnbd/detect/trigger_search.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/frames.hpp>
#include <snnbd/layer/conv.hpp>
#include <snnbd/layer/spiking.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/probed_network.hpp>

#include "../core/keep_threads.hpp"
#include "planted.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using detect::TriggerSearch;
using detect::detail::TriggerObjective;

namespace {

TriggerSearch small() {
  TriggerSearch search = TriggerSearch::quick();
  search.batches = 2;
  search.cost = 0.1;
  return search;
}

/// The largest difference between the objective's gradient and central differences of its value, in
/// units of the largest slope of mask and pattern each.
double gradient_error(TriggerObjective& objective, const std::vector<float>& samples,
                      std::size_t pixels, double cost) {
  std::vector<float> variables(objective.size());
  for (std::size_t i = 0; i < variables.size(); ++i)
    variables[i] = static_cast<float>((i * 5) % 7) / 8.0F - 0.375F;
  std::vector<float> gradient(objective.size());
  std::vector<float> ignored(objective.size());
  static_cast<void>(objective.measure(variables, samples, cost, gradient));
  constexpr float step = 1.0F / 64;
  double worst = 0.0;
  const auto largest = [&](std::size_t first, std::size_t last) {
    double most = 0.0;
    for (std::size_t i = first; i < last; ++i)
      most = std::max(most, std::abs(static_cast<double>(gradient[i])));
    return most;
  };
  const std::array scales{largest(0, pixels), largest(pixels, objective.size())};
  for (std::size_t i = 0; i < objective.size(); ++i) {
    const auto at = [&](float by) {
      std::vector<float> moved = variables;
      moved[i] += by;
      const auto value = objective.measure(moved, samples, cost, ignored);
      return value.loss + cost * value.norm;
    };
    const double expected = (at(step) - at(-step)) / (2.0 * static_cast<double>(step));
    worst = std::max(
        worst, std::abs(static_cast<double>(gradient[i]) - expected) / scales[i < pixels ? 0 : 1]);
  }
  return worst;
}

std::vector<float> some_values(std::size_t count) {
  std::vector<float> values(count);
  for (std::size_t i = 0; i < count; ++i) values[i] = static_cast<float>((i * 13) % 17) / 16.0F;
  return values;
}

}  // namespace

TEST_CASE("the objective of a trigger search has the gradient of its value", "[detect]") {
  using Smooth = neuron::Smooth<neuron::Lif<neuron::SoftReset>>;
  using Net = BasicNetwork<double, Shape{3, 4, 2}, layer::Conv<3, 3>, layer::Spiking<Smooth>,
                           layer::Dense<3>, layer::MeanOverTime>;
  Net net;
  network::initialize(net, 5);
  for (auto& value : net.parameters()) value *= 2;
  const NetworkProbe images = probe_of(net, encode::Direct{}, 3, 2);
  TriggerObjective objective{images, 1, 1, 1, {-0.5F, 2.0F}};
  CHECK(objective.size() == 12 + 24);
  CHECK(gradient_error(objective, some_values(5 * 24), 12, 0.02) < 1e-3);

  const NetworkProbe frames = probe_of(net, encode::Frames{}, 3, 2);
  TriggerObjective same{frames, 1, 3, 1, {0.0F, 1.0F}};
  CHECK(same.size() == 12 + 24);
  CHECK(gradient_error(same, some_values(3 * 72), 12, 0.02) < 1e-3);
  TriggerObjective each{frames, 2, 3, 3, {0.0F, 1.0F}};
  CHECK(each.size() == 12 + 72);
  CHECK(gradient_error(each, some_values(3 * 72), 12, 0.02) < 1e-3);
}

TEST_CASE("the objective is cross entropy of stamped samples and the sum of the mask", "[detect]") {
  const Planted net = planted(40.0);
  const NetworkProbe probe = probe_of(net, encode::Direct{}, 2);
  TriggerObjective objective{probe, 0, 1, 1, {0.0F, 1.0F}};
  std::vector<float> variables(72, -20.0F);
  variables[Quadrants::dark] = 0.0F;        // half of the pixel
  variables[36 + Quadrants::dark] = 20.0F;  // white
  std::vector<float> gradient(72);
  const auto value = objective.measure(variables, std::vector<float>(72), 0.0, gradient);
  // Two black images: 20 for class 0, nothing for the four others.
  CHECK(value.loss == Approx(std::log1p(4.0 * std::exp(-20.0))));
  CHECK(value.norm == Approx(0.5));
  CHECK(value.hits == 2);
  const auto trigger = objective.trigger(variables);
  CHECK(trigger.mask[Quadrants::dark] == 0.5F);
  CHECK(trigger.pattern[Quadrants::dark] == 1.0F);
  CHECK(defend::mask_norm(trigger) == Approx(0.5));
}

TEST_CASE("a planted trigger is found where it is", "[detect]") {
  const Planted net = planted(40.0);
  const Quadrants clean;
  const auto found = small().find(probe_of(net, encode::Direct{}, 1), {.clean = clean}, 0);
  CHECK(found.label == 0);
  CHECK(found.success == 1.0);
  CHECK(defend::mask_norm(found) < 1.0);
  CHECK(std::ranges::max_element(found.mask) - found.mask.begin() == Quadrants::dark);
  CHECK(found.pattern[Quadrants::dark] > 0.9F);
}

TEST_CASE("a trigger search does not depend on threads, but on its seed", "[detect]") {
  const Planted net = planted(40.0);
  const NetworkProbe probe = probe_of(net, encode::Direct{}, 1);
  const Quadrants clean;
  TriggerSearch search = small();
  search.rounds = 3;
  const KeepThreads keep;
  set_thread_count(1);
  const auto one = search.find(probe, {.clean = clean}, 2);
  set_thread_count(3);
  const auto several = search.find(probe, {.clean = clean}, 2);
  CHECK(one.mask == several.mask);
  CHECK(one.pattern == several.pattern);
  search.seed = 2;
  CHECK(search.find(probe, {.clean = clean}, 2).mask != one.mask);
}

TEST_CASE("the price of a mask follows the success of its trigger", "[detect]") {
  TriggerSearch search;
  search.patience = 2;
  detect::detail::MaskCost price{search};
  const auto follow = [&](int rounds, bool succeeded) {
    for (int i = 0; i < rounds; ++i) price.follow(succeeded);
    return price.value();
  };
  CHECK(follow(1, true) == 0.0);
  CHECK(follow(3, false) == 0.0);
  CHECK(follow(2, true) == 1e-3);
  CHECK(follow(1, true) == 1e-3);
  CHECK(follow(1, true) == 2e-3);
  CHECK_FALSE(price.settled());
  CHECK(follow(2, false) == Approx(2e-3 / std::pow(2.0, 1.5)));
  CHECK(price.settled());
}

TEST_CASE("a trigger search refuses what it cannot search with", "[detect]") {
  const Planted net = planted(40.0);
  const NetworkProbe probe = probe_of(net, encode::Direct{}, 1);
  const Quadrants clean;
  CHECK_THROWS_WITH(TriggerSearch{}.find(probe, {.clean = clean}, 5),
                    "class of a trigger search: expected one from 0 to 4, found 5");
  TriggerSearch search;
  search.rounds = 0;
  CHECK_THROWS_WITH(search.find(probe, {.clean = clean}, 0),
                    "rounds of a trigger search: expected at least 1, found 0");
  const data::Selection alike{clean, {0, 4}};
  CHECK_THROWS_WITH(TriggerSearch{}.find(probe, {.clean = alike}, 1),
                    "clean samples for a trigger search: expected at least one of another class "
                    "than 1, found none");
}
