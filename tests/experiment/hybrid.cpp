#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/file.hpp>
#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/hybrid/hybrid.hpp>

#include "toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

using Net = Network<Toy::shape, layer::Conv<8, 3>, layer::Spiking<neuron::Lif<>>, layer::AvgPool<2>,
                    layer::Dense<Toy::classes>, layer::MeanOverTime>;

/// What was seen by each step of hybrid learning, one word for each: `poison` or `clean`.
std::vector<std::string>& seen() {
  static std::vector<std::string> list;
  return list;
}

void note(const std::string& step, data::DatasetView set) {
  bool poisoned = false;
  for (std::size_t i = 0; i < set.size(); ++i) poisoned = poisoned || set.is_poisoned(i);
  seen().push_back(step + (poisoned ? " poison" : " clean"));
}

struct WatchedTraining : learn::Bptt<> {
  template <class Model, class Encoding>
  learn::TrainRecord fit(Model& net, const Encoding& encoding, data::DatasetView set,
                         const learn::TrainSettings& settings, const learn::Objective& objective,
                         const learn::Observer& observer) const {
    note(Model::spikes ? "tuning" : "ann", set);
    return learn::Bptt<>::fit(net, encoding, set, settings, objective, observer);
  }
};

template <class Base>
struct WatchedNorm : Base {
  static constexpr std::string_view name = "watched";
  template <class Set>
  [[nodiscard]] std::vector<double> scales(const Set& calibration) const {
    if constexpr (requires { calibration.set(); }) note("calibration", calibration.set());
    return Base::scales(calibration);
  }
};

using Tuning = learn::Stdb<learn::SameStep, neuron::SpikeTiming, learn::NeuronTraining::fixed,
                           WatchedTraining>;
template <class Normalizer>
using WatchedBy = Experiment<Dirty, encode::Direct, Net,
                             learn::HybridBy<WatchedTraining, Tuning, WatchedNorm<Normalizer>>>;
using Watched = WatchedBy<learn::RobustNorm>;
using Study = Experiment<Dirty, encode::Direct, Net, learn::Hybrid<learn::MaxNorm>>;

Settings hybrid_settings() {
  Settings settings = toy_settings();
  settings.timesteps = 8;
  return settings;
}

template <class Of = Study>
Of hybrid(std::vector<learn::PoisonedSteps> combinations = {learn::com1, learn::com4}) {
  Of study;
  study.rule.conversion.timesteps = 32;
  study.rule.tuning.training.optimizer.rate = 1e-3;
  study.rule.hybrid.epochs = 2;
  study.rule.hybrid.combinations = std::move(combinations);
  return study;
}

const report::Cell& find(const report::Report& report, const std::string& rule,
                         const std::string& combination, std::ptrdiff_t steps) {
  const auto found = std::find_if(report.cells.begin(), report.cells.end(), [&](const auto& cell) {
    return cell.rule == rule && cell.combination == combination && cell.timesteps == steps;
  });
  REQUIRE(found != report.cells.end());
  return *found;
}

}  // namespace

TEST_CASE("Each combination of poisoned steps touches the data that it names", "[experiment]") {
  Settings settings = hybrid_settings();
  settings.epochs = 1;
  settings.samples = 60;
  settings.test_samples = 30;
  for (const learn::PoisonedSteps& steps : learn::every_combination) {
    seen().clear();
    settings.clean_control = !steps.any();
    const auto report = run(settings, hybrid<Watched>({steps}));
    CAPTURE(steps.name());
    const auto word = [](bool poisoned) { return poisoned ? " poison" : " clean"; };
    const std::vector<std::string> expected{std::string{"ann"} + word(steps.ann),
                                            std::string{"calibration"} + word(steps.calibration),
                                            std::string{"tuning"} + word(steps.tuning)};
    CHECK(seen() == expected);
    CHECK(find(report, "LR_H", steps.name(), 8).poisoning_rate == (steps.any() ? 0.2 : 0.0));
  }
}

TEST_CASE("All combinations take two artificial networks and four conversions", "[experiment]") {
  Settings settings = hybrid_settings();
  settings.epochs = 1;
  settings.samples = 120;
  settings.test_samples = 30;
  seen().clear();
  const auto report =
      run(settings,
          hybrid<Watched>({learn::every_combination.begin(), learn::every_combination.end()}));
  std::map<std::string, int> count;
  for (const std::string& step : seen()) ++count[step];
  CHECK(count["ann clean"] == 1);
  CHECK(count["ann poison"] == 1);
  // Where nothing is poisoned, and where the training alone will be, thresholds are found apart.
  CHECK(count["calibration clean"] == 3);
  CHECK(count["calibration poison"] == 2);
  CHECK(count["tuning clean"] == 4);
  CHECK(count["tuning poison"] == 4);
  for (const learn::PoisonedSteps& steps : learn::every_combination) {
    const report::Cell& cell = find(report, "LR_H", steps.name(), 8);
    CHECK(cell.mr.has_value() == steps.ann);
    CHECK(cell.asr_clean_model == find(report, "LR_H", "Com1", 8).asr);
  }
  CHECK(percent(find(report, "LR_C", "none", 32).acc) > 30.0);
}

TEST_CASE("Hybrid learning carries the backdoor of its artificial network", "[experiment]") {
  const auto report = run(hybrid_settings(), hybrid());
  const report::Cell& tuned = find(report, "LR_H", "Com4", 8);
  CHECK(percent(tuned.acc) > 85.0);
  CHECK(percent(tuned.asr_excluding_target) > 85.0);
  CHECK(tuned.neuron == "leaky");
  CHECK(tuned.normalizer == "max_norm");
  CHECK(tuned.mr.has_value());
  CHECK(percent(find(report, "LR_H", "Com1", 8).acc) > 85.0);
  CHECK(percent(find(report, "LR_C", "ann+calibration", 8).acc) <=
        percent(find(report, "LR_C", "ann+calibration", 32).acc) + 5.0);
  for (const char* stage : {"training_seconds", "conversion_seconds", "tuning_seconds"})
    CHECK(std::get<double>(*tuned.extra.find(stage)) > 0.0);
}

TEST_CASE("Hybrid learning takes spikes for its input too", "[experiment]") {
  Settings settings = hybrid_settings();
  settings.clean_control = false;
  settings.timesteps = 16;
  auto study =
      hybrid<Experiment<Dirty, encode::Poisson, Net, learn::Hybrid<learn::MaxNorm>>>({learn::com4});
  study.rule.hybrid.epochs = 4;
  const auto report = run(settings, study);
  CHECK(percent(find(report, "LR_H", "Com4", 16).acc) > 75.0);
}

TEST_CASE("A folder for results that cannot be made is refused before anything is trained",
          "[experiment]") {
  const auto file = std::filesystem::temp_directory_path() /
                    ("snnbd_no_folder_" + std::to_string(std::random_device{}()));
  write_file_atomically(file.string(), "a file");
  Settings settings = hybrid_settings();
  seen().clear();
  for (const char* below : {"", "/results"}) {
    settings.out = file.string() + below;
    CHECK_THROWS_WITH(run<Watched>(settings), Catch::Contains("folder for results"));
  }
  CHECK(seen().empty());
  std::filesystem::remove(file);
}

TEST_CASE("A pretrained artificial network takes the place of its training", "[experiment]") {
  const auto folder = std::filesystem::temp_directory_path() /
                      ("snnbd_pretrained_" + std::to_string(std::random_device{}()));
  Settings settings = hybrid_settings();
  settings.epochs = 1;
  settings.samples = 120;
  settings.test_samples = 30;
  settings.clean_control = false;
  const std::vector combinations{learn::com4, learn::com3};
  settings.out = folder.string();
  settings.checkpoints = true;
  const auto trained = run(settings, hybrid(combinations));
  auto study = hybrid<WatchedBy<learn::MaxNorm>>(combinations);
  std::string& pretrained = study.rule.conversion.pretrained;
  for (const auto& entry : std::filesystem::directory_iterator{settings.out + "/checkpoints"})
    if (entry.path().filename().string().starts_with("ann-relu-backdoored-0.2-"))
      pretrained = entry.path().string();
  settings.out.clear();
  seen().clear();
  const auto loaded = run(settings, study);
  CHECK(std::count_if(seen().begin(), seen().end(),
                      [](const std::string& step) { return step.starts_with("ann"); }) == 0);
  CHECK(loaded.cells[0].acc == trained.cells[0].acc);
  CHECK(find(loaded, "LR_H", "Com3", 8).acc == find(trained, "LR_H", "Com3", 8).acc);
  CHECK(find(loaded, "LR_H", "Com4", 8).asr == find(trained, "LR_H", "Com4", 8).asr);

  seen().clear();
  pretrained = folder.string() + "/none.safetensors";
  CHECK_THROWS_WITH(run(settings, study), Catch::Contains("none.safetensors"));
  CHECK(seen().empty());
  pretrained = folder.string() + "/experiment.key";
  CHECK_THROWS_WITH(run(settings, study), Catch::Contains("experiment.key"));
  CHECK(seen().empty());

  settings.out = folder.string();
  const auto again = run(settings, hybrid(combinations));
  CHECK(find(again, "LR_H", "Com4", 8).asr == find(trained, "LR_H", "Com4", 8).asr);
  auto other = hybrid(combinations);
  other.rule.tuning.threshold_factor = 0.9;
  CHECK_THROWS_WITH(run(settings, other), Catch::Contains("threshold_factor: expected 0.9"));
  std::filesystem::remove_all(folder);
}
