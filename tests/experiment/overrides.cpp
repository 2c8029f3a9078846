#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include <snnbd/encode/poisson.hpp>
#include <snnbd/experiment/overrides.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/poison/pixel_patch.hpp>

#include "toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

/// A trigger with a size and a seed of its own.
struct Cross {
  static constexpr std::string_view name = "cross";
  int size = 5;
  std::uint64_t seed = 3;

  void stamp(std::span<float> image, Shape /*shape*/, std::size_t /*sample*/) const {
    for (int i = 0; i < size; ++i) image[static_cast<std::size_t>(i)] = 1.0F;
  }
  [[nodiscard]] std::string describe(Shape /*shape*/) const {
    return "cross of " + std::to_string(size);
  }
};

using Net = Network<Toy::shape, layer::Conv<4, 3>, layer::Spiking<neuron::Lif<>>, layer::Dense<8>,
                    layer::Spiking<neuron::Lif<>>, layer::Dense<Toy::classes>, layer::MeanOverTime>;
using Study = Experiment<poison::Poisoned<Toy, Cross>, encode::Poisson, Net, learn::Bptt<>>;
using Patched = Experiment<poison::Poisoned<Toy, poison::PixelPatch<poison::Random>>,
                           encode::Poisson, Net, learn::Bptt<>>;

template <class Of>
Of with(const Settings& settings, Of study) {
  experiment::Overrides{settings}.apply(study);
  return study;
}

}  // namespace

TEST_CASE("What a part was given is what runs", "[experiment]") {
  Study study{.trigger = {.size = 4},
              .relabel = {.target = 2},
              .encoding = {.seed = 7, .scale = 0.9F},
              .rule = {.optimizer = {.rate = 5e-4}}};
  study.network.layer<1>().neuron.threshold = 0.8F;
  const Study used = with({.seed = 9}, study);
  CHECK(used.trigger.size == 4);
  CHECK(used.relabel.target == 2);
  CHECK(used.encoding.seed == 7U);
  CHECK(used.encoding.scale == 0.9F);
  CHECK(used.rule.optimizer.rate == 5e-4);
  CHECK(used.network.layer<1>().neuron.threshold == 0.8F);
  CHECK(used.network.layer<3>().neuron.threshold == 1.0F);
  CHECK(with(Settings{}, Study{}).trigger.size == 5);

  Settings settings = toy_settings();
  settings.trigger_size.reset();
  settings.learning_rate.reset();
  settings.epochs = 1;
  settings.clean_control = false;
  const auto report = run(settings, study);
  CHECK(report.cells[0].trigger == "cross of 4");
  CHECK(report.cells[0].target == 2);
}

TEST_CASE("Settings stand for members that were not given", "[experiment]") {
  const Settings settings{
      .learning_rate = 0.25, .threshold = 0.5F, .tau = 3.0F, .target = 0, .trigger_size = 2};
  const Study used = with(settings, Study{});
  CHECK(used.trigger.size == 2);
  CHECK(used.relabel.target == 0);
  CHECK(used.rule.optimizer.rate == 0.25);
  CHECK(used.network.layer<1>().neuron.threshold == 0.5F);
  CHECK(used.network.layer<3>().neuron.threshold == 0.5F);
  CHECK(used.network.layer<3>().neuron.tau == 3.0F);
  // The same value twice is no contradiction.
  CHECK(with({.trigger_size = 3}, Study{.trigger = {.size = 3}}).trigger.size == 3);
}

TEST_CASE("A member that the part and the settings give different values is refused",
          "[experiment]") {
  CHECK_THROWS_WITH(
      with({.trigger_size = 3}, Study{.trigger = {.size = 4}}),
      "trigger size: expected one value, from the settings or from the part, found 3 in the "
      "settings and 4 in the part");
  CHECK_THROWS_WITH(with({.target = 1}, Study{.relabel = {.target = 2}}),
                    Catch::Contains("target: expected one value"));
  Study study;
  study.network.layer<3>().neuron.tau = 5.0F;
  CHECK_THROWS_WITH(with({.tau = 4.0F}, study), Catch::Contains("tau: expected one value"));
}

TEST_CASE("A setting that no part has a member for is refused", "[experiment]") {
  using Silent = Experiment<poison::Poisoned<Toy, Cross>, encode::Poisson,
                            Network<Toy::shape, layer::Dense<Toy::classes>, layer::MeanOverTime>,
                            learn::Bptt<>>;
  Settings settings = toy_settings();
  settings.tau = 4.0F;
  CHECK_THROWS_WITH(run<Silent>(settings),
                    "tau: expected a part of the experiment that has it, found none");
}

TEST_CASE("The seed reaches everything random that has none of its own", "[experiment]") {
  const Patched used = with({.seed = 77}, Patched{});
  CHECK(used.encoding.seed == 77U);
  CHECK(used.trigger.seed == 77U);
  CHECK(with({.seed = 77}, Study{}).trigger.seed == 77U);
  CHECK(with({.seed = 77}, Study{.trigger = {.seed = 4}}).trigger.seed == 4U);
  CHECK(with({.seed = 77}, Patched{.encoding = {.seed = 1}}).encoding.seed == 1U);
}
