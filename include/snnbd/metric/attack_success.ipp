#pragma once

#include <cstddef>
#include <vector>

#include <snnbd/metric/attack_success.hpp>
#include <snnbd/metric/check.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

SNNBD_INLINE AttackSuccess attack_success(std::span<const int> predictions,
                                          std::span<const int> originals,
                                          std::span<const int> targets) {
  const std::size_t samples = predictions.size();
  detail::check_size("original labels", originals.size(), samples, "predictions");
  detail::check_size("target labels", targets.size(), samples, "predictions");

  AttackSuccess success;
  for (std::size_t at = 0; at < samples; ++at) {
    const bool hit = predictions[at] == targets[at];
    Rate& group = originals[at] == targets[at] ? success.already_target : success.excluding_target;
    ++group.total;
    if (hit) ++group.hits;
    if (originals[at] != targets[at] && predictions[at] == originals[at]) ++success.robust.hits;
  }
  success.robust.total = success.excluding_target.total;
  success.all = {success.excluding_target.hits + success.already_target.hits, samples};
  return success;
}

SNNBD_INLINE AttackSuccess attack_success(std::span<const int> predictions,
                                          std::span<const int> originals, int target) {
  const std::vector<int> targets(predictions.size(), target);
  return attack_success(predictions, originals, targets);
}

}  // namespace snnbd::inline SNNBD_ISA::metric
