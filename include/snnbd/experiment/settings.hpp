#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <snnbd/core/setting.hpp>
#include <snnbd/learn/training/objective.hpp>
#include <snnbd/learn/training/trainer.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/report/fields.hpp>
#include <snnbd/report/progress.hpp>

namespace snnbd::inline SNNBD_ISA {

/// The quantities of a whole experiment; those of its parts are members of these, see `Experiment`.
/// A sweep over quantities never recompiles.
///
/// Some stand for a member that several parts may have: `learning_rate`, `threshold`, `tau`,
/// `target`, `trigger_size`, `trigger_offset`. Empty, they leave the parts as they are. A part
/// whose own member was given another value as well is refused, as is one that no part takes.
struct Settings {
  std::string experiment = "experiment";
  std::string preset{};
  std::string data{};
  std::string out{};
  bool overwrite = false;
  std::size_t samples = 0;
  std::size_t test_samples = 0;
  std::optional<double> held_out{};
  std::uint64_t seed = 1;
  int threads = 0;
  Index timesteps = learn::TrainSettings::usual_timesteps;
  int epochs = 3;
  Index batch_size = 64;
  std::optional<double> learning_rate{};
  std::size_t memory_budget = std::size_t{1} << 30U;
  bool checkpoints = false;
  std::optional<double> threshold{};
  std::optional<double> tau{};
  std::vector<Index> also_after{};
  double poisoning_rate = 0.1;
  poison::Mode mode = poison::Mode::in_place;
  std::optional<int> target{};
  std::optional<int> trigger_size{};
  std::optional<poison::Offset> trigger_offset{};
  learn::Objective objective{};
  bool clean_control = true;
  report::ProgressMode progress = report::ProgressMode::automatic;

  /// Calls `visit(setting, member)` for each; see `Setting`.
  template <class Self, class Visit>
  static constexpr void list(Self& self, const Visit& visit) {
    constexpr double steps = 65536;
    visit(Setting{.name = "experiment",
                  .help = "its name, for reports",
                  .decides = false,
                  .option = false},
          self.experiment);
    visit(Setting{.name = "preset",
                  .help = "where the other settings come from, for reports",
                  .decides = false,
                  .option = false},
          self.preset);
    visit(Setting{.name = "data",
                  .help = "folder of the data sets; empty for the data that come with the library",
                  .decides = false},
          self.data);
    visit(
        Setting{
            .name = "out", .help = "folder for results; empty to write no files", .decides = false},
        self.out);
    visit(Setting{.name = "overwrite",
                  .help = "replace the results of another experiment in the folder for results",
                  .decides = false},
          self.overwrite);
    visit(Setting{.name = "samples", .help = "training samples, even over the classes; 0 for all"},
          self.samples);
    visit(Setting{.name = "test_samples", .help = "test samples, even over the classes; 0 for all"},
          self.test_samples);
    visit(Setting{.name = "held_out",
                  .help = "clean samples for detectors and repairs, which neither training nor "
                          "tests see, as a share of the training samples; 0.05 if an experiment "
                          "has a detector or a repair, else none",
                  .low = 0,
                  .high = 0.5},
          self.held_out);
    visit(Setting{.name = "seed", .help = "of everything random"}, self.seed);
    visit(Setting{.name = "threads",
                  .help = "0 for one on each core",
                  .low = 0,
                  .high = 1024,
                  .decides = false},
          self.threads);
    visit(Setting{.name = "timesteps",
                  .help = "steps of a sequence, T; of samples of several frames the default stands "
                          "for their number, and another one is refused",
                  .low = 1,
                  .high = steps},
          self.timesteps);
    visit(Setting{.name = "epochs", .help = "of training", .low = 0}, self.epochs);
    visit(
        Setting{
            .name = "batch_size", .help = "samples of a training step", .low = 1, .high = 1048576},
        self.batch_size);
    visit(Setting{.name = "learning_rate",
                  .help = "of the optimizer; its own if not given",
                  .low = 0,
                  .high = 1e6,
                  .decides = false},
          self.learning_rate);
    visit(Setting{.name = "memory_budget", .help = "bytes for the signals of a pass", .low = 1},
          self.memory_budget);
    visit(Setting{.name = "checkpoints",
                  .help = "keep a checkpoint after each epoch, and go on from it",
                  .decides = false},
          self.checkpoints);
    visit(Setting{.name = "threshold",
                  .help = "of all neurons; their own if not given",
                  .low = 0,
                  .above = true,
                  .decides = false},
          self.threshold);
    visit(Setting{.name = "tau",
                  .help = "time constant, in steps, of all neurons that have one; their own if not "
                          "given",
                  .low = 1,
                  .above = true,
                  .decides = false},
          self.tau);
    visit(Setting{.name = "also_after",
                  .help = "further steps after which networks are measured, separated by commas",
                  .low = 1,
                  .high = steps,
                  .decides = false},
          self.also_after);
    visit(Setting{.name = "poisoning_rate",
                  .help = "share of poisoned samples, 0 to 1",
                  .low = 0,
                  .high = 1,
                  .decides = false},
          self.poisoning_rate);
    visit(Setting{.name = "poisoning_mode",
                  .help = "whether poisoned samples replace their originals or are added",
                  .names = "in_place,appended",
                  .decides = false},
          self.mode);
    visit(
        Setting{.name = "target",
                .help = "class that the trigger is to lead to; the relabelling's own if not given",
                .low = 0,
                .decides = false},
        self.target);
    visit(
        Setting{.name = "trigger_size",
                .help = "side of the trigger in pixels, 0 for the paper's share of the image; the "
                        "trigger's own if not given",
                .low = 0,
                .decides = false},
        self.trigger_size);
    visit(
        Setting{.name = "trigger_offset",
                .help = "of the trigger from its corner, in pixels; the trigger's own if not given",
                .decides = false,
                .option = false},
        self.trigger_offset);
    visit(Setting{.name = "objective",
                  .help = "how poisoned and clean samples count in the loss of backdoored models",
                  .decides = false,
                  .option = false},
          self.objective);
    visit(Setting{.name = "clean_control",
                  .help = "also train a model that is never poisoned",
                  .decides = false},
          self.clean_control);
    visit(Setting{.name = "progress",
                  .help = "how progress is shown",
                  .names = "automatic,bar,lines,silent",
                  .decides = false,
                  .option = false},
          self.progress);
  }

  /// @throws Error that names the setting, what is expected and what was found
  void check() const;

  /// All of them, for a report.
  [[nodiscard]] report::Fields fields() const;

  /// The name of a file in the folder for results.
  ///
  /// @throws Error if no folder was given
  [[nodiscard]] std::string result(const std::string& name) const;

  /// What training needs of them.
  [[nodiscard]] learn::TrainSettings training() const;
};

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/settings.ipp>
#endif
