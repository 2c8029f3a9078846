#pragma once

#include <algorithm>
#include <cmath>
#include <iterator>

#include <snnbd/core/random.hpp>
#include <snnbd/data/shuffle.hpp>
#include <snnbd/data/subset.hpp>

namespace snnbd::inline SNNBD_ISA::data::detail {

SNNBD_INLINE std::vector<std::size_t> choose_samples(DatasetView set, std::size_t count,
                                                     std::uint64_t seed, bool evenly) {
  if (count < 1 || count > set.size())
    reject("number of samples", "a number from 1 to " + std::to_string(set.size()), count);

  std::vector<std::vector<std::size_t>> members(static_cast<std::size_t>(set.classes()));
  for (std::size_t index = 0; index < set.size(); ++index) {
    // The attacker's labels would put all poison into few classes, which then count as one each.
    const int label = set.original_label(index);
    if (label < 0 || label >= set.classes())
      reject(set.name(), "labels from 0 to " + std::to_string(set.classes() - 1), label);
    members[static_cast<std::size_t>(label)].push_back(index);
  }

  // Each class in a random order of its own; then the classes take turns.
  struct Turn {
    double when;
    std::size_t index;
  };
  std::vector<Turn> turns;
  turns.reserve(set.size());
  for (std::size_t label = 0; label < members.size(); ++label) {
    random::Stream stream{seed, random::Purpose::split, label};
    shuffle(members[label], stream);
    const double pace = evenly ? 1.0 : 1.0 / static_cast<double>(members[label].size());
    double position = 0.5;
    for (const std::size_t index : members[label]) {
      turns.push_back({position * pace, index});
      position += 1.0;
    }
  }
  // Turns that fall together keep the order of the classes.
  std::stable_sort(turns.begin(), turns.end(),
                   [](const Turn& left, const Turn& right) { return left.when < right.when; });

  std::vector<std::size_t> chosen(count);
  std::transform(turns.begin(), turns.begin() + static_cast<std::ptrdiff_t>(count), chosen.begin(),
                 [](const Turn& turn) { return turn.index; });
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

SNNBD_INLINE std::vector<std::size_t> other_samples(std::size_t samples,
                                                    const std::vector<std::size_t>& chosen) {
  std::vector<std::size_t> all(samples);
  std::iota(all.begin(), all.end(), std::size_t{0});
  std::vector<std::size_t> others;
  others.reserve(samples - chosen.size());
  std::set_difference(all.begin(), all.end(), chosen.begin(), chosen.end(),
                      std::back_inserter(others));
  return others;
}

SNNBD_INLINE std::size_t held_out_count(std::size_t samples, double fraction) {
  if (!(fraction > 0.0 && fraction < 1.0))
    reject("fraction held out", "a number above 0 and below 1", fraction);
  const auto count = static_cast<std::size_t>(std::lround(fraction * static_cast<double>(samples)));
  if (count == 0 || count >= samples)
    reject("fraction held out", "at least one sample on each side of the split",
           std::to_string(count) + " of " + std::to_string(samples) + " held out");
  return count;
}

}  // namespace snnbd::inline SNNBD_ISA::data::detail
