#pragma once

#include <snnbd/data/dataset_view.hpp>
#include <snnbd/metric/attack_success.hpp>
#include <snnbd/metric/interval.hpp>
#include <snnbd/network/view.hpp>

namespace snnbd::inline SNNBD_ISA {

/// What a model does with clean and with triggered samples.
struct Measurement {
  metric::Rate accuracy;         ///< on clean samples
  metric::AttackSuccess attack;  ///< on triggered samples
};

/// Runs a model over a clean test set and the same set triggered.
///
/// @param clean a test set with its true labels
/// @param triggered a `poison::Triggered`: its labels are what the attacker wants
/// @throws Error if a set does not fit the model
Measurement measure(const NetworkView& model, data::DatasetView clean, data::DatasetView triggered);

}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/measure.ipp>
#endif
