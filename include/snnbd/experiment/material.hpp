#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <snnbd/core/crc32.hpp>
#include <snnbd/core/key.hpp>
#include <snnbd/core/value_text.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/defend/concepts.hpp>
#include <snnbd/experiment/settings.hpp>
#include <snnbd/learn/training/model.hpp>
#include <snnbd/poison/ledger.hpp>
#include <snnbd/poison/train_test.hpp>
#include <snnbd/poison/trigger.hpp>
#include <snnbd/report/manifest.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

/// That many samples of a set, even over the classes; 0 for all.
template <data::Dataset Set>
data::Subset<Set> limit(const Set& set, std::size_t samples, std::uint64_t seed) {
  return samples == 0 ? data::first(set, set.size()) : data::take(set, samples, seed);
}

/// The training part of a set, and the samples that are kept from it for the defender.
template <data::Dataset Set>
struct TrainingParts {
  data::Subset<Set> training;
  data::Subset<Set> held_out;  ///< none if nobody wants some
};

/// Which of `size` samples are trained on and which are held out. What is held out is taken from
/// the samples that training leaves, if there are enough; else training does without it.
struct TrainingPlaces {
  std::vector<std::size_t> training;
  std::vector<std::size_t> held_out;
};

/// @param samples to train on, even over the classes; 0 for all
/// @param share of these that is held out
/// @throws Error if nothing would be left to train on
TrainingPlaces training_places(data::DatasetView set, std::size_t samples, double share,
                               std::uint64_t seed);

/// Whether an experiment has a detector or a repair, which want clean samples of their own.
template <class Study>
consteval bool has_defence() {
  using Subject =
      defend::Subject<typename Study::NetType, typename Study::EncodingType, learn::NoOrigin>;
  return []<class... Stage>(const std::tuple<Stage...>* /*stages*/) {
    return ((defend::Detector<Stage> || defend::Repair<Stage, Subject>) || ...);
  }(static_cast<const typename Study::StagesType*>(nullptr));
}

/// Parts the training samples of an experiment from those of its defender.
template <class Study, data::Dataset Set>
TrainingParts<Set> part_training(const Settings& settings, const Set& train) {
  const double share = settings.held_out.value_or(has_defence<Study>() ? 0.05 : 0.0);
  if (share == 0.0)
    return {limit(train, settings.samples, settings.seed), data::Subset<Set>{train, {}}};
  TrainingPlaces places = training_places(train, settings.samples, share, settings.seed);
  return {data::Subset<Set>{train, std::move(places.training)},
          data::Subset<Set>{train, std::move(places.held_out)}};
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
    study.trigger.fit(part_training<Study>(settings, train).training);
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
  data::Subset<Set> held_out;  ///< clean, for the defender; empty if there is none
  data::Subset<Set> test;
  typename Parts::Test triggered;

  /// @param study with the overrides of the settings
  static Material load(const Settings& settings, const Study& study) {
    const Set train{data::Part::train, settings.data};
    const Set test{data::Part::test, settings.data};
    const auto tested = limit(test, settings.test_samples, settings.seed);
    auto [training, held_out] = part_training<Study>(settings, train);
    return {train,
            test,
            typename Parts::Train{training,
                                  {settings.poisoning_rate, settings.mode, settings.seed},
                                  study.trigger,
                                  study.relabel,
                                  study.selector},
            held_out,
            tested,
            typename Parts::Test{tested, poison::testing_trigger(study.trigger), study.relabel}};
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
