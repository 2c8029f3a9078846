#pragma once

#include <algorithm>
#include <optional>

#include <snnbd/metric/defence.hpp>
#include <snnbd/metric/migration.hpp>
#include <snnbd/stage/acc_asr.hpp>

namespace snnbd::inline SNNBD_ISA::stage {

namespace detail {

inline std::vector<double> ends_of(const std::optional<metric::Interval>& interval) {
  if (!interval) return {};
  return {interval->low, interval->high};
}

/// What of the first network's backdoor is in a network that came from it.
///
/// @param clean_root, clean the same of the clean control; null if there was none
inline void add_migration(const Context& context, const AccAsr::Result& root,
                          const AccAsr::Result& result, const AccAsr::Result* clean_root,
                          const AccAsr::Result* clean, report::Cell& cell) {
  const metric::Bootstrap bootstrap{.seed = context.seed};
  const metric::TwinPredictions attacked{root.predictions.triggered, result.predictions.triggered};
  const auto originals = context.tests.originals();
  const auto wanted = context.tests.wanted();
  const auto rate = metric::bootstrap_migration_rate(attacked, originals, wanted, bootstrap);
  const auto samples = metric::migration(attacked, originals, wanted);
  cell.mr = rate.all.value;
  cell.extra.set("mr_interval", ends_of(rate.all.interval))
      .set("mr_excluding_target", rate.excluding_target.value)
      .set("mr_excluding_target_interval", ends_of(rate.excluding_target.interval))
      .set("kept", samples.all.kept.percent())
      .set("lost", samples.all.lost.percent())
      .set("gained", samples.all.gained.percent());
  if (clean_root == nullptr || clean == nullptr) return;
  const auto corrected = metric::bootstrap_corrected_migration_rate(
      attacked, {clean_root->predictions.triggered, clean->predictions.triggered}, originals,
      wanted, bootstrap);
  cell.extra.set("mr_corrected", corrected.all.value)
      .set("mr_corrected_interval", ends_of(corrected.all.interval));
}

/// What a repair achieved.
inline void add_repair(const Context& context, const AccAsr::Result& before,
                       const AccAsr::Result& after, report::Cell& cell) {
  const auto predictions = [](const AccAsr::Result& result) {
    return metric::DefencePredictions{result.predictions.clean, result.predictions.triggered};
  };
  const auto found = metric::bootstrap_defence(
      predictions(before), predictions(after),
      {context.tests.labels(), context.tests.originals(), context.tests.wanted()},
      {.seed = context.seed});
  cell.extra.set("der", found.effectiveness.value)
      .set("der_interval", ends_of(found.effectiveness.interval))
      .set("rir", found.improvement.value)
      .set("rir_interval", ends_of(found.improvement.interval))
      .set("acc_before", before.measurement.accuracy.percent())
      .set("asr_before", before.measurement.attack.all.percent());
}

}  // namespace detail

SNNBD_INLINE const AccAsr::Result* AccAsr::Memory::find(std::size_t number, Index steps) const {
  const auto found = std::ranges::find_if(results, [&](const Result& result) {
    return result.number == number && result.steps == steps;
  });
  return found == results.end() ? nullptr : &*found;
}

SNNBD_INLINE const AccAsr::Result* AccAsr::Memory::find(std::size_t number) const {
  const auto found = std::ranges::find(results, number, &Result::number);
  return found == results.end() ? nullptr : &*found;
}

SNNBD_INLINE void AccAsr::fill(const Context& context, const Memory& memory, report::Cell& cell) {
  const Result& result = memory.results.back();
  const Result* const clean =
      context.control ? memory.find(*context.control, result.steps) : nullptr;
  cell.acc = result.measurement.accuracy;
  cell.asr = result.measurement.attack.all;
  cell.asr_excluding_target = result.measurement.attack.excluding_target;
  cell.robust_accuracy = result.measurement.attack.robust;
  if (!result.poisoned) cell.asr_clean_model = cell.asr;
  if (clean != nullptr) cell.asr_clean_model = clean->measurement.attack.all;
  if (result.repaired) {
    const Result* const before = memory.find(*result.repaired, result.steps);
    if (before != nullptr) detail::add_repair(context, *before, result, cell);
  }
  // The first in the line is no artificial network if this one was repaired from it.
  if (context.root == context.number || result.repaired == context.root) return;
  const Result* const root = memory.find(context.root);
  if (root == nullptr) return;
  cell.ann_acc = root->measurement.accuracy;
  cell.ann_asr = root->measurement.attack.all;
  // Of a network without a backdoor nothing can migrate.
  if (root->poisoned)
    detail::add_migration(context, *root, result,
                          clean == nullptr ? nullptr : memory.find(clean->root), clean, cell);
}

}  // namespace snnbd::inline SNNBD_ISA::stage
