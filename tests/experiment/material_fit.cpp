#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/data/moving_bars.hpp>
#include <snnbd/encode/frames.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/network/network.hpp>
#include <snnbd/neuron/neuron.hpp>
#include <snnbd/poison/smart_block.hpp>

#include "toy.hpp"

using namespace snnbd;
using Catch::Matchers::Contains;

namespace {

using Bars = data::MovingBars<Shape{6, 6, 2}, 3, 2>;
using Net = Network<Bars::shape, layer::Dense<4>, layer::Spiking<neuron::Lif<>>,
                    layer::Dense<Bars::classes>, layer::MeanOverTime>;
template <class Mark>
using StudyOf = Experiment<poison::Poisoned<Bars, Mark>, encode::Frames, Net, learn::Bptt<>>;

Settings short_settings() {
  Settings settings = snnbd_tests::toy_settings();
  settings.epochs = 0;
  settings.samples = 40;
  settings.test_samples = 20;
  settings.trigger_size = {};
  return settings;
}

}  // namespace

TEST_CASE("An experiment has a smart trigger choose once, on its clean training set",
          "[experiment][frames]") {
  const Settings settings = short_settings();
  using Study = StudyOf<poison::SmartBlock<>>;
  const report::Report report =
      run_over_rates(settings, {0.1, 0.3}, Study{.trigger = {.size = 1, .walk = 1}});
  REQUIRE(report.cells.size() == 3);
  const auto train = experiment::limit(Bars{data::Part::train}, 40, settings.seed);
  const auto expected = poison::choose_smart(
      train, poison::SmartBlock<>{.size = 1, .walk = 1, .seed = settings.seed});
  for (const report::Cell& cell : report.cells)
    CHECK(cell.trigger == expected.describe(Bars::shape));
  // What was chosen is in the keys of the models that saw it.
  for (std::size_t model = 1; model < 3; ++model) {
    CHECK(*report.keys[model].find("poison.trigger.chosen.row") ==
          std::to_string(expected.chosen->row));
    CHECK(*report.keys[model].find("poison.trigger.chosen.column") ==
          std::to_string(expected.chosen->column));
  }
  CHECK(report.keys[0].find("poison.trigger.chosen.row") == nullptr);
  // A choice that is set already stays.
  const report::Report set = run(settings, Study{.trigger = {
                                                     .size = 1,
                                                     .chosen = poison::SmartChoice{2, 1, {}},
                                                 }});
  CHECK_THAT(set.cells.back().trigger, Contains("no events in cell 2,1 of 3x3"));
}

TEST_CASE("Size and offset of a trigger reach the mask of a composed one", "[experiment][frames]") {
  Settings settings = short_settings();
  settings.clean_control = false;
  settings.trigger_size = 3;
  settings.trigger_offset = poison::Offset{1, 2};
  using Study = StudyOf<poison::StaticBlock<Corner::bottom_right>>;
  const report::Report report = run(settings, Study{});
  CHECK(report.cells.back().trigger == "ON, 3x3, bottom right, offset 1,2, set to 1");
  CHECK_THROWS_WITH(run(settings, Study{.trigger = {.mask = {.size = 2}}}),
                    Contains("trigger size") && Contains("3 in the settings and 2 in the part"));
}
