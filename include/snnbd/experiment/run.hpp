#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <snnbd/experiment/trial.hpp>
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
      if (settings_.clean_control && !control_) control_ = train(material, tests, false);
      if (rate > 0.0) train(material, tests, true);
    }
  }

 private:
  using Net = typename Study::NetType;
  using Dirty = typename Study::DirtyType;

  Trial train(const Material<Dirty>& material, const TestSets& tests, bool poisoned) {
    const data::DatasetView set =
        poisoned ? data::DatasetView{material.dirty} : data::DatasetView{material.dirty.clean()};
    Trial trial = attempt<Study>(settings_, material, tests, set, rule_, poisoned, watcher_);
    for (std::size_t number = 0; number < trial.outcomes.size(); ++number) {
      report::Cell cell = make_cell(settings_, trial, number, poisoned, control_, tests);
      cell.dataset = Dirty::name;
      cell.model = Net::notation();
      cell.trigger = material.dirty.ledger().trigger;
      if constexpr (requires { material.dirty.relabel().target; }) cell.target = settings_.target;
      cell.extra.set("encoding", Study::EncodingType::name)
          .set("augmentation", describe_augmentation(rule_));
      report_.cells.push_back(std::move(cell));
    }
    publish_();
    if (trial.record.interrupted) throw Error{"interrupted"};
    return trial;
  }

  Settings settings_;
  report::Report& report_;
  Watcher& watcher_;
  const Publish& publish_;
  typename Study::RuleType rule_{};
  std::optional<Trial> control_;
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
