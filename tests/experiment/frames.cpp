#include <algorithm>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/moving_bars.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/frames.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>
#include <snnbd/poison/moving_patch.hpp>

#include "toy.hpp"

namespace {

using namespace snnbd;
using Catch::Matchers::Contains;
using snnbd_tests::percent;

using Bars = data::MovingBars<Shape{6, 6, 1}, 5, 2>;
using Net = Network<Bars::shape, layer::Dense<48>, layer::Spiking<neuron::Lif<neuron::SoftReset>>,
                    layer::Dense<Bars::classes>, layer::MeanOverTime>;
using Dirty = poison::Poisoned<Bars, poison::MovingPatch<>>;
using Study = Experiment<Dirty, encode::Frames, Net, learn::Bptt<>>;

Settings bar_settings() {
  Settings settings = snnbd_tests::toy_settings();
  settings.samples = 240;
  settings.epochs = 8;
  settings.learning_rate = 0.02;
  return settings;
}

Study moving() {
  return {.trigger = {.value = 2.0F}};
}

std::string number_of(const report::Value* value) {
  return value == nullptr ? "none" : std::to_string(std::get<std::int64_t>(*value));
}

}  // namespace

TEST_CASE("A moving patch plants a backdoor in a network that sees frames",
          "[experiment][frames]") {
  Settings settings = bar_settings();
  settings.also_after = {3};
  const report::Report report = run(settings, moving());
  REQUIRE(report.cells.size() == 4);
  for (const report::Cell& cell : report.cells) {
    CHECK(cell.trigger == "white 2x2, top left, moving by 1,0 a frame");
    CHECK(number_of(cell.extra.find("frames")) == "5");
  }
  const report::Cell& clean = report.cells[1];
  const report::Cell& backdoored = report.cells[3];
  CHECK(clean.timesteps == 5);
  CHECK(report.cells[0].timesteps == 3);
  CHECK(percent(clean.acc) > 90.0);
  CHECK(percent(clean.asr_excluding_target) < 20.0);
  CHECK(percent(backdoored.acc) > 90.0);
  CHECK(percent(backdoored.asr_excluding_target) > 90.0);
  CHECK(number_of(report.settings.find("timesteps")) == "5");
  for (const Key& key : report.keys) {
    CHECK(*key.find("frames") == "5");
    CHECK(*key.find("settings.timesteps") == "5");
  }
}

TEST_CASE("Steps other than the frames are refused before anything is trained",
          "[experiment][frames]") {
  Settings settings = bar_settings();
  settings.timesteps = 8;
  CHECK_THROWS_WITH(
      run(settings, moving()),
      Contains("timesteps: expected 5, the frames of a sample of moving bars, found 8"));
  settings.timesteps = 5;
  settings.epochs = 0;
  settings.samples = 20;
  settings.test_samples = 20;
  CHECK_NOTHROW(run(settings, moving()));
  settings.also_after = {6};
  CHECK_THROWS_WITH(run(settings, moving()), Contains("steps of at most 5"));
  // White of 1 is within the range; more than the largest count is not.
  settings.also_after = {};
  settings.poisoning_rate = 1.0;
  CHECK_THROWS_WITH(run(settings, Study{.trigger = {.value = 3.0F}}),
                    Contains("moving bars") && Contains("moving by 1,0 a frame") &&
                        Contains("found 3 in frame 0"));
}

TEST_CASE("Experiments whose steps differ each report their own", "[experiment][frames]") {
  using Toy =
      Experiment<snnbd_tests::Dirty, encode::Direct,
                 Network<snnbd_tests::Toy::shape, layer::Dense<4>, layer::Spiking<neuron::Lif<>>,
                         layer::Dense<3>, layer::MeanOverTime>,
                 learn::Bptt<>>;
  Settings settings = bar_settings();
  settings.epochs = 0;
  settings.samples = 60;
  const report::Report report = run(settings, Toy{}, moving());
  REQUIRE(report.cells.size() == 4);
  CHECK(report.cells[0].timesteps == 4);
  CHECK(report.cells[2].timesteps == 5);
  CHECK(report.cells[0].extra.find("frames") == nullptr);
  CHECK(report.keys[0].find("frames") == nullptr);
  CHECK(std::get<std::vector<double>>(*report.settings.find("timesteps")) ==
        std::vector<double>{4, 5});
}
