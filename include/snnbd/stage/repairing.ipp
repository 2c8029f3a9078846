#pragma once

#include <snnbd/core/value_text.hpp>
#include <snnbd/stage/repairing.hpp>

namespace snnbd::inline SNNBD_ISA::stage::detail {

SNNBD_COLD std::string path_text(const std::vector<PathPoint>& points) {
  std::string text = "strength,acc,asr,ra\n";
  for (const PathPoint& point : points) {
    const auto& [accuracy, attack] = point.measured;
    text += value_text(point.strength) + ',' + value_text(accuracy.percent()) + ',' +
            value_text(attack.all.percent()) + ',' + value_text(attack.robust.percent()) + '\n';
  }
  return text;
}

}  // namespace snnbd::inline SNNBD_ISA::stage::detail
