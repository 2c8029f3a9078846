#pragma once

#include <cmath>
#include <string>
#include <variant>

#include <snnbd/experiment/study_run.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

SNNBD_COLD report::Cell begin_cell(const learn::Facts& facts, Index steps) {
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
  for (const std::string& warning : facts.warnings) add_warning(cell, warning);
  return cell;
}

SNNBD_COLD void add_warning(report::Cell& cell, const std::string& warning) {
  std::string text;
  if (const report::Value* known = cell.extra.find("warning"))
    text = std::get<std::string>(*known) + "; ";
  cell.extra.set("warning", text + warning);
}

SNNBD_COLD void add_rates(report::Cell& cell, double asked, const poison::Ledger& ledger) {
  cell.poisoning_rate = asked;
  const double achieved = ledger.rate_achieved();
  cell.extra.set("poisoning_rate_achieved", achieved);
  // Whole samples: half of one is as near as it gets.
  if (std::abs(achieved - asked) > 1.0 / static_cast<double>(ledger.size))
    add_warning(cell, "poisoning rate " + value_text(asked) + " was asked for, and " +
                          value_text(achieved) + " is what could be poisoned");
}

}  // namespace snnbd::inline SNNBD_ISA::experiment
