#pragma once

#include <array>
#include <string_view>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/metric/check.hpp>
#include <snnbd/metric/migration.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

namespace detail {

// What is known of a triggered sample, a bit each.
inline constexpr unsigned fools_ann = 1;
inline constexpr unsigned fools_snn = 2;
inline constexpr unsigned fools_clean_ann = 4;
inline constexpr unsigned fools_clean_snn = 8;
inline constexpr unsigned had_target = 16;
inline constexpr unsigned outcome_count = 32;

/// How many samples have each outcome.
using OutcomeCounts = std::array<std::size_t, outcome_count>;

inline void mark(std::vector<unsigned>& outcomes, unsigned bit, std::string_view subject,
                 std::span<const int> classes, std::span<const int> targets) {
  check_size(subject, classes.size(), outcomes.size(), "target labels");
  for (std::size_t at = 0; at < outcomes.size(); ++at) {
    if (classes[at] < 0) reject(subject, "classes of 0 and more", classes[at]);
    if (classes[at] == targets[at]) outcomes[at] |= bit;
  }
}

inline std::vector<unsigned> outcomes_of(const TwinPredictions& attacked,
                                         std::span<const int> originals,
                                         std::span<const int> targets) {
  std::vector<unsigned> outcomes(targets.size());
  mark(outcomes, fools_ann, "predictions of the ANN", attacked.ann, targets);
  mark(outcomes, fools_snn, "predictions of the SNN", attacked.snn, targets);
  mark(outcomes, had_target, "original labels", originals, targets);
  for (const int target : targets)
    if (target < 0) reject("target labels", "classes of 0 and more", target);
  if (targets.empty()) reject("triggered samples", "at least one", "none");
  return outcomes;
}

inline OutcomeCounts count_outcomes(const std::vector<unsigned>& outcomes) {
  OutcomeCounts counts{};
  for (const unsigned outcome : outcomes) ++counts[outcome];
  return counts;
}

inline OutcomeCounts without_target(OutcomeCounts counts) {
  for (unsigned outcome = 0; outcome < outcome_count; ++outcome)
    if ((outcome & had_target) != 0) counts[outcome] = 0;
  return counts;
}

inline Rate fooled(const OutcomeCounts& counts, unsigned network) {
  Rate rate;
  for (unsigned outcome = 0; outcome < outcome_count; ++outcome) {
    rate.total += counts[outcome];
    if ((outcome & network) != 0) rate.hits += counts[outcome];
  }
  return rate;
}

/// Equals MR if no sample fools a clean network.
inline std::optional<double> corrected_rate(const OutcomeCounts& counts) {
  return corrected_migration_rate(
      {fooled(counts, fools_ann), fooled(counts, fools_snn)},
      {fooled(counts, fools_clean_ann), fooled(counts, fools_clean_snn)});
}

inline SampleMigration sample_migration(const OutcomeCounts& counts) {
  std::array<Rate, 4> shares;
  for (unsigned outcome = 0; outcome < outcome_count; ++outcome) {
    shares[outcome & (fools_ann | fools_snn)].hits += counts[outcome];
    for (Rate& share : shares) share.total += counts[outcome];
  }
  return {.kept = shares[fools_ann | fools_snn],
          .lost = shares[fools_ann],
          .gained = shares[fools_snn],
          .neither = shares[0]};
}

inline OutcomeCounts resample(const std::vector<unsigned>& outcomes, random::Stream stream) {
  const auto samples = static_cast<std::uint32_t>(outcomes.size());
  OutcomeCounts counts{};
  for (std::uint32_t draw = 0; draw < samples; ++draw) ++counts[outcomes[stream.below(samples)]];
  return counts;
}

inline MigrationEstimates estimate(const std::vector<unsigned>& outcomes,
                                   const Bootstrap& bootstrap) {
  if (bootstrap.resamples > 1'000'000) reject("resamples", "at most 1000000", bootstrap.resamples);
  std::vector<std::optional<double>> all(bootstrap.resamples);
  std::vector<std::optional<double>> excluding_target(bootstrap.resamples);
  constexpr Index draws_at_a_time = 65'536;
  parallel_ranges(static_cast<Index>(bootstrap.resamples),
                  draws_at_a_time / static_cast<Index>(outcomes.size()),
                  [&](Index first, Index last) {
                    for (Index at = first; at < last; ++at) {
                      const auto place = static_cast<std::size_t>(at);
                      const OutcomeCounts counts =
                          resample(outcomes, {bootstrap.seed, random::Purpose::bootstrap, place});
                      all[place] = corrected_rate(counts);
                      excluding_target[place] = corrected_rate(without_target(counts));
                    }
                  });
  const OutcomeCounts counts = count_outcomes(outcomes);
  return {{corrected_rate(counts), percentile_interval(all, bootstrap.confidence)},
          {corrected_rate(without_target(counts)),
           percentile_interval(excluding_target, bootstrap.confidence)}};
}

}  // namespace detail

SNNBD_INLINE std::optional<double> migration_rate(const TwinRates& attacked) {
  const Rate never{0, 1};
  return corrected_migration_rate(attacked, {never, never});
}

SNNBD_INLINE std::optional<double> corrected_migration_rate(const TwinRates& attacked,
                                                            const TwinRates& base) {
  for (const Rate& rate : {attacked.ann, attacked.snn, base.ann, base.snn})
    if (rate.total == 0) return std::nullopt;
  const double in_ann = attacked.ann.fraction() - base.ann.fraction();
  const double in_snn = attacked.snn.fraction() - base.snn.fraction();
  if (in_ann <= 0.0) return std::nullopt;
  return 100.0 * (in_snn / in_ann);
}

SNNBD_INLINE Migration migration(const TwinPredictions& predictions, std::span<const int> originals,
                                 std::span<const int> targets) {
  const auto counts = detail::count_outcomes(detail::outcomes_of(predictions, originals, targets));
  return {detail::sample_migration(counts),
          detail::sample_migration(detail::without_target(counts))};
}

SNNBD_INLINE Migration migration(const TwinPredictions& predictions, std::span<const int> originals,
                                 int target) {
  const std::vector<int> targets(originals.size(), target);
  return migration(predictions, originals, targets);
}

SNNBD_INLINE MigrationEstimates bootstrap_migration_rate(const TwinPredictions& attacked,
                                                         std::span<const int> originals,
                                                         std::span<const int> targets,
                                                         const Bootstrap& bootstrap) {
  return detail::estimate(detail::outcomes_of(attacked, originals, targets), bootstrap);
}

SNNBD_INLINE MigrationEstimates bootstrap_corrected_migration_rate(const TwinPredictions& attacked,
                                                                   const TwinPredictions& clean,
                                                                   std::span<const int> originals,
                                                                   std::span<const int> targets,
                                                                   const Bootstrap& bootstrap) {
  auto outcomes = detail::outcomes_of(attacked, originals, targets);
  detail::mark(outcomes, detail::fools_clean_ann, "predictions of the clean ANN", clean.ann,
               targets);
  detail::mark(outcomes, detail::fools_clean_snn, "predictions of the clean SNN", clean.snn,
               targets);
  return detail::estimate(outcomes, bootstrap);
}

}  // namespace snnbd::inline SNNBD_ISA::metric
