#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/encode/direct.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/attack/adaptive_attack.hpp>
#include <snnbd/learn/attack/bad_snn.hpp>
#include <snnbd/poison/no_trigger.hpp>
#include <snnbd/poison/train_test.hpp>
#include <snnbd/stage/stage.hpp>

#include "toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;
using Catch::Matchers::Contains;

namespace {

using Net =
    Network<Toy::shape, layer::Conv<6, 3, layer::ConvOptions{.bias = true}>,
            layer::Spiking<neuron::Lif<>>,
            layer::Dense<Toy::classes, layer::DenseOptions{.bias = true}>, layer::MeanOverTime>;

/// Keeps what models it was shown.
struct Keep {
  static constexpr std::string_view name = "keep";
  struct Kept {
    learn::Facts facts;
    bool has_control = false;
    double threshold = 0.0;
    std::vector<float> parameters;
  };
  static std::vector<Kept>& list() {
    static std::vector<Kept> kept;
    return kept;
  }

  template <class Model>
  void inspect(const Model& model, const stage::Context& context) const {
    const auto values = model.net.parameters();
    list().push_back({model.facts,
                      context.control.has_value(),
                      model.net.template layer<1>().neuron.threshold,
                      {values.begin(), values.end()}});
  }
};

Settings attack_settings() {
  Settings settings = toy_settings();
  settings.trigger_size.reset();
  settings.samples = 120;
  settings.test_samples = 60;
  settings.learning_rate = 2e-2;
  return settings;
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

using Switched =
    Experiment<poison::Poisoned<Toy, poison::TrainTest<poison::NoTrigger, poison::PixelPatch<>>>,
               encode::Direct, Net, learn::BadSnn<>, stage::AccAsr, Keep>;

}  // namespace

TEST_CASE(
    "BadSNN hands on nominal and malicious neurons with the same weights, and so does the "
    "clean control",
    "[experiment]") {
  Keep::list().clear();
  Settings settings = attack_settings();
  settings.trigger_size = 1;
  settings.epochs = 16;
  settings.poisoning_rate = 0.3;
  settings.mode = poison::Mode::appended;
  Switched study;
  study.rule.attack = {{.threshold = 1.25}, {.threshold = 1.5}};
  const auto report = run(settings, study);
  const auto& models = Keep::list();
  REQUIRE(models.size() == 6);
  REQUIRE(report.cells.size() == 6);
  const std::vector<std::string> names{"nominal", "threshold x 1.25", "threshold x 1.5"};
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(models[i].facts.poisoned == (i >= 3));
    CHECK(models[i].has_control == (i >= 3));
    CHECK(models[i].facts.combination == names[i % 3]);
    CHECK(models[i].threshold == std::vector<double>{1.0, 1.25, 1.5}[i % 3]);
    CHECK(same_bits(models[i].parameters, models[i / 3 * 3].parameters));
    CHECK(report.cells[i].rule == "LR_B");
    CHECK(report.cells[i].combination == names[i % 3]);
    CHECK_FALSE(report.cells[i].mr.has_value());
  }
  CHECK(report.cells[5].trigger == "no trigger; tested with white 1x1, bottom right");
  // Nothing but the neurons says which image is to be taken for the target.
  CHECK(percent(report.cells[3].acc) > 90.0);
  CHECK(percent(report.cells[3].asr_excluding_target) < 10.0);
  CHECK(percent(report.cells[5].asr_excluding_target) > 90.0);
  CHECK(report.cells[5].asr_clean_model == report.cells[2].asr);
  CHECK(percent(report.cells[2].asr_excluding_target) < 50.0);
}

TEST_CASE("BadSNN refuses neurons that it cannot switch before it trains", "[experiment]") {
  Settings settings = attack_settings();
  settings.clean_control = false;
  Switched study;
  study.rule.malicious = {.tau = 0.25};
  CHECK_THROWS_WITH(run(settings, study), Contains("tau"));
  study.rule.malicious = {};
  CHECK_THROWS_WITH(run(settings, study), Contains("malicious neurons"));
}

TEST_CASE("An adaptive attacker starts from the clean control and freezes what is named",
          "[experiment]") {
  using Frozen =
      Experiment<Dirty, encode::Direct, Net, learn::AdaptiveAttack<>, stage::AccAsr, Keep>;
  Keep::list().clear();
  Settings settings = attack_settings();
  settings.trigger_size = 2;
  Frozen study;
  study.rule.epochs = 5;
  const auto report = run(settings, study);
  const auto& models = Keep::list();
  REQUIRE(models.size() == 2);
  CHECK(models[1].facts.rule == "LR_B");
  CHECK(models[1].facts.combination == "frozen last_conv");
  CHECK(models[1].facts.poisoned);
  CHECK(models[1].has_control);
  CHECK(models[1].facts.seconds.tuning > 0.0);
  // The convolution has 6 times 9 weights and 6 biases.
  const auto& clean = models[0].parameters;
  const auto& attacked = models[1].parameters;
  const auto head = [](const std::vector<float>& all) {
    return std::vector<float>{all.begin(), all.begin() + 60};
  };
  CHECK(same_bits(head(clean), head(attacked)));
  // Units that never fire move nothing.
  std::size_t moved = 0;
  for (std::size_t i = 60; i < clean.size(); ++i) moved += clean[i] != attacked[i] ? 1U : 0U;
  CHECK(moved > 100);
  CHECK(percent(report.cells[1].acc) > 85.0);
  CHECK(percent(report.cells[1].asr_excluding_target) >
        percent(report.cells[0].asr_excluding_target) + 20.0);

  study.rule.frozen = {"last_convolution"};
  CHECK_THROWS_WITH(run(settings, study), Contains("last_convolution"));
  study.rule.frozen = {"0", "last"};
  CHECK_THROWS_WITH(run(settings, study), Contains("fewer than all"));
  study.rule.frozen = {"0"};
  study.rule.epochs = -1;
  CHECK_THROWS_WITH(run(settings, study), Contains("epochs"));
}
