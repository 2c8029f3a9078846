#pragma once

#include <cmath>

#include <snnbd/poison/poisoned.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

/// How many samples a rate in range comes to, which may be none.
inline std::size_t rounded_count(std::size_t samples, double rate, Mode mode) {
  const double wanted = rate * static_cast<double>(samples);
  if (mode == Mode::in_place) return static_cast<std::size_t>(std::llround(wanted));
  // Beyond the whole set there is nothing left to copy, and the quotient may exceed an integer.
  const double copies = std::min(wanted / (1.0 - rate), static_cast<double>(samples));
  return static_cast<std::size_t>(std::llround(copies));
}

/// The smallest rate that comes to one of `samples`, of which there is at least one.
inline double smallest_rate(std::size_t samples, Mode mode) {
  const double size = static_cast<double>(samples) + (mode == Mode::appended ? 0.5 : 0.0);
  // The quotient is rounded, by a last place or two.
  double rate = 0.5 / size;
  while (rounded_count(samples, rate, mode) > 0) rate = std::nextafter(rate, 0.0);
  while (rounded_count(samples, rate, mode) == 0) rate = std::nextafter(rate, 1.0);
  return rate;
}

SNNBD_INLINE std::size_t poisoned_count(std::size_t samples, const Settings& settings) {
  if (!(settings.rate >= 0.0 && settings.rate <= 1.0))
    reject("poisoning rate", "a number from 0 to 1", settings.rate);
  if (settings.mode == Mode::appended && settings.rate == 1.0)
    reject("poisoning rate", "a number below 1, as the clean samples stay in the set", "1");
  if (settings.rate == 0.0) return 0;
  if (samples == 0) reject("poisoning rate", "0 for a set without samples", settings.rate);
  const std::size_t count = rounded_count(samples, settings.rate, settings.mode);
  if (count == 0)
    reject("poisoning rate",
           "0, or at least " + number_text(smallest_rate(samples, settings.mode)) +
               ", which poisons one of " + std::to_string(samples) + " samples",
           number_text(settings.rate) + ", which poisons none");
  return count;
}

SNNBD_INLINE std::vector<Ledger::Entry> make_entries(std::vector<Candidate> chosen,
                                                     std::size_t samples, Mode mode) {
  std::sort(chosen.begin(), chosen.end(),
            [](const Candidate& left, const Candidate& right) { return left.index < right.index; });
  std::vector<Ledger::Entry> entries;
  entries.reserve(chosen.size());
  for (const Candidate& candidate : chosen) {
    data::check_index("selector", candidate.index, samples);
    if (!entries.empty() && entries.back().source == candidate.index)
      reject("selector", "each sample at most once",
             "sample " + std::to_string(candidate.index) + " twice");
    const std::size_t place = mode == Mode::appended ? samples + entries.size() : candidate.index;
    entries.push_back({place, candidate.index, candidate.label, candidate.new_label});
  }
  return entries;
}

}  // namespace snnbd::inline SNNBD_ISA::poison::detail
