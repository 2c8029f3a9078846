#pragma once

#include <algorithm>
#include <cmath>

#include <snnbd/core/error.hpp>
#include <snnbd/data/runtime_set.hpp>
#include <snnbd/experiment/material.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

SNNBD_COLD TrainingPlaces training_places(data::DatasetView set, std::size_t samples, double share,
                                          std::uint64_t seed) {
  const std::size_t wanted = samples == 0 ? set.size() : samples;
  if (wanted > set.size())
    reject("number of samples", "at most " + std::to_string(set.size()), wanted);
  const auto count = std::max<std::size_t>(
      1, static_cast<std::size_t>(std::llround(share * static_cast<double>(wanted))));
  TrainingPlaces places;
  const auto choose = [&](const std::vector<std::size_t>& from, std::size_t number) {
    const data::Selection among{set, from};
    std::vector<std::size_t> chosen = data::detail::choose_samples(among, number, seed, true);
    for (std::size_t& place : chosen) place = from[place];
    return chosen;
  };
  if (set.size() - wanted >= count) {
    places.training = data::detail::choose_samples(set, wanted, seed, true);
    places.held_out = choose(data::detail::other_samples(set.size(), places.training), count);
    return places;
  }
  if (count >= set.size())
    reject("held out samples", "fewer than the " + std::to_string(set.size()) + " of the set",
           count);
  places.held_out = data::detail::choose_samples(set, count, seed, true);
  const auto left = data::detail::other_samples(set.size(), places.held_out);
  places.training = choose(left, std::min(wanted, left.size()));
  return places;
}

SNNBD_COLD report::Fields summarize(const poison::Ledger& ledger) {
  report::Fields fields;
  fields.set("poisoned", ledger.entries.size())
      .set("samples", ledger.size)
      .set("rate_asked", ledger.rate_asked)
      .set("rate_achieved", ledger.rate_achieved())
      .set("mode", ledger.mode)
      .set("trigger", ledger.trigger)
      .set("relabel", ledger.relabel)
      .set("selector", ledger.selector)
      .set("seed", ledger.seed)
      .set("checksum", crc32_text(ledger.checksum()));
  return fields;
}

}  // namespace snnbd::inline SNNBD_ISA::experiment
