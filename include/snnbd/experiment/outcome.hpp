#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <snnbd/experiment/experiment.hpp>
#include <snnbd/experiment/measure.hpp>
#include <snnbd/learn/poisoned_steps.hpp>

/// What is known of a network that was measured, and the cell of a report that it becomes.
namespace snnbd::inline SNNBD_ISA::detail {

/// The wall time of each stage, in seconds.
struct StageSeconds {
  double training = 0.0;
  double conversion = 0.0;
  double tuning = 0.0;
  double evaluation = 0.0;  ///< of all step counts together
};

/// A network that was measured after a number of steps.
struct Outcome {
  std::string rule;
  std::string neuron;
  std::string normalizer;                              ///< empty if the network was not converted
  std::optional<learn::PoisonedSteps> poisoned_steps;  ///< of hybrid learning
  bool tuned = false;                                  ///< trained further after its conversion
  Index timesteps = 0;
  Predictions predictions;
  Measurement measurement;
  StageSeconds seconds;
  std::vector<double> thresholds;  ///< of a converted network's layers
  std::optional<learn::EpochRecord> last_epoch;
};

/// The outcomes of one run of training; of a rule that converts, the artificial network's first.
struct Trial {
  std::vector<Outcome> outcomes;
  bool interrupted = false;
};

/// After how many steps a network is measured, the last of them its whole sequence.
std::vector<Index> step_counts(const Settings& settings, bool converted);

/// Measures a network after some numbers of steps and adds a copy of `outcome` for each of them.
///
/// @throws Error if it is interrupted
void add_outcomes(const NetworkView& model, const TestSets& tests,
                  std::span<const Index> step_counts, Outcome outcome, const Watcher& watcher,
                  Trial& trial);

/// The cell of outcome number `number` of a trial.
///
/// @param control the trial of the clean control, if there was one
report::Cell make_cell(const Settings& settings, const Trial& trial, std::size_t number,
                       bool poisoned, const Trial* control, const TestSets& tests);

}  // namespace snnbd::inline SNNBD_ISA::detail

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/outcome.ipp>
#endif
