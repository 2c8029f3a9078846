#include <catch2/catch.hpp>

#include <snnbd/repair/spike_statistics_prune.hpp>

#include "nets.hpp"

using namespace snnbd;
using namespace snnbd_tests;

TEST_CASE("what was pruned stays zero while the rest is tuned", "[repair]") {
  const Given<TinyNet> given{lively()};
  const TinySet clean{24, 1, 0.1F};
  const auto layers = network::channel_layers(given.net);
  repair::FinePrune<> repair;
  repair.prune.limits = {.step = 0.25, .limit = 0.5, .tolerance = 1.0};
  const auto pruned =
      repair.prune.prune(given.subject(), {.clean = clean}, layers, defend::IgnorePath{});
  REQUIRE(pruned.channels.size() == 3);
  repair.tune.epochs = 2;
  repair.tune.batch_size = 8;
  repair.tune.rule.optimizer.weight_decay = 0.1;
  std::vector<double> strengths;
  const TinyNet tuned = repair.repair(given.subject(), {.clean = clean}, Strengths{strengths});
  CHECK(strengths == std::vector<double>{0.0, 2.0 / 6.0, 0.5, 2.0, 3.0});
  CHECK_FALSE(same(tuned, pruned.net));
  std::vector<bool> held(tuned.parameters().size());
  for (const auto& one : pruned.channels)
    layers[one.layer].for_each_parameter(
        one.channel, [&](Index at) { held[static_cast<std::size_t>(at)] = true; });
  std::size_t zeros = 0;
  bool all_zero = true;
  for (std::size_t i = 0; i < held.size(); ++i) {
    if (!held[i]) continue;
    ++zeros;
    all_zero = all_zero && tuned.parameters()[i] == 0.0F;
  }
  CHECK(zeros == 3 * (9 + 2));
  CHECK(all_zero);
}

TEST_CASE("fine-pruning of strength zero changes nothing", "[repair]") {
  const Given<TinyNet> given{lively()};
  const TinySet clean{12};
  const defend::Evidence evidence{.clean = clean};
  CHECK(same(repair::FinePrune<>{.prune = {.limits = {.limit = 0.0}}, .tune = {.epochs = 0}}.repair(
                 given.subject(), evidence, defend::IgnorePath{}),
             given.net));
  CHECK(same(repair::SpikeStatisticsPrune<>{.limits = {.limit = 0.0}, .tune = {.epochs = 0}}.repair(
                 given.subject(), evidence, defend::IgnorePath{}),
             given.net));
}

TEST_CASE("spikes are counted, spread and at their peak as by hand", "[repair]") {
  // Two samples of two pixels and two channels.
  Tensor<float, 2> rates{2, 4};
  rates.setValues({{0.0F, 1.0F, 0.5F, 0.5F}, {0.25F, 0.75F, 0.75F, 0.25F}});
  using enum repair::SpikeStatistic;
  CHECK(repair::spike_statistics(rates, 2, total) == std::vector<double>{0.375, 0.625});
  CHECK(repair::spike_statistics(rates, 2, peak) == std::vector<double>{0.5, 0.75});
  CHECK(repair::spike_statistics(rates, 2, spread) == std::vector<double>{0.125, 0.125});
  std::vector<repair::RankedChannel> ranked;
  repair::rank_within_layer(0, {2.0, 6.0}, ranked);
  repair::rank_within_layer(1, {0.0, 0.0}, ranked);
  repair::sort_ascending(ranked);
  CHECK(ranked ==
        std::vector<repair::RankedChannel>{{1, 0, 0.0}, {1, 1, 0.0}, {0, 0, 0.5}, {0, 1, 1.5}});
}

TEST_CASE("all layers are pruned together by their spikes", "[repair]") {
  const Given<TinyNet> given{lively()};
  const TinySet clean{12};
  std::vector<double> strengths;
  const TinyNet net = repair::SpikeStatisticsPrune<>{
      .limits = {.step = 0.2, .limit = 0.6, .tolerance = 1.0},
      .tune = {.epochs =
                   0}}.repair(given.subject(), {.clean = clean}, Strengths{strengths});
  CHECK(strengths.size() == 4);
  CHECK(strengths.back() == Approx(6.0 / 11.0));
  CHECK_FALSE(same(net, given.net));
}
