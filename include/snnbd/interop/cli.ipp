#pragma once

#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>

#include <snnbd/core/error.hpp>
#include <snnbd/interop/cli.hpp>
#include <snnbd/learn/interrupt.hpp>

namespace snnbd::inline SNNBD_ISA::interop {

SNNBD_INLINE const std::string& CommandLine::extra(const std::string& name) const {
  for (const ExtraOption& option : extras)
    if (option.name == "--" + name) return option.value;
  throw Error{"this program has no option --" + name};
}

namespace detail {

/// The name of the preset that the command line asks for: it decides the other options' defaults.
inline std::string find_preset(int argc, char** argv, const std::string& fallback) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument{argv[i]};
    if (argument == "--preset" && i + 1 < argc) return argv[i + 1];
    if (argument.starts_with("--preset=")) return argument.substr(9);
  }
  return fallback;
}

/// The names of the ways to poison hybrid learning, as the command line spells them.
inline std::vector<std::string> combination_names() {
  std::vector<std::string> names;
  for (const learn::PoisonedSteps& steps : learn::every_combination) names.push_back(steps.name());
  return names;
}

inline void choose_combinations(const std::vector<std::string>& names, Settings& settings) {
  settings.combinations.clear();
  for (const std::string& name : names)
    for (const learn::PoisonedSteps& steps : learn::every_combination)
      if (steps.name() == name) settings.combinations.push_back(steps);
}

inline void add_options(CLI::App& app, Settings& settings, std::string& preset,
                        const std::vector<std::string>& names) {
  app.add_option("--preset", preset, "where the other settings come from")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  app.add_option("--data", settings.data,
                 "folder of the data sets; without it, the data that come "
                 "with the library");
  app.add_option("--out", settings.out, "folder for results")->capture_default_str();
  app.add_option("--seed", settings.seed, "of everything random")->capture_default_str();
  app.add_option("--threads", settings.threads, "0 for one on each core")->capture_default_str();
  app.add_option("--timesteps", settings.timesteps, "steps of a sequence, T")
      ->capture_default_str();
  app.add_option("--converted-timesteps", settings.converted_timesteps,
                 "steps of a converted network; 0 for --timesteps")
      ->capture_default_str();
  app.add_option("--also-after", settings.also_after,
                 "steps after which networks are measured too, separated by commas")
      ->delimiter(',')
      ->capture_default_str();
  app.add_option("--calibration-samples", settings.calibration_samples,
                 "that a conversion is calibrated on; 0 for all")
      ->capture_default_str();
  app.add_option("--epochs", settings.epochs, "of training")->capture_default_str();
  app.add_option_function<std::vector<std::string>>(
         "--combinations",
         [&](const std::vector<std::string>& chosen) { choose_combinations(chosen, settings); },
         "which steps of hybrid learning are poisoned, separated by commas")
      ->delimiter(',')
      ->check(CLI::IsMember(combination_names()));
  app.add_option("--tuning-epochs", settings.tuning_epochs, "of training a converted network")
      ->capture_default_str();
  app.add_option("--tuning-learning-rate", settings.tuning_learning_rate, "0 for the rule's own")
      ->capture_default_str();
  app.add_option("--threshold-factor", settings.threshold_factor,
                 "of thresholds before a converted network is trained");
  app.add_option("--report-samples", settings.report_samples,
                 "test samples for a report on each conversion, written beside the results; 0 for "
                 "none")
      ->capture_default_str();
  app.add_option("--pretrained", settings.pretrained,
                 "file with the artificial network of backdoored models");
  app.add_option("--batch-size", settings.batch_size, "samples of a training step")
      ->capture_default_str();
  app.add_option("--learning-rate", settings.learning_rate, "0 for the optimiser's own")
      ->capture_default_str();
  app.add_option("--samples", settings.samples,
                 "training samples, even over the classes; 0 for all")
      ->capture_default_str();
  app.add_option("--test-samples", settings.test_samples, "0 for all")->capture_default_str();
  app.add_option("--poisoning-rate", settings.poisoning_rate, "share of poisoned samples, 0 to 1")
      ->capture_default_str();
  app.add_option("--target", settings.target, "class that the trigger is to lead to")
      ->capture_default_str();
  app.add_option("--trigger-size", settings.trigger_size, "side in pixels; 0 for the paper's")
      ->capture_default_str();
  app.add_flag("--checkpoints", settings.checkpoints,
               "keep a checkpoint after each epoch, and go on from it");
  app.add_flag("!--no-clean-control", settings.clean_control, "train the backdoored model only");
}

}  // namespace detail

SNNBD_INLINE int run_program(int argc, char** argv, const std::string& name,
                             const std::string& purpose, const std::vector<Preset>& presets,
                             std::vector<ExtraOption> extras,
                             const std::function<void(const CommandLine&)>& body) {
  try {
    std::string preset = detail::find_preset(argc, argv, presets.front().name);
    std::vector<std::string> names;
    CommandLine line;
    line.settings = presets.front().settings;
    for (const Preset& known : presets) {
      names.push_back(known.name);
      if (known.name == preset) line.settings = known.settings;
    }
    line.settings.experiment = name;
    if (line.settings.out.empty()) line.settings.out = "out/" + name;
    line.extras = std::move(extras);

    CLI::App app{purpose, name};
    detail::add_options(app, line.settings, preset, names);
    for (ExtraOption& extra : line.extras) {
      CLI::Option* option =
          app.add_option(extra.name, extra.value, extra.help)->capture_default_str();
      if (!extra.choices.empty()) option->check(CLI::IsMember(extra.choices));
    }
    try {
      app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
      return app.exit(error) == 0 ? 0 : 1;
    }
    line.settings.preset = preset;
    learn::stop_on_interrupt();
    body(line);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: error: %s\n", name.c_str(), error.what());
    return 1;
  }
}

SNNBD_INLINE int run_program(int argc, char** argv, const std::string& name,
                             const std::string& purpose, const std::vector<Preset>& presets,
                             const std::function<void(const Settings&)>& body) {
  return run_program(argc, argv, name, purpose, presets, {},
                     [&](const CommandLine& line) { body(line.settings); });
}

}  // namespace snnbd::inline SNNBD_ISA::interop
