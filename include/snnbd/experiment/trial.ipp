#pragma once

#include <snnbd/experiment/trial.hpp>

namespace snnbd::inline SNNBD_ISA::detail {

SNNBD_INLINE std::string checkpoint_path(const Settings& settings, const std::string& stem) {
  if (!settings.checkpoints || settings.out.empty()) return {};
  return settings.out + "/checkpoints/" + stem + ".safetensors";
}

SNNBD_INLINE void add_record(const learn::TrainRecord& record, double& seconds, Outcome& outcome,
                             Trial& trial) {
  for (const learn::EpochRecord& epoch : record.epochs) seconds += epoch.seconds;
  if (!record.epochs.empty()) outcome.last_epoch = record.epochs.back();
  trial.interrupted = trial.interrupted || record.interrupted;
}

}  // namespace snnbd::inline SNNBD_ISA::detail
