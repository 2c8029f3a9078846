#pragma once

#include <algorithm>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <snnbd/experiment/conversion_trial.hpp>
#include <snnbd/report/manifest.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace detail {

template <class Sink>
void publish_to(Sink& sink, const report::Report& report, bool complete) {
  constexpr bool waits = requires {
    requires Sink::only_complete;
  };
  if (complete == waits) sink.write(report);
}

/// One experiment at some poisoning rates; the clean control serves all of them.
template <class Study, class Publish>
class StudyRun {
 public:
  StudyRun(const Settings& settings, report::Report& report, Watcher& watcher,
           const Publish& publish)
      : settings_{settings}, report_{report}, watcher_{watcher}, publish_{publish} {
    auto& training = learn::training_of(rule_);
    if constexpr (requires { training.optimiser.rate; }) {
      if (settings.learning_rate > 0.0) training.optimiser.rate = settings.learning_rate;
    }
    if constexpr (tunes<Rule>) {
      auto& tuning = rule_.tuning;
      if (settings.threshold_factor) tuning.threshold_factor = *settings.threshold_factor;
      if constexpr (requires { tuning.training.optimiser.rate; }) {
        if (settings.tuning_learning_rate > 0.0)
          tuning.training.optimiser.rate = settings.tuning_learning_rate;
      }
    }
  }

  void run(std::span<const double> rates) {
    for (const double rate : rates) {
      settings_.poisoning_rate = rate;
      const auto material = Material<Dirty>::load(settings_);
      if (report_.cells.empty()) {
        report_.manifest.data = {describe_source(material.train_source, "train"),
                                 describe_source(material.test_source, "test")};
        report_.ledger = summarise(material.dirty.ledger());
      }
      const TestSets tests{material.test, material.triggered};
      if (!clean_ && (settings_.clean_control || poisons(false))) {
        clean_ = train(material, tests, false);
        convert(*clean_, without_poison(), material, tests, false);
      }
      if (rate > 0.0) attack(material, tests);
    }
  }

 private:
  using Net = typename Study::NetType;
  using Dirty = typename Study::DirtyType;
  using Rule = typename Study::RuleType;
  using Trained = Victim<TrainedIn<Study>>;
  using Combinations = std::vector<learn::PoisonedSteps>;

  void attack(const Material<Dirty>& material, const TestSets& tests) {
    if (poisons(false)) {
      Trained behind_clean{clean_->net, {{clean_->trial.outcomes.front()}, false}};
      convert(behind_clean, with_poison(false), material, tests, true);
    }
    if (!tunes<Rule> || poisons(true)) {
      Trained victim = train(material, tests, true);
      convert(victim, with_poison(true), material, tests, true);
    }
  }

  /// What is poisoned in a clean control: nothing.
  [[nodiscard]] Combinations without_poison() const {
    if (!tunes<Rule>) return {learn::com1};
    if (!settings_.clean_control) return {};
    Combinations chosen = settings_.combinations;
    std::erase_if(chosen, [](const auto& steps) { return steps.any(); });
    return chosen;
  }

  /// What is poisoned besides the artificial network, or in its place.
  [[nodiscard]] Combinations with_poison(bool ann) const {
    if (!tunes<Rule>)
      return {{.ann = true, .calibration = settings_.calibration == CalibrationSet::training}};
    Combinations chosen = settings_.combinations;
    std::erase_if(chosen, [&](const auto& steps) { return steps.ann != ann || !steps.any(); });
    return chosen;
  }

  /// Whether there are combinations with poison that begin with such an artificial network.
  [[nodiscard]] bool poisons(bool ann) const { return tunes<Rule> && !with_poison(ann).empty(); }

  Trained train(const Material<Dirty>& material, const TestSets& tests, bool poisoned) {
    const data::DatasetView set =
        poisoned ? data::DatasetView{material.dirty} : data::DatasetView{material.dirty.clean()};
    Trained victim = train_victim<Study>(settings_, rule_, set, tests, poisoned, watcher_);
    publish(victim.trial, 0, material, tests, poisoned);
    return victim;
  }

  void convert(Trained& victim, const Combinations& combinations, const Material<Dirty>& material,
               const TestSets& tests, bool poisoned) {
    if constexpr (converts<Study>) {
      std::size_t published = victim.trial.outcomes.size();
      ConversionTrial<Study>{settings_, rule_, material, tests, watcher_}.run(
          victim.net, combinations, poisoned, victim.trial, [&] {
            publish(victim.trial, published, material, tests, poisoned);
            published = victim.trial.outcomes.size();
          });
    }
  }

  /// Adds the outcomes from number `first` on to the report.
  void publish(const Trial& trial, std::size_t first, const Material<Dirty>& material,
               const TestSets& tests, bool poisoned) {
    for (std::size_t number = first; number < trial.outcomes.size(); ++number) {
      report::Cell cell =
          make_cell(settings_, trial, number, poisoned, clean_ ? &clean_->trial : nullptr, tests);
      cell.dataset = Dirty::name;
      cell.model = Net::notation();
      cell.trigger = material.dirty.ledger().trigger;
      if constexpr (requires { material.dirty.relabel().target; }) cell.target = settings_.target;
      cell.extra.set("encoding", Study::EncodingType::name)
          .set("augmentation", describe_augmentation(rule_));
      report_.cells.push_back(std::move(cell));
    }
    publish_();
    if (trial.interrupted) throw Error{"interrupted"};
  }

  Settings settings_;
  report::Report& report_;
  Watcher& watcher_;
  const Publish& publish_;
  typename Study::RuleType rule_{};
  std::optional<Trained> clean_;
};

}  // namespace detail

/// Runs experiments one after another, each at some poisoning rates: for each experiment a clean
/// control, if the settings ask for one, and a backdoored model for each rate above 0; a rule that
/// converts adds a cell for each normalizer. After each model the whole report so far goes to every
/// sink.
///
/// ```cpp
/// run_over_rates<Study>({.epochs = 3}, {0.01, 0.05, 0.1}, console);
/// ```
///
/// @tparam Studies `Experiment` types
/// @param rates poisoning rates, shares from 0 to 1, in place of the settings' own
/// @param sinks such as report::Console, report::Json, report::Csv
/// @returns the report
/// @throws Error if a setting is out of range, data are missing or damaged, or training was
///   interrupted
template <class... Studies, report::Sink... Sinks>
report::Report run_over_rates(const Settings& settings, const std::vector<double>& rates,
                              Sinks&&... sinks) {
  if (settings.threads > 0) set_thread_count(settings.threads);
  for (const double rate : rates) {
    Settings one = settings;
    one.poisoning_rate = rate;
    one.check();
  }
  detail::prepare_folder(settings.out);
  report::Report report;
  report.experiment = settings.experiment;
  report.settings = settings.fields();
  if (rates.size() > 1) report.settings.set("poisoning_rate", rates);
  report.manifest = report::describe_run();
  report.manifest.seed = settings.seed;
  detail::Watcher watcher{settings.progress};
  const auto publish = [&] { (detail::publish_to(sinks, report, false), ...); };
  (detail::StudyRun<Studies, decltype(publish)>{settings, report, watcher, publish}.run(rates),
   ...);
  (detail::publish_to(sinks, report, true), ...);
  return report;
}

/// Runs experiments one after another at the settings' poisoning rate; see `run_over_rates`.
template <class... Studies, report::Sink... Sinks>
report::Report run(const Settings& settings, Sinks&&... sinks) {
  return run_over_rates<Studies...>(settings, {settings.poisoning_rate}, sinks...);
}

}  // namespace snnbd::inline SNNBD_ISA
