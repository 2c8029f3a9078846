#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/value_text.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/experiment/settings.hpp>
#include <snnbd/poison/ledger.hpp>
#include <snnbd/poison/trigger.hpp>
#include <snnbd/report/manifest.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

/// That many samples of a set, even over the classes; 0 for all.
template <data::Dataset Set>
data::Subset<Set> limit(const Set& set, std::size_t samples, std::uint64_t seed) {
  return samples == 0 ? data::first(set, set.size()) : data::take(set, samples, seed);
}

/// Lets the trigger of an experiment learn from the clean training set, if it is one that does:
/// once, before anything is poisoned. What it learned is among its members, for keys and reports.
///
/// @param study with the overrides of the settings
template <class Study>
void fit_trigger(const Settings& settings, Study& study) {
  using Set = typename Study::Parts::Clean;
  if constexpr (poison::FittedTrigger<typename Study::Parts::Trigger>) {
    const Set train{data::Part::train, settings.data};
    const auto training = limit(train, settings.samples, settings.seed);
    study.trigger.fit(training);
  }
}

/// Where a set came from, for a manifest; with what it tells of itself by `facts()`, a `Key`.
template <class Set>
report::DataSource describe_source(const Set& set, std::string_view part) {
  report::DataSource source;
  source.name = std::string{Set::name} + ' ' + std::string{part};
  if constexpr (requires { set.checksum(); })
    source.checksum = crc32_text(static_cast<std::uint32_t>(set.checksum()));
  if constexpr (requires { std::string{set.source()}; }) source.source = set.source();
  if constexpr (requires { set.is_embedded(); }) {
    if (set.is_embedded()) source.source = "embedded";
  }
  if constexpr (requires { set.facts().lines(); }) {
    const Key facts = set.facts();
    for (const auto& [fact, value] : facts.lines()) {
      std::uint64_t number = 0;
      if (parse_value(value, number))
        source.facts.set(fact, number);
      else
        source.facts.set(fact, value);
    }
  }
  return source;
}

/// A summary of a ledger.
report::Fields summarize(const poison::Ledger& ledger);

/// The data of one experiment at one poisoning rate, loaded, poisoned and triggered.
///
/// @tparam Study an `Experiment`
template <class Study>
struct Material {
  using Parts = typename Study::Parts;
  using Set = typename Parts::Clean;
  static_assert(std::constructible_from<Set, data::Part, std::string>,
                "snnbd: a data set for an experiment is made from (data::Part, directory)");

  Set train_source;
  Set test_source;
  typename Parts::Train dirty;
  data::Subset<Set> test;
  typename Parts::Test triggered;

  /// @param study with the overrides of the settings
  static Material load(const Settings& settings, const Study& study) {
    const Set train{data::Part::train, settings.data};
    const Set test{data::Part::test, settings.data};
    const auto tested = limit(test, settings.test_samples, settings.seed);
    return {train, test,
            typename Parts::Train{limit(train, settings.samples, settings.seed),
                                  {settings.poisoning_rate, settings.mode, settings.seed},
                                  study.trigger,
                                  study.relabel,
                                  study.selector},
            tested, typename Parts::Test{tested, study.trigger, study.relabel}};
  }

  /// Calls `use` with a part of the training set.
  ///
  /// @param samples 0 for all
  template <class Use>
  void with_training(bool poisoned, std::size_t samples, std::uint64_t seed, const Use& use) const {
    if (poisoned)
      use(limit(dirty, std::min(samples, dirty.size()), seed));
    else
      use(limit(dirty.clean(), std::min(samples, dirty.clean().size()), seed));
  }
};

}  // namespace snnbd::inline SNNBD_ISA::experiment

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/material.ipp>
#endif
