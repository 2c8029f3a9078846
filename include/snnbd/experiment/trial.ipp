#pragma once

#include <algorithm>

#include <snnbd/experiment/trial.hpp>
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
                               std::span<const Index> step_counts, const Outcome& outcome,
                               Trial& trial) {
  const auto predictions = tests.predict(model, step_counts);
  for (std::size_t i = 0; i < step_counts.size(); ++i) {
    Outcome measured = outcome;
    measured.timesteps = step_counts[i];
    measured.predictions = predictions[i];
    measured.measurement = tests.measure(predictions[i]);
    trial.outcomes.push_back(std::move(measured));
  }
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
  if (clean_ann == nullptr) return;
  const auto corrected = metric::bootstrap_corrected_migration_rate(
      attacked, {clean_ann->predictions.triggered, clean_snn->predictions.triggered},
      tests.originals(), tests.wanted(), bootstrap);
  cell.extra.set("mr_corrected", corrected.all.value)
      .set("mr_corrected_interval", ends_of(corrected.all.interval));
}

SNNBD_INLINE report::Cell make_cell(const Settings& settings, const Trial& trial,
                                    std::size_t number, bool poisoned,
                                    const std::optional<Trial>& control, const TestSets& tests) {
  const Outcome& outcome = trial.outcomes[number];
  const Outcome* const clean = control ? &control->outcomes[number] : nullptr;
  report::Cell cell;
  cell.rule = outcome.rule;
  cell.neuron = outcome.neuron;
  cell.normalizer = outcome.normalizer;
  cell.poisoning_rate = poisoned ? settings.poisoning_rate : 0.0;
  cell.timesteps = outcome.timesteps;
  cell.acc = outcome.measurement.accuracy;
  cell.asr = outcome.measurement.attack.all;
  cell.asr_excluding_target = outcome.measurement.attack.excluding_target;
  cell.robust_accuracy = outcome.measurement.attack.robust;
  if (!poisoned) cell.asr_clean_model = cell.asr;
  if (clean != nullptr) cell.asr_clean_model = clean->measurement.attack.all;
  cell.seconds = outcome.conversion_seconds;
  for (const learn::EpochRecord& epoch : trial.record.epochs) cell.seconds += epoch.seconds;
  if (!trial.record.epochs.empty()) {
    cell.extra.set("training_loss", trial.record.epochs.back().loss);
    cell.extra.set("training_acc", trial.record.epochs.back().accuracy);
  }
  if (!outcome.normalizer.empty()) {
    cell.extra.set("conversion_seconds", outcome.conversion_seconds)
        .set("thresholds", outcome.thresholds);
    cell.ann_acc = trial.outcomes.front().measurement.accuracy;
    cell.ann_asr = trial.outcomes.front().measurement.attack.all;
  }
  if (poisoned && !outcome.normalizer.empty())
    add_migration(settings, trial, outcome, control ? &control->outcomes.front() : nullptr, clean,
                  tests, cell);
  return cell;
}

}  // namespace snnbd::inline SNNBD_ISA::detail
