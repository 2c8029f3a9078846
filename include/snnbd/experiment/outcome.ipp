#pragma once

#include <algorithm>
#include <chrono>

#include <snnbd/experiment/outcome.hpp>
#include <snnbd/metric/migration.hpp>

namespace snnbd::inline SNNBD_ISA::detail {

SNNBD_INLINE std::vector<Index> step_counts(const Settings& settings, bool converted) {
  const Index all = converted && settings.converted_timesteps > 0 ? settings.converted_timesteps
                                                                  : settings.timesteps;
  std::vector<Index> counts;
  for (const Index steps : settings.also_after)
    if (steps < all) counts.push_back(steps);
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  counts.push_back(all);
  return counts;
}

SNNBD_INLINE void add_outcomes(const NetworkView& model, const TestSets& tests,
                               std::span<const Index> step_counts, Outcome outcome,
                               const Watcher& watcher, Trial& trial) {
  const auto begin = std::chrono::steady_clock::now();
  std::string title = "measuring " + outcome.rule;
  if (!outcome.normalizer.empty()) title += ' ' + outcome.normalizer;
  const auto predictions =
      tests.predict(model, step_counts, watcher.measuring(title, tests.size()));
  outcome.seconds.evaluation =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  for (std::size_t i = 0; i < step_counts.size(); ++i) {
    outcome.timesteps = step_counts[i];
    outcome.predictions = predictions[i];
    outcome.measurement = tests.measure(predictions[i]);
    trial.outcomes.push_back(outcome);
  }
}

/// The outcome of a trial that came about as another one did, but for what is poisoned.
inline const Outcome* counterpart(const Trial* control, const Outcome& outcome) {
  if (control == nullptr) return nullptr;
  const auto found = std::find_if(
      control->outcomes.begin(), control->outcomes.end(), [&](const Outcome& candidate) {
        return candidate.rule == outcome.rule && candidate.normalizer == outcome.normalizer &&
               candidate.timesteps == outcome.timesteps;
      });
  return found == control->outcomes.end() ? nullptr : &*found;
}

inline std::vector<double> ends_of(const std::optional<metric::Interval>& interval) {
  if (!interval) return {};
  return {interval->low, interval->high};
}

/// What of the artificial network's backdoor is in the network that it was converted to.
inline void add_migration(const Settings& settings, const Trial& trial, const Outcome& outcome,
                          const Outcome* clean_ann, const Outcome* clean_snn, const TestSets& tests,
                          report::Cell& cell) {
  const Outcome& ann = trial.outcomes.front();
  const metric::Bootstrap bootstrap{.seed = settings.seed};
  const metric::TwinPredictions attacked{ann.predictions.triggered, outcome.predictions.triggered};
  const auto rate =
      metric::bootstrap_migration_rate(attacked, tests.originals(), tests.wanted(), bootstrap);
  const auto samples = metric::migration(attacked, tests.originals(), tests.wanted());
  cell.mr = rate.all.value;
  cell.extra.set("mr_interval", ends_of(rate.all.interval))
      .set("mr_excluding_target", rate.excluding_target.value)
      .set("mr_excluding_target_interval", ends_of(rate.excluding_target.interval))
      .set("kept", samples.all.kept.percent())
      .set("lost", samples.all.lost.percent())
      .set("gained", samples.all.gained.percent());
  if (clean_ann == nullptr || clean_snn == nullptr) return;
  const auto corrected = metric::bootstrap_corrected_migration_rate(
      attacked, {clean_ann->predictions.triggered, clean_snn->predictions.triggered},
      tests.originals(), tests.wanted(), bootstrap);
  cell.extra.set("mr_corrected", corrected.all.value)
      .set("mr_corrected_interval", ends_of(corrected.all.interval));
}

SNNBD_INLINE report::Cell make_cell(const Settings& settings, const Trial& trial,
                                    std::size_t number, bool poisoned, const Trial* control,
                                    const TestSets& tests) {
  const Outcome& outcome = trial.outcomes[number];
  const Outcome* const clean = counterpart(control, outcome);
  report::Cell cell;
  cell.rule = outcome.rule;
  cell.neuron = outcome.neuron;
  cell.normalizer = outcome.normalizer;
  if (outcome.poisoned_steps)
    cell.combination =
        outcome.tuned ? outcome.poisoned_steps->name() : outcome.poisoned_steps->parts();
  cell.poisoning_rate = poisoned ? settings.poisoning_rate : 0.0;
  cell.timesteps = outcome.timesteps;
  cell.acc = outcome.measurement.accuracy;
  cell.asr = outcome.measurement.attack.all;
  cell.asr_excluding_target = outcome.measurement.attack.excluding_target;
  cell.robust_accuracy = outcome.measurement.attack.robust;
  if (!poisoned) cell.asr_clean_model = cell.asr;
  if (clean != nullptr) cell.asr_clean_model = clean->measurement.attack.all;
  const StageSeconds& seconds = outcome.seconds;
  cell.seconds = seconds.training + seconds.conversion + seconds.tuning;
  cell.extra.set("training_seconds", seconds.training)
      .set("conversion_seconds", seconds.conversion)
      .set("tuning_seconds", seconds.tuning)
      .set("evaluation_seconds", seconds.evaluation);
  if (outcome.last_epoch) {
    cell.extra.set("training_loss", outcome.last_epoch->loss);
    cell.extra.set("training_acc", outcome.last_epoch->accuracy);
  }
  if (outcome.normalizer.empty()) return cell;
  cell.extra.set("thresholds", outcome.thresholds);
  cell.ann_acc = trial.outcomes.front().measurement.accuracy;
  cell.ann_asr = trial.outcomes.front().measurement.attack.all;
  // Of an artificial network without a backdoor nothing can migrate.
  const bool backdoored = poisoned && (!outcome.poisoned_steps || outcome.poisoned_steps->ann);
  if (backdoored)
    add_migration(settings, trial, outcome,
                  control == nullptr ? nullptr : &control->outcomes.front(), clean, tests, cell);
  return cell;
}

}  // namespace snnbd::inline SNNBD_ISA::detail
