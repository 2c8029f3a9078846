#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/encode/direct.hpp>
#include <snnbd/experiment/run.hpp>
#include <snnbd/layer/layer.hpp>
#include <snnbd/learn/conversion/conversion.hpp>
#include <snnbd/learn/training/bptt.hpp>
#include <snnbd/stage/stage.hpp>

#include "toy.hpp"

using namespace snnbd;
using namespace snnbd_tests;

namespace {

using Net = Network<Toy::shape, layer::Conv<8, 3>, layer::Spiking<neuron::If<>>, layer::AvgPool<2>,
                    layer::Dense<Toy::classes>, layer::MeanOverTime>;

/// Counts parameters, and the models that it has seen.
struct Size {
  static constexpr std::string_view name = "size";
  struct Memory {
    std::uint64_t models = 0;
  };
  std::uint64_t factor = 1;

  template <class Model>
  void inspect(const Model& model, stage::Context& context, Memory& memory) const {
    ++memory.models;
    for (report::Cell& cell : context.cells)
      cell.extra.set("size", factor * model.net.parameters().size()).set("models", memory.models);
  }
};

/// Forgets everything: a repair that surely works, and ruins the network.
struct Forget {
  static constexpr std::string_view name = "forget";

  template <class Model>
  auto repair(const Model& model, const stage::Context& /*context*/) const {
    auto net = model.net;
    std::ranges::fill(net.parameters(), 0.0F);
    return net;
  }
};

/// What a stage is told of models.
struct Listener {
  static constexpr std::string_view name = "listener";
  struct Heard {
    std::string rule;
    std::size_t number;
    std::size_t root;
    bool has_control;
    bool poisoned;
    bool sees_poison;
    std::size_t cells;
  };
  static std::vector<Heard>& heard() {
    static std::vector<Heard> list;
    return list;
  }

  template <class Model>
  void inspect(const Model& model, const stage::Context& context) const {
    bool sees = false;
    for (std::size_t i = 0; i < context.training.size(); ++i)
      sees = sees || context.training.is_poisoned(i);
    heard().push_back({model.facts.rule, context.number, context.root, context.control.has_value(),
                       model.facts.poisoned, sees, context.cells.size()});
  }
};

template <class Rule, class... Stages>
using Study = Experiment<Dirty, encode::Direct, Net, Rule, Stages...>;

std::uint64_t number(const report::Cell& cell, const char* name) {
  return std::get<std::uint64_t>(*cell.extra.find(name));
}

}  // namespace

TEST_CASE("A stage of one's own looks at each model of an experiment", "[experiment]") {
  using Watched = Study<learn::Conversion<learn::MaxNorm>, stage::AccAsr, Size>;
  Settings settings = toy_settings();
  settings.epochs = 1;
  settings.also_after = {2};
  Watched study;
  study.stage<Size>().factor = 2;
  const auto report = run(settings, study);
  REQUIRE(report.cells.size() == 6);
  for (const report::Cell& cell : report.cells) {
    CHECK(number(cell, "size") == 2 * static_cast<std::uint64_t>(Net::parameter_count));
    CHECK(cell.acc.has_value());
  }
  const std::vector<std::uint64_t> models{1, 2, 2, 3, 4, 4};
  for (std::size_t i = 0; i < models.size(); ++i)
    CHECK(number(report.cells[i], "models") == models[i]);
}

TEST_CASE("Stages are all that is done with a model", "[experiment]") {
  Settings settings = toy_settings();
  settings.epochs = 1;
  const auto report = run<Study<learn::Bptt<>, Size>>(settings);
  REQUIRE(report.cells.size() == 2);
  CHECK_FALSE(report.cells[0].acc.has_value());
  CHECK(report.cells[0].extra.find("size") != nullptr);
}

TEST_CASE("Stages know where a model comes from and what is like it without poison",
          "[experiment]") {
  Listener::heard().clear();
  Settings settings = toy_settings();
  settings.epochs = 1;
  run_over_rates<Study<learn::Conversion<learn::MaxNorm>, Listener>>(settings, {0.1, 0.2});
  const auto& heard = Listener::heard();
  REQUIRE(heard.size() == 6);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    CAPTURE(i);
    CHECK(heard[i].number == i);
    CHECK(heard[i].rule == (i % 2 == 0 ? "ANN" : "LR_C"));
    CHECK(heard[i].root == i / 2 * 2);
    CHECK(heard[i].poisoned == (i >= 2));
    CHECK(heard[i].sees_poison == (i >= 2));
    CHECK(heard[i].has_control == (i >= 2));
    CHECK(heard[i].cells == 1);
  }
}

TEST_CASE("A repaired model goes through the stages that look, and is repaired once",
          "[experiment]") {
  Settings settings = toy_settings();
  settings.epochs = 2;
  settings.clean_control = false;
  const auto report = run<Study<learn::Bptt<>, stage::AccAsr, Forget, Size>>(settings);
  REQUIRE(report.cells.size() == 2);
  const report::Cell& broken = report.cells[1];
  CHECK(report.cells[0].extra.find("repair") == nullptr);
  CHECK(std::get<std::string>(*broken.extra.find("repair")) == "forget");
  CHECK(number(broken, "models") == 2);
  CHECK(percent(report.cells[0].acc) > 50.0);
  CHECK(broken.acc.value().hits == 30);  // the first class wins every tie
  CHECK(std::get<std::string>(*broken.extra.find("key")) !=
        std::get<std::string>(*report.cells[0].extra.find("key")));
}
