#pragma once

#include <cmath>

#include <snnbd/poison/poisoned.hpp>

namespace snnbd::inline SNNBD_ISA::poison::detail {

SNNBD_INLINE std::size_t poisoned_count(std::size_t samples, const Settings& settings) {
  if (!(settings.rate >= 0.0 && settings.rate <= 1.0))
    reject("poisoning rate", "a number from 0 to 1", settings.rate);
  const double wanted = settings.rate * static_cast<double>(samples);
  if (settings.mode == Mode::in_place) return static_cast<std::size_t>(std::llround(wanted));
  if (settings.rate == 1.0)
    reject("poisoning rate", "a number below 1, as the clean samples stay in the set", "1");
  // Beyond the whole set there is nothing left to copy, and the quotient may exceed an integer.
  const double copies = std::min(wanted / (1.0 - settings.rate), static_cast<double>(samples));
  return static_cast<std::size_t>(std::llround(copies));
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
