#include <optional>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/interop/cli.hpp>

using namespace snnbd;

namespace {

/// Runs a program with these arguments and gives what its body was told, if it was called.
struct Outcome {
  int code = 0;
  std::optional<interop::CommandLine> line;
};

Outcome call(std::vector<std::string> arguments, bool fails = false) {
  arguments.insert(arguments.begin(), "program");
  std::vector<char*> argv;
  for (std::string& argument : arguments) argv.push_back(argument.data());
  Settings quick;
  quick.epochs = 3;
  Settings paper;
  paper.epochs = 200;
  paper.timesteps = 100;
  Outcome outcome;
  outcome.code = interop::run_program(static_cast<int>(argv.size()), argv.data(), "program",
                                      "A test.", {{"quick", quick}, {"paper", paper}},
                                      {{"--neuron", "kind", {"lif", "if"}, "lif"}},
                                      [&](const interop::CommandLine& line) {
                                        outcome.line = line;
                                        if (fails) throw Error{"it fails"};
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
  const Settings& settings = outcome.line->settings;
  CHECK(settings.combinations ==
        std::vector<learn::PoisonedSteps>{learn::com3, learn::com4,
                                          learn::PoisonedSteps{.ann = true, .tuning = true}});
  CHECK(settings.threshold_factor == 0.9F);
  CHECK(settings.pretrained == "ann.safetensors");
  CHECK(call({"--combinations", "Com5"}).code == 1);
}

TEST_CASE("What is not understood ends the program before it begins", "[interop]") {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--preset", "other"},
                                                    {"--neuron", "brain"},
                                                    {"--epochs", "many"},
                                                    {"--no-such-option"}}) {
    const Outcome outcome = call(arguments);
    CHECK(outcome.code == 1);
    CHECK_FALSE(outcome.line);
  }
  CHECK(call({"--help"}).code == 0);
}

TEST_CASE("An error becomes an exit code", "[interop]") {
  CHECK(call({}, true).code == 1);
}
