#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <snnbd/learn/objective.hpp>
#include <snnbd/learn/poisoned_steps.hpp>
#include <snnbd/learn/trainer.hpp>
#include <snnbd/poison/pixel_patch.hpp>
#include <snnbd/poison/poisoned.hpp>
#include <snnbd/report/fields.hpp>
#include <snnbd/report/progress.hpp>

namespace snnbd::inline SNNBD_ISA {

/// What conversions are calibrated on: the set that the network was trained on, poisoned as it is
/// (as the paper does, Eq. 5), or the same without poison.
enum class CalibrationSet { training, clean };

/// The quantities of an experiment. Kinds are types, see `Experiment`; a sweep over quantities
/// never recompiles.
struct Settings {
  std::string experiment = "experiment";  ///< its name, for reports
  std::string preset{};                   ///< where the other settings come from, for the report

  std::string data{};  ///< folder of the data sets; empty for the data that come with the library
  std::string out{};   ///< folder for results; empty to write no files
  std::size_t samples = 0;       ///< training samples, even over the classes; 0 for all
  std::size_t test_samples = 0;  ///< test samples; 0 for all

  std::uint64_t seed = 1;         ///< of everything random
  int threads = 0;                ///< 0 for one on each core
  Index timesteps = 4;            ///< steps of a sequence, T
  Index converted_timesteps = 0;  ///< of a converted network, which needs more; 0 for `timesteps`
  int epochs = 3;
  Index batch_size = 64;                              ///< samples of a training step
  double learning_rate = 0.0;                         ///< 0 for the optimiser's own
  std::size_t memory_budget = std::size_t{1} << 30U;  ///< bytes for the signals of a pass
  bool checkpoints = false;  ///< keeps one in `out` after each epoch, and goes on from it

  std::optional<float> threshold{};  ///< of all neurons, if given
  std::optional<float> tau{};        ///< of all neurons that have one, in steps, if given

  std::vector<Index> also_after{};  ///< further numbers of steps after which networks are measured
  CalibrationSet calibration = CalibrationSet::training;
  std::size_t calibration_samples = 1000;  ///< 0 for all

  std::size_t report_samples = 0;  ///< of the test set, for reports on conversions; 0 for none

  std::string pretrained{};  ///< file of the backdoored models' artificial network; else trained
  std::vector<learn::PoisonedSteps> combinations{learn::com1, learn::com4};  ///< of hybrid learning
  int tuning_epochs = 2;                    ///< of a converted network
  double tuning_learning_rate = 0.0;        ///< 0 for the rule's own
  std::optional<float> threshold_factor{};  ///< see `learn::Stdb`, if given
  learn::Objective tuning_objective{};      ///< of networks that are tuned with poison (Eq. 14)

  double poisoning_rate = 0.1;  ///< a share, 0 to 1
  poison::Mode mode = poison::Mode::in_place;
  int target = 1;                   ///< the class that the trigger is to lead to
  int trigger_size = 0;             ///< side in pixels; 0 for the paper's share of the image
  poison::Offset trigger_offset{};  ///< in pixels
  learn::Objective objective{};     ///< of the backdoored model; the clean one has the mixture
  bool clean_control = true;        ///< also trains a model that is never poisoned

  report::ProgressMode progress = report::ProgressMode::automatic;

  /// @throws Error that names the setting, what is expected and what was found
  void check() const;

  /// All of them, for a report.
  [[nodiscard]] report::Fields fields() const;

  /// What training needs of them.
  [[nodiscard]] learn::TrainSettings training() const;

  /// The same for training a converted network further.
  [[nodiscard]] learn::TrainSettings tuning() const;
};

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/settings.ipp>
#endif
