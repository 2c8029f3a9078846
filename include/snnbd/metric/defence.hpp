#pragma once

#include <optional>
#include <span>

#include <snnbd/core/config.hpp>
#include <snnbd/metric/attack_success.hpp>
#include <snnbd/metric/interval.hpp>
#include <snnbd/metric/migration.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

/// What a defence is judged by, of one model. Each rate has its Wilson interval.
struct DefenceRates {
  Rate accuracy;        ///< ACC, on clean samples
  Rate attack_success;  ///< ASR, among triggered samples whose label is not the attacker's
  Rate robust;          ///< RA: the right label in spite of the trigger, among the same samples

  friend bool operator==(const DefenceRates&, const DefenceRates&) = default;
};

/// The rates from counts that are there already, such as those of a `Measurement`.
DefenceRates defence_rates(const Rate& accuracy, const AttackSuccess& attack);

/// The classes that a model predicts for clean samples, and for triggered ones.
struct DefencePredictions {
  std::span<const int> clean;
  std::span<const int> triggered;
};

/// The labels of these samples.
struct DefenceLabels {
  std::span<const int> clean;      ///< true ones of the clean samples
  std::span<const int> originals;  ///< true ones of the triggered samples
  std::span<const int> targets;    ///< those that the attacker wants for the triggered samples
};

/// The rates from predictions.
///
/// @throws Error if there are more or fewer predictions than labels
DefenceRates defence_rates(const DefencePredictions& predictions, const DefenceLabels& labels);

/// DER, the defence effectiveness rate (Zhu et al. 2023), a share from 0 to 1:
///
///     DER = (max(0, ASR_before - ASR_after) - max(0, ACC_before - ACC_after) + 1) / 2
///
/// 1/2 if nothing changes, more if the attack loses more than the accuracy. A gain of accuracy does
/// not count, neither does a gain of the attack.
///
/// @returns nothing if one of the four rates has no samples
std::optional<double> defence_effectiveness_rate(const DefenceRates& before,
                                                 const DefenceRates& after);

/// RIR, the robust improvement rate of BackdoorBench, a share from 0 to 1:
///
///     RIR = (max(0, RA_after - RA_before) - max(0, ACC_before - ACC_after) + 1) / 2
///
/// The same with what the defence gives back in place of what it takes from the attacker: a model
/// that takes triggered samples for a third class has a good DER, and no better RIR.
///
/// @returns nothing if one of the four rates has no samples
std::optional<double> robust_improvement_rate(const DefenceRates& before,
                                              const DefenceRates& after);

/// A share and the percentile interval of its bootstrap, both empty if it is undefined.
struct DefenceEstimate {
  std::optional<double> value;
  std::optional<Interval> interval;
};

/// DER and RIR of the same defence.
struct DefenceEstimates {
  DefenceEstimate effectiveness;  ///< DER
  DefenceEstimate improvement;    ///< RIR
};

/// DER and RIR with intervals over samples. Clean and triggered samples are drawn with replacement,
/// each by themselves. A sample keeps the predictions of both models, so that the interval takes
/// into account that they agree on most samples.
///
/// As neither rate rewards chance, both are at or above 1/2 where accuracy does not change: compare
/// with the same defence of a clean model.
///
/// The same for any number of threads. Costs one random number for each sample and resample.
///
/// @throws Error if there are more or fewer predictions than labels, or as `percentile_interval`
///         does
DefenceEstimates bootstrap_defence(const DefencePredictions& before,
                                   const DefencePredictions& after, const DefenceLabels& labels,
                                   const Bootstrap& bootstrap = {});

}  // namespace snnbd::inline SNNBD_ISA::metric

#if !defined(SNNBD_COMPILED)
#include <snnbd/metric/defence.ipp>
#endif
