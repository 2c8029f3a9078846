#pragma once

#include <string>

#include <snnbd/experiment/study_run.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

SNNBD_INLINE report::Cell begin_cell(const learn::Facts& facts, Index steps) {
  report::Cell cell;
  cell.rule = facts.rule;
  cell.neuron = facts.neuron;
  cell.normalizer = facts.normalizer;
  cell.combination = facts.combination;
  cell.timesteps = steps;
  cell.seconds = 0.0;
  members::for_each(facts.seconds, [&](std::string_view stage, double seconds) {
    cell.seconds += seconds;
    cell.extra.set(std::string{stage} + "_seconds", seconds);
  });
  if (facts.last_epoch)
    cell.extra.set("training_loss", facts.last_epoch->loss)
        .set("training_acc", facts.last_epoch->accuracy);
  if (!facts.thresholds.empty()) cell.extra.set("thresholds", facts.thresholds);
  if (!facts.repair.empty()) cell.extra.set("repair", facts.repair);
  std::string warnings;
  for (const std::string& warning : facts.warnings)
    warnings.append(warnings.empty() ? "" : "; ").append(warning);
  if (!warnings.empty()) cell.extra.set("warning", warnings);
  return cell;
}

}  // namespace snnbd::inline SNNBD_ISA::experiment
