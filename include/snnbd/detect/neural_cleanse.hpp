#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include <snnbd/core/policy.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/detect/trigger_search.hpp>

namespace snnbd::inline SNNBD_ISA::detect {

/// What Neural Cleanse says of the triggers that were found, one for each class: how far the
/// smallest mask lies below the others. The score is the anomaly index of the class with the
/// smallest mask, |norm - median| / (1.4826 MAD), if that class has a trigger that works; the
/// target is that class, if the score is above the threshold.
///
/// A class that no trigger succeeded for counts with the whole frame, as no smaller mask is known.
///
/// @param success what the search aimed at. A trigger works if it leads that share of all clean
///   samples to its class, less 0.05: the search looked at some of them at a time
/// @throws Error if there are no triggers
[[nodiscard]] defend::Verdict judge_triggers(std::vector<defend::InvertedTrigger> triggers,
                                             double threshold, double success,
                                             bool logarithms = false);

/// The place among `verdict.triggers` of the one with the smallest mask that counts, see
/// `judge_triggers`.
[[nodiscard]] std::size_t smallest_trigger(const defend::Verdict& verdict);

/// Neural Cleanse (Wang et al. 2019): searches for the smallest trigger to each class, see
/// `TriggerSearch`. A backdoor is a short way to its target: that class's mask is an outlier among
/// the others. Networks with an anomaly index above 2 count as backdoored, as published.
///
/// @tparam SlopeRule the surrogate of gradients; void for the one that the network was trained with
template <class SlopeRule = void>
struct NeuralCleanse {
  static constexpr std::string_view name = "neural_cleanse";
  using Slope = SlopeRule;
  TriggerSearch search{};
  double threshold = 2.0;  ///< of the anomaly index
  /// Takes the anomaly index of the logarithms of the norms, which differ by factors: of ten norms
  /// that spread widely the smallest can hardly lie 2 deviations below the median. Not published.
  bool logarithms = false;

  /// With `TriggerSearch::quick`.
  static constexpr NeuralCleanse quick() { return {.search = TriggerSearch::quick()}; }

  void check() const {
    search.check();
    require_positive("threshold of neural cleanse", threshold);
  }

  /// @throws Error as `TriggerSearch::find` does
  [[nodiscard]] defend::Verdict judge(const NetworkProbe& suspect,
                                      const defend::Evidence& evidence) const {
    check();
    return judge_triggers(search.find_all(suspect, evidence), threshold, search.success,
                          logarithms);
  }
};

}  // namespace snnbd::inline SNNBD_ISA::detect

#if !defined(SNNBD_COMPILED)
#include <snnbd/detect/neural_cleanse.ipp>
#endif
