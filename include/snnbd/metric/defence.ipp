#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <snnbd/core/error.hpp>
#include <snnbd/core/parallel.hpp>
#include <snnbd/core/random.hpp>
#include <snnbd/metric/accuracy.hpp>
#include <snnbd/metric/check.hpp>
#include <snnbd/metric/defence.hpp>

namespace snnbd::inline SNNBD_ISA::metric {

namespace detail {

/// (1 + gain - loss) / 2, where neither is below 0.
inline std::optional<double> balance(double gain, double loss) {
  return (std::max(0.0, gain) - std::max(0.0, loss) + 1.0) / 2.0;
}

inline bool any_without_samples(std::initializer_list<Rate> rates) {
  return std::ranges::any_of(rates, [](const Rate& rate) { return rate.total == 0; });
}

// What is known of a sample, a bit each.
inline constexpr unsigned right_before = 1;
inline constexpr unsigned right_after = 2;
inline constexpr unsigned fooled_before = 4;
inline constexpr unsigned fooled_after = 8;
inline constexpr unsigned was_target = 16;

using DefenceCounts = std::array<std::size_t, 32>;

/// How many of some samples have a bit, without those that had the attacker's label.
inline Rate rate_of(const DefenceCounts& counts, unsigned bit) {
  Rate rate;
  for (unsigned outcome = 0; outcome < was_target; ++outcome) {
    rate.total += counts[outcome];
    if ((outcome & bit) != 0) rate.hits += counts[outcome];
  }
  return rate;
}

struct DefencePair {
  DefenceRates before;
  DefenceRates after;
};

inline DefencePair rates_of(const DefenceCounts& clean, const DefenceCounts& triggered) {
  return {{rate_of(clean, right_before), rate_of(triggered, fooled_before),
           rate_of(triggered, right_before)},
          {rate_of(clean, right_after), rate_of(triggered, fooled_after),
           rate_of(triggered, right_after)}};
}

inline DefenceCounts drawn(const std::vector<unsigned>& outcomes, random::Stream stream) {
  const auto samples = static_cast<std::uint32_t>(outcomes.size());
  DefenceCounts counts{};
  for (std::uint32_t draw = 0; draw < samples; ++draw) ++counts[outcomes[stream.below(samples)]];
  return counts;
}

inline std::vector<unsigned> clean_outcomes(const DefencePredictions& before,
                                            const DefencePredictions& after,
                                            const DefenceLabels& labels) {
  const std::size_t samples = labels.clean.size();
  check_size("clean predictions before", before.clean.size(), samples, "clean labels");
  check_size("clean predictions after", after.clean.size(), samples, "clean labels");
  std::vector<unsigned> outcomes(samples);
  for (std::size_t at = 0; at < samples; ++at)
    outcomes[at] = (before.clean[at] == labels.clean[at] ? right_before : 0U) |
                   (after.clean[at] == labels.clean[at] ? right_after : 0U);
  return outcomes;
}

inline std::vector<unsigned> triggered_outcomes(const DefencePredictions& before,
                                                const DefencePredictions& after,
                                                const DefenceLabels& labels) {
  const std::size_t samples = labels.originals.size();
  check_size("target labels", labels.targets.size(), samples, "original labels");
  check_size("triggered predictions before", before.triggered.size(), samples, "original labels");
  check_size("triggered predictions after", after.triggered.size(), samples, "original labels");
  std::vector<unsigned> outcomes(samples);
  for (std::size_t at = 0; at < samples; ++at) {
    const int original = labels.originals[at];
    const int target = labels.targets[at];
    outcomes[at] = (before.triggered[at] == original ? right_before : 0U) |
                   (after.triggered[at] == original ? right_after : 0U) |
                   (before.triggered[at] == target ? fooled_before : 0U) |
                   (after.triggered[at] == target ? fooled_after : 0U) |
                   (original == target ? was_target : 0U);
  }
  return outcomes;
}

inline DefenceCounts counted(const std::vector<unsigned>& outcomes) {
  DefenceCounts counts{};
  for (const unsigned outcome : outcomes) ++counts[outcome];
  return counts;
}

}  // namespace detail

SNNBD_COLD DefenceRates defence_rates(const Rate& accuracy, const AttackSuccess& attack) {
  return {accuracy, attack.excluding_target, attack.robust};
}

SNNBD_COLD DefenceRates defence_rates(const DefencePredictions& predictions,
                                      const DefenceLabels& labels) {
  return defence_rates(accuracy(predictions.clean, labels.clean),
                       attack_success(predictions.triggered, labels.originals, labels.targets));
}

SNNBD_COLD std::optional<double> defence_effectiveness_rate(const DefenceRates& before,
                                                            const DefenceRates& after) {
  if (detail::any_without_samples(
          {before.accuracy, after.accuracy, before.attack_success, after.attack_success}))
    return std::nullopt;
  return detail::balance(before.attack_success.fraction() - after.attack_success.fraction(),
                         before.accuracy.fraction() - after.accuracy.fraction());
}

SNNBD_COLD std::optional<double> robust_improvement_rate(const DefenceRates& before,
                                                         const DefenceRates& after) {
  if (detail::any_without_samples({before.accuracy, after.accuracy, before.robust, after.robust}))
    return std::nullopt;
  return detail::balance(after.robust.fraction() - before.robust.fraction(),
                         before.accuracy.fraction() - after.accuracy.fraction());
}

SNNBD_INLINE DefenceEstimates bootstrap_defence(const DefencePredictions& before,
                                                const DefencePredictions& after,
                                                const DefenceLabels& labels,
                                                const Bootstrap& bootstrap) {
  const auto clean = detail::clean_outcomes(before, after, labels);
  const auto triggered = detail::triggered_outcomes(before, after, labels);
  if (bootstrap.resamples > 1'000'000) reject("resamples", "at most 1000000", bootstrap.resamples);
  std::vector<std::optional<double>> effectiveness(bootstrap.resamples);
  std::vector<std::optional<double>> improvement(bootstrap.resamples);
  parallel_for(static_cast<Index>(bootstrap.resamples), [&](Index at) {
    const auto place = static_cast<std::size_t>(at);
    const random::Stream stream{bootstrap.seed, random::Purpose::bootstrap, place};
    const auto rates =
        detail::rates_of(detail::drawn(clean, stream), detail::drawn(triggered, stream.later(1)));
    effectiveness[place] = defence_effectiveness_rate(rates.before, rates.after);
    improvement[place] = robust_improvement_rate(rates.before, rates.after);
  });
  const auto rates = detail::rates_of(detail::counted(clean), detail::counted(triggered));
  return {{defence_effectiveness_rate(rates.before, rates.after),
           percentile_interval(effectiveness, bootstrap.confidence)},
          {robust_improvement_rate(rates.before, rates.after),
           percentile_interval(improvement, bootstrap.confidence)}};
}

}  // namespace snnbd::inline SNNBD_ISA::metric
