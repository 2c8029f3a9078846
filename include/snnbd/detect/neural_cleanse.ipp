#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include <snnbd/core/error.hpp>
#include <snnbd/defend/stamped.hpp>
#include <snnbd/detect/neural_cleanse.hpp>
#include <snnbd/statistics/robust.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

namespace detail {

/// Whether a trigger works, see `judge_triggers`.
inline bool works(const defend::InvertedTrigger& trigger, double success) {
  return trigger.success >= success - 0.05;
}

}  // namespace detail

SNNBD_COLD std::size_t smallest_trigger(const defend::Verdict& verdict) {
  return static_cast<std::size_t>(std::ranges::min_element(verdict.by_class) -
                                  verdict.by_class.begin());
}

SNNBD_COLD defend::Verdict judge_triggers(std::vector<defend::InvertedTrigger> triggers,
                                          double threshold, double success, bool logarithms) {
  if (triggers.empty()) reject("inverted triggers", "one for each class", "none");
  std::vector<double> norms;
  std::size_t working = 0;
  for (const defend::InvertedTrigger& trigger : triggers) {
    const bool works = detail::works(trigger, success);
    norms.push_back(works ? defend::mask_norm(trigger) : static_cast<double>(trigger.mask.size()));
    working += works ? 1U : 0U;
  }
  std::vector<double> sizes = norms;
  if (logarithms)
    for (double& size : sizes) size = std::log(std::max(size, 1e-6));
  const auto spread = statistics::robust_spread(sizes);
  defend::Verdict verdict{.threshold = threshold, .by_class = norms};
  const std::size_t least = smallest_trigger(verdict);
  if (detail::works(triggers[least], success) && spread.deviation > 0.0)
    verdict.score = (spread.median - sizes[least]) / spread.deviation;
  if (verdict.flagged()) verdict.target = triggers[least].label;
  verdict.figures = {{"median", spread.median},
                     {"deviation", spread.deviation},
                     {"smallest_norm", norms[least]},
                     {"smallest_class", static_cast<double>(triggers[least].label)},
                     {"smallest_success", triggers[least].success},
                     {"classes_with_trigger", static_cast<double>(working)}};
  verdict.triggers = std::move(triggers);
  return verdict;
}

}  // namespace snnbd::inline SNNBD_ISA::detect
