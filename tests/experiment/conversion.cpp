#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/encode/direct.hpp>
#include <snnbd/encode/poisson.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/conversion/conversion.hpp>
#include <snnbd/metric/migration.hpp>

#include "toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

using Convertible = Network<Toy::shape, layer::Conv<8, 3>, layer::Spiking<neuron::Lif<>>,
                            layer::AvgPool<2>, layer::Dense<Toy::classes>, layer::MeanOverTime>;
using Rule = learn::Conversion<learn::MaxNorm, learn::ScaledMax>;
using Study = Experiment<Dirty, encode::Direct, Convertible, Rule>;

/// An experiment whose converted networks run for some steps.
template <class Of = Study>
Of converting(Index timesteps = 64) {
  Of study;
  study.rule.conversion.timesteps = timesteps;
  return study;
}

double number(const report::Cell& cell, const char* name) {
  return std::get<double>(*cell.extra.find(name));
}

}  // namespace

TEST_CASE("A converted network carries the backdoor of the artificial one", "[experiment]") {
  const report::Report report = run(toy_settings(), converting());
  REQUIRE(report.cells.size() == 6);
  for (std::size_t model : {0U, 3U}) {
    const report::Cell& ann = report.cells[model];
    CHECK(ann.rule == "ANN");
    CHECK(ann.neuron == "relu");
    CHECK(ann.normalizer.empty());
    CHECK_FALSE(ann.mr.has_value());
    CHECK(report.cells[model + 1].mr.has_value() == (model > 0));
    for (std::size_t converted : {1U, 2U}) {
      const report::Cell& snn = report.cells[model + converted];
      CHECK(snn.rule == "LR_C");
      CHECK(snn.neuron == "if");
      CHECK(snn.timesteps == 64);
      CHECK(snn.ann_acc == ann.acc);
      CHECK(snn.ann_asr == ann.asr);
      CHECK(std::get<std::vector<double>>(*snn.extra.find("thresholds")).size() == 1);
    }
    CHECK(report.cells[model + 1].normalizer == "max_norm");
    CHECK(report.cells[model + 2].normalizer == "scaled_max");
  }
  const report::Cell& snn = report.cells[4];
  CHECK(percent(snn.acc) > 85.0);
  CHECK(percent(snn.asr_excluding_target) > 85.0);
  CHECK(snn.asr_clean_model == report.cells[1].asr);
  const double expected = 100.0 * percent(snn.asr) / percent(report.cells[3].asr);
  CHECK(snn.mr.value() == Approx(expected).epsilon(1e-12));
  const double base_snn = percent(report.cells[1].asr);
  const double base_ann = percent(report.cells[0].asr);
  CHECK(number(snn, "mr_corrected") ==
        Approx(100.0 * (percent(snn.asr) - base_snn) / (percent(snn.ann_asr) - base_ann))
            .epsilon(1e-12));
  CHECK(number(snn, "kept") + number(snn, "gained") == Approx(percent(snn.asr)).epsilon(1e-12));
  const auto interval = std::get<std::vector<double>>(*snn.extra.find("mr_interval"));
  REQUIRE(interval.size() == 2);
  CHECK(interval[0] <= snn.mr.value());
  CHECK(snn.mr.value() <= interval[1]);
}

TEST_CASE("A twin with levels keeps accuracy and backdoor within as many steps", "[experiment]") {
  using WithLevels = Experiment<Dirty, encode::Direct, Convertible,
                                learn::QcfsConversion<8, 4, learn::LearnedNorm, learn::MaxNorm>>;
  Settings settings = toy_settings();
  settings.epochs *= 2;  // rounding learns the trigger more slowly
  settings.clean_control = false;
  const report::Report report = run(settings, converting<WithLevels>(8));
  REQUIRE(report.cells.size() == 3);
  const report::Cell& ann = report.cells[0];
  const report::Cell& learned = report.cells[1];
  CHECK(ann.neuron == "qcfs");
  CHECK(learned.normalizer == "learned_norm");
  const auto thresholds = std::get<std::vector<double>>(*learned.extra.find("thresholds"));
  REQUIRE(thresholds.size() == 1);
  CHECK(thresholds[0] != 4.0);  // where limits begin
  // One layer of neurons that gets the same current at each step gives what the twin gives.
  CHECK(learned.acc == ann.acc);
  CHECK(learned.asr == ann.asr);
  CHECK(percent(ann.acc) > 85.0);
  CHECK(percent(ann.asr) > 85.0);
  CHECK(std::get<std::vector<double>>(*report.cells[2].extra.find("thresholds")) != thresholds);
}

TEST_CASE("A converted network is measured after fewer steps in the same pass", "[experiment]") {
  Settings settings = toy_settings();
  settings.clean_control = false;
  settings.epochs = 2;
  settings.also_after = {1, 16};
  const report::Report curve = run(settings, converting());
  REQUIRE(curve.cells.size() == 7);
  const std::vector<std::ptrdiff_t> steps{1, 16, 64};
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(curve.cells[1 + i].timesteps == steps[i]);
    CHECK(curve.cells[4 + i].timesteps == steps[i]);
  }
  settings.also_after.clear();
  const report::Report alone = run(settings, converting(16));
  REQUIRE(alone.cells.size() == 3);
  CHECK(curve.cells[2].acc == alone.cells[1].acc);
  CHECK(curve.cells[2].asr == alone.cells[1].asr);
}

TEST_CASE("The clean part of a training set can be what a conversion is calibrated on",
          "[experiment]") {
  using Robust = Experiment<Dirty, encode::Direct, Convertible,
                            learn::Conversion<learn::RobustNorm, learn::MaxNorm>>;
  Settings settings = toy_settings();
  settings.clean_control = false;
  settings.epochs = 2;
  auto study = converting<Robust>();
  const auto poisoned = run(settings, study);
  study.rule.conversion.calibration = learn::CalibrationSet::clean;
  const auto clean = run(settings, study);
  study.rule.conversion.calibration_samples = 3;
  const auto few = run(settings, study);
  const auto threshold = [](const report::Report& report) {
    return std::get<std::vector<double>>(*report.cells[1].extra.find("thresholds")).front();
  };
  CHECK(threshold(poisoned) != threshold(clean));
  CHECK(threshold(clean) > threshold(few));
  CHECK(poisoned.cells[0].acc == clean.cells[0].acc);
}

TEST_CASE("The artificial network sees images where the converted one sees spikes",
          "[experiment]") {
  Settings settings = toy_settings();
  settings.clean_control = false;
  const auto direct = run(settings, converting());
  const auto poisson =
      run(settings, converting<Experiment<Dirty, encode::Poisson, Convertible, Rule>>());
  CHECK(poisson.cells[0].acc == direct.cells[0].acc);
  CHECK(poisson.cells[0].asr == direct.cells[0].asr);
  CHECK(percent(poisson.cells[1].acc) > 75.0);
}

TEST_CASE("A sweep over rates trains one clean control", "[experiment]") {
  Settings settings = toy_settings();
  settings.epochs = 1;
  using Plain = Experiment<Dirty, encode::Direct, Convertible, learn::Bptt<>>;
  const report::Report sweep = run_over_rates<Plain>(settings, {0.1, 0.2});
  REQUIRE(sweep.cells.size() == 3);
  CHECK(sweep.cells[0].poisoning_rate == 0.0);
  CHECK(sweep.cells[1].poisoning_rate == 0.1);
  CHECK(sweep.cells[2].poisoning_rate == 0.2);
  const report::Report single = run<Plain>(settings);
  REQUIRE(single.cells.size() == 2);
  CHECK(sweep.cells[2].acc == single.cells[1].acc);
  CHECK(sweep.cells[2].asr_clean_model == single.cells[1].asr_clean_model);
  CHECK(std::get<std::vector<double>>(*sweep.settings.find("poisoning_rate")) ==
        std::vector<double>{0.1, 0.2});
  CHECK_THROWS_WITH(run_over_rates<Plain>(settings, {0.1, 1.5}), Catch::Contains("poisoning rate"));
}

TEST_CASE("Steps to measure after lie within the sequence", "[experiment]") {
  Settings settings = toy_settings();
  settings.also_after = {0};
  CHECK_THROWS_WITH(settings.check(), Catch::Contains("also after"));
  settings.also_after = {65};
  CHECK_THROWS_WITH(run(settings, converting()), Catch::Contains("also after"));
  auto study = converting();
  study.rule.conversion.timesteps = -1;
  CHECK_THROWS_WITH(run(toy_settings(), study), Catch::Contains("converted timesteps"));
}

TEST_CASE("What two rules ask for is trained once", "[experiment]") {
  Settings settings = toy_settings();
  settings.epochs = 2;
  settings.clean_control = false;
  using Other =
      Experiment<Dirty, encode::Direct, Convertible, learn::Conversion<learn::RobustNorm>>;
  const auto both = run(settings, converting(), converting<Other>());
  REQUIRE(both.cells.size() == 5);
  const report::Cell& first = both.cells[0];
  const report::Cell& second = both.cells[3];
  CHECK(second.rule == "ANN");
  CHECK(second.acc == first.acc);
  // Two trainings would not take the same time to the last digit.
  CHECK(number(second, "training_seconds") == number(first, "training_seconds"));
}
