#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include <snnbd/core/config.hpp>
#include <snnbd/metric/interval.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

/// The attack success of an ANN and of the SNN that was made from it, over the same samples.
struct TwinRates {
  Rate ann;
  Rate snn;
};

/// MR, the migration rate (Eq. 15): 100 ASR_SNN / ASR_ANN, in percent.
///
/// It exceeds 100 where the SNN is fooled more often. Over all triggered samples the target class
/// alone keeps it from falling to 0; see `corrected_migration_rate`.
///
/// @returns nothing if the ANN is never fooled or there are no samples
std::optional<double> migration_rate(const TwinRates& attacked);

/// MR without what clean models do anyway:
/// 100 (ASR_SNN - base_SNN) / (ASR_ANN - base_ANN), in percent. It is 0 if the SNN is fooled as
/// often as one that was never attacked, and below 0 if less often.
///
/// @param attacked rates of the two attacked networks
/// @param base rates, over the same triggered samples, of an ANN that was never poisoned and of the
///     SNN made from it. All four count the samples of the target class, or none does.
/// @returns nothing if the ANN is fooled no more often than the clean one or there are no samples
std::optional<double> corrected_migration_rate(const TwinRates& attacked, const TwinRates& base);

/// The fate of triggered samples when an ANN was made into an SNN. Each rate is a share of all
/// samples of its group, and each sample is in one of the four.
struct SampleMigration {
  Rate kept;     ///< fool both
  Rate lost;     ///< fool the ANN only
  Rate gained;   ///< fool the SNN only
  Rate neither;  ///< fool none

  /// The attack success of each network.
  [[nodiscard]] TwinRates attack_success() const {
    return {{kept.hits + lost.hits, kept.total}, {kept.hits + gained.hits, kept.total}};
  }

  /// The samples that fool the SNN among those that fool the ANN. Other than MR it never exceeds
  /// 100 percent: samples that were gained do not make up for those that were lost.
  [[nodiscard]] Rate kept_of_ann() const { return {kept.hits, kept.hits + lost.hits}; }
};

/// Per-sample migration in the groups of `AttackSuccess`.
struct Migration {
  SampleMigration all;
  SampleMigration excluding_target;  ///< among samples whose original label is not the attacker's
};

/// The classes that an ANN and the SNN made from it predict for the same triggered samples.
struct TwinPredictions {
  std::span<const int> ann;
  std::span<const int> snn;
};

/// Follows each triggered sample from the ANN to the SNN.
///
/// @param originals the true labels of the samples
/// @param targets the labels that the attacker wants for them
/// @throws Error if the sizes differ, there are no samples or a class is below 0
Migration migration(const TwinPredictions& predictions, std::span<const int> originals,
                    std::span<const int> targets);

/// The same with one label for every sample.
Migration migration(const TwinPredictions& predictions, std::span<const int> originals, int target);

/// How a bootstrap is made.
struct Bootstrap {
  std::size_t resamples = 2'000;  ///< at most 1,000,000
  double confidence = 0.95;
  std::uint64_t seed = 1;
};

/// A quantity in percent and the percentile interval of its bootstrap. The value is empty if the
/// quantity is undefined. The interval is empty, too, if it is undefined in too many resamples.
struct BootstrapEstimate {
  std::optional<double> value;
  std::optional<Interval> interval;
};

/// An estimate in the groups of `AttackSuccess`.
struct MigrationEstimates {
  BootstrapEstimate all;
  BootstrapEstimate excluding_target;
};

/// MR and its interval over samples. Triggered samples are drawn with replacement. A sample keeps
/// the predictions of both networks, so that the interval takes into account that they agree on
/// most samples. The interval covers the choice of the test samples, not the chance in training.
///
/// The same for any number of threads. Costs one random number for each sample and resample.
///
/// @param originals, targets as for `migration`
/// @throws Error as `migration` and `percentile_interval` do
MigrationEstimates bootstrap_migration_rate(const TwinPredictions& attacked,
                                            std::span<const int> originals,
                                            std::span<const int> targets,
                                            const Bootstrap& bootstrap = {});

/// The same of the corrected MR, over the same draws.
///
/// @param clean predictions for the same triggered samples of an ANN that was never poisoned and of
///     the SNN made from it
MigrationEstimates bootstrap_corrected_migration_rate(const TwinPredictions& attacked,
                                                      const TwinPredictions& clean,
                                                      std::span<const int> originals,
                                                      std::span<const int> targets,
                                                      const Bootstrap& bootstrap = {});

}  // namespace snnbd::inline SNNBD_ISA::metric

#if !defined(SNNBD_COMPILED)
#include <snnbd/metric/migration.ipp>
#endif
