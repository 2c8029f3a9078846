#pragma once

#include <span>

#include <snnbd/core/config.hpp>
#include <snnbd/metric/interval.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

/// What a trigger does to a model. The same counts of a model that was never poisoned are the base
/// to compare with: over all samples it is about one in the number of classes, not zero.
struct AttackSuccess {
  /// ASR as the paper counts it: predictions that equal the attacker's label, among all triggered
  /// samples, those included that had this label already.
  Rate all;
  /// ASR among the samples whose original label differs from the attacker's: the headline.
  Rate excluding_target;
  /// The samples that had the attacker's label already and are still given it.
  Rate already_target;
  /// Robust accuracy: predictions that equal the original label although the trigger is there,
  /// among the samples whose original label differs from the attacker's.
  Rate robust;
};

/// Counts the success of an attack; with an attacker's label for each sample, so that it serves
/// all-to-one and all-to-all alike. `all` is the sum of `excluding_target` and `already_target`.
///
/// @param predictions the classes predicted for the triggered samples
/// @param originals the true labels of the same samples
/// @param targets the labels that the attacker wants for them
/// @throws Error if the three sizes differ
AttackSuccess attack_success(std::span<const int> predictions, std::span<const int> originals,
                             std::span<const int> targets);

/// The same with one label for every sample.
AttackSuccess attack_success(std::span<const int> predictions, std::span<const int> originals,
                             int target);

}  // namespace snnbd::inline SNNBD_ISA::metric

#if !defined(SNNBD_COMPILED)
#include <snnbd/metric/attack_success.ipp>
#endif
