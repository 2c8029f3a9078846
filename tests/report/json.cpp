#include <cmath>
#include <filesystem>
#include <limits>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <unistd.h>

#include <snnbd/core/error.hpp>
#include <snnbd/core/file.hpp>
#include <snnbd/report/json.hpp>

namespace report = snnbd::report;
using nlohmann::ordered_json;

static_assert(report::Sink<report::Json>);

namespace {

report::Report some_report() {
  report::Report study;
  study.experiment = "study \"quoted\"";
  study.settings.set("seed", std::uint64_t{18'446'744'073'709'551'615U})
      .set("poisoning_rate", 0.1F)
      .set("smoke", true)
      .set("neuron", "lif")
      .set("epochs", 3)
      .set("epochs", 4)
      .set("resume", std::optional<int>{});
  study.manifest.version = "1.2.3";
  study.manifest.seed = 7;
  study.manifest.data = {{"MNIST", "crc32:00000000", "embedded"}};
  study.manifest.data.push_back({"recordings", "", "folder", {}});
  study.manifest.data.back().facts.set("events", 12);
  study.manifest.extra.set("note", "none");
  study.ledger.set("touched", 6000);
  report::Cell cell;
  cell.rule = "LR_B";
  cell.dataset = "MNIST";
  cell.model = "32C3";
  cell.neuron = "lif";
  cell.poisoning_rate = report::shortest(0.1F);
  cell.target = 1;
  cell.trigger = "white 2x2";
  cell.acc = snnbd::metric::Rate{97, 100};
  cell.asr = snnbd::metric::Rate{100, 100};
  cell.asr_excluding_target = snnbd::metric::Rate{90, 90};
  cell.seconds = 1.5;
  cell.extra.set("losses", std::vector<double>{2.0, 0.5}).set("acc", "hidden");
  study.cells = {cell, report::Cell{}};
  study.cells.back().seconds = std::numeric_limits<double>::infinity();
  study.cells.back().asr_clean_model = snnbd::metric::Rate{};
  return study;
}

std::vector<std::string> keys(const ordered_json& object) {
  std::vector<std::string> names;
  for (const auto& item : object.items()) names.push_back(item.key());
  return names;
}

}  // namespace

TEST_CASE("A report written as JSON is parsed back with every value in its order", "[report]") {
  const auto root = ordered_json::parse(report::to_json(some_report()));
  CHECK(keys(root) ==
        std::vector<std::string>{"experiment", "settings", "manifest", "ledger", "cells", "keys"});
  CHECK(root["experiment"] == "study \"quoted\"");
  CHECK(root["settings"] == ordered_json::parse(R"({"seed": 18446744073709551615,
    "poisoning_rate": 0.1, "smoke": true, "neuron": "lif", "epochs": 4, "resume": null})"));
  CHECK(root["manifest"]["data"][0]["checksum"] == "crc32:00000000");
  CHECK_FALSE(root["manifest"]["data"][0].contains("facts"));
  CHECK(root["manifest"]["data"][1]["facts"]["events"] == 12);
  CHECK(root["manifest"]["seed"] == 7);
  CHECK(root["manifest"]["note"] == "none");
  CHECK(root["ledger"]["touched"] == 6000);

  const auto& cell = root["cells"][0];
  const std::vector<std::string> wanted{"rule",
                                        "dataset",
                                        "model",
                                        "neuron",
                                        "normalizer",
                                        "combination",
                                        "timesteps",
                                        "poisoning_rate",
                                        "target",
                                        "trigger",
                                        "acc",
                                        "asr",
                                        "asr_excluding_target",
                                        "asr_clean_model",
                                        "robust_accuracy",
                                        "ann_acc",
                                        "ann_asr",
                                        "mr",
                                        "seconds"};
  auto found = keys(cell);
  REQUIRE(found.size() > wanted.size());
  found.resize(wanted.size());
  CHECK(found == wanted);
  CHECK(cell["rule"] == "LR_B");
  CHECK(cell["poisoning_rate"] == 0.1);
  CHECK(cell["target"] == 1);
  CHECK(cell["acc"].get<double>() == Approx(97.0));
  CHECK(cell["asr"] == 100.0);
  CHECK(cell["asr_clean_model"].is_null());
  CHECK(cell["seconds"] == 1.5);
  CHECK(cell["losses"] == ordered_json::parse("[2.0, 0.5]"));
  CHECK(cell["counts"]["acc"] == ordered_json::parse("[97, 100]"));
  const auto interval = snnbd::metric::wilson_interval(97, 100);
  CHECK(cell["intervals"]["acc"][0].get<double>() == Approx(100.0 * interval.low));
  CHECK(cell["intervals"]["acc"][1].get<double>() == Approx(100.0 * interval.high));
}

TEST_CASE("What is absent or not a number is null in JSON", "[report]") {
  const auto cell = ordered_json::parse(report::to_json(some_report()))["cells"][1];
  for (const char* name : {"target", "acc", "asr", "asr_clean_model", "seconds"}) {
    INFO(name);
    CHECK(cell[name].is_null());
  }
  CHECK(cell["rule"] == "");
  CHECK(cell["counts"]["asr_clean_model"] == ordered_json::parse("[0, 0]"));
}

TEST_CASE("Text that is not UTF-8 does not stop a report", "[report]") {
  auto study = some_report();
  study.manifest.command_line = "name \xFF\xC3";
  const auto root = ordered_json::parse(report::to_json(study));
  CHECK(root["manifest"]["command_line"].get<std::string>().rfind("name ", 0) == 0);
}

TEST_CASE("The JSON sink replaces its file by each report", "[report]") {
  const auto folder =
      std::filesystem::temp_directory_path() / ("snnbd-json-" + std::to_string(::getpid()));
  const report::Json sink{(folder / "out/results.json").string()};
  auto study = some_report();
  sink.write(study);
  study.cells.pop_back();
  sink.write(study);
  const auto bytes = snnbd::read_file(sink.path(), 1U << 20U);
  CHECK(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()) ==
        report::to_json(study));
  CHECK_THROWS_AS(report::Json{folder.string()}.write(study), snnbd::Error);
  std::filesystem::remove_all(folder);
}

TEST_CASE("JSON is indented by two blanks, lists one value to a line", "[report]") {
  report::Report study;
  study.experiment = "study";
  study.settings.set("list", std::vector<double>{0.5, 1.0}).set("none", std::vector<double>{});
  const std::string text = report::to_json(study);
  CHECK_THAT(text, Catch::StartsWith("{\n"
                                     "  \"experiment\": \"study\",\n"
                                     "  \"settings\": {\n"
                                     "    \"list\": [\n"
                                     "      0.5,\n"
                                     "      1.0\n"
                                     "    ],\n"
                                     "    \"none\": []\n"
                                     "  },\n"
                                     "  \"manifest\": {\n"));
  CHECK_THAT(text, Catch::EndsWith("  \"ledger\": {},\n"
                                   "  \"cells\": [],\n"
                                   "  \"keys\": {}\n"
                                   "}\n"));
}
