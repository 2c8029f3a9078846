#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/interop/cli.hpp>
#include <snnbd/learn/training/interrupt.hpp>

using namespace snnbd;

namespace {

/// What a program came to, and what its body was told if it was called.
struct Outcome {
  int code = 0;
  std::optional<interop::CommandLine> line;
};

/// Runs a program with these arguments.
///
/// @param work called by its body
Outcome call(
    std::vector<std::string> arguments, const std::function<void()>& work = [] {}) {
  arguments.insert(arguments.begin(), "program");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  const interop::Preset quick{.name = "quick",
                              .settings = {.epochs = 3},
                              .conversion = {{.timesteps = 32}},
                              .hybrid = {{}},
                              .report_samples = 10};
  const interop::Preset paper{.name = "paper", .settings = {.timesteps = 100, .epochs = 200}};
  Outcome outcome;
  outcome.code = interop::run_program(
      static_cast<int>(argv.size()), argv.data(), "program", "A test.", {quick, paper},
      {{"--neuron", "kind", {"lif", "if"}, "lif"}}, [&](const interop::CommandLine& line) {
        outcome.line = line;
        work();
      });
  return outcome;
}

}  // namespace

TEST_CASE("Without options the first preset holds", "[interop]") {
  const Outcome outcome = call({});
  REQUIRE(outcome.line);
  CHECK(outcome.code == 0);
  CHECK(outcome.line->settings.epochs == 3);
  CHECK(outcome.line->settings.preset == "quick");
  CHECK(outcome.line->settings.out == "out/program");
  CHECK(outcome.line->settings.experiment == "program");
  CHECK(outcome.line->extra("neuron") == "lif");
}

TEST_CASE("Options change what the preset says, wherever it stands", "[interop]") {
  const Outcome outcome = call({"--timesteps", "8", "--preset", "paper", "--poisoning-rate", "0.02",
                                "--no-clean-control", "--neuron", "if"});
  REQUIRE(outcome.line);
  CHECK(outcome.line->settings.epochs == 200);
  CHECK(outcome.line->settings.timesteps == 8);
  CHECK(outcome.line->settings.poisoning_rate == 0.02);
  CHECK_FALSE(outcome.line->settings.clean_control);
  CHECK(outcome.line->extra("neuron") == "if");
  CHECK(call({"--preset=paper"}).line->settings.epochs == 200);
}

TEST_CASE("Ways to poison hybrid learning are chosen by name", "[interop]") {
  const Outcome outcome = call({"--combinations", "Com3,Com4,ann+tuning", "--threshold-factor",
                                "0.9", "--pretrained", "ann.safetensors"});
  REQUIRE(outcome.line);
  CHECK(outcome.line->hybrid.combinations ==
        std::vector<learn::PoisonedSteps>{learn::com3, learn::com4,
                                          learn::PoisonedSteps{.ann = true, .tuning = true}});
  CHECK(outcome.line->threshold_factor == 0.9);
  CHECK(outcome.line->conversion.pretrained == "ann.safetensors");
  CHECK(call({"--combinations", "Com5"}).code == 1);
}

TEST_CASE("What is not understood ends the program before it begins", "[interop]") {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--preset", "other"},
                                                    {"--neuron", "brain"},
                                                    {"--epochs", "many"},
                                                    {"--out", ""},
                                                    {"--poisoning-rate", ""},
                                                    {"--poisoning-rate", "0,1"},
                                                    {"--poisoning-rate", "nan"},
                                                    {"--samples", "-5"},
                                                    {"--samples", "5x"},
                                                    {"--seed", "-1"},
                                                    {"--threads", "5000"},
                                                    {"--threads", "-3"},
                                                    {"--also-after", "1,,2"},
                                                    {"--calibration", "none"},
                                                    {"--no-such-option"}}) {
    const Outcome outcome = call(arguments);
    CHECK(outcome.code == 1);
    CHECK_FALSE(outcome.line);
  }
  CHECK(call({"--help"}).code == 0);
}

TEST_CASE("An error becomes an exit code", "[interop]") {
  CHECK(call({}, [] { throw Error{"it fails"}; }).code == 1);
}

TEST_CASE("An interruption has an exit code of its own", "[interop]") {
  CHECK(call({}, [] { throw learn::Interrupted{"interrupted"}; }).code == 130);
}

TEST_CASE("Every setting with an option is one by its name", "[interop]") {
  const auto line = *call({"--test-samples", "7", "--target", "3", "--trigger-size", "4",
                           "--also-after", "1,2", "--poisoning-mode", "appended", "--checkpoints",
                           "--calibration", "clean", "--converted-timesteps", "16",
                           "--tuning-learning-rate", "1e-4", "--report-samples", "5"})
                         .line;
  CHECK(line.settings.test_samples == 7);
  CHECK(line.settings.target == 3);
  CHECK(line.settings.trigger_size == 4);
  CHECK(line.settings.also_after == std::vector<Index>{1, 2});
  CHECK(line.settings.mode == poison::Mode::appended);
  CHECK(line.settings.checkpoints);
  CHECK(line.conversion.calibration == learn::CalibrationSet::clean);
  CHECK(line.conversion.timesteps == 16);
  CHECK(line.tuning_learning_rate == 1e-4);
  CHECK(line.report_samples == 5);
  CHECK_FALSE(call({}).line->settings.learning_rate.has_value());
}
