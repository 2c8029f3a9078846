#pragma once

#include <snnbd/experiment/experiment.hpp>
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

/// Runs one experiment, clean control and backdoored model, and adds their cells.
template <class Study, class Publish>
void run_study(const Settings& settings, report::Report& report, Watcher& watcher,
               const Publish& publish) {
  using Net = typename Study::NetType;
  using Dirty = typename Study::DirtyType;
  typename Study::RuleType rule{};
  if constexpr (requires { rule.optimiser.rate; }) {
    if (settings.learning_rate > 0.0) rule.optimiser.rate = settings.learning_rate;
  }

  const auto material = Material<Dirty>::load(settings);
  if (report.cells.empty()) {
    report.manifest.data = {describe_source(material.train_source, "train"),
                            describe_source(material.test_source, "test")};
    report.ledger = summarise(material.dirty.ledger());
  }
  std::optional<metric::Rate> clean_rate;
  for (const bool poisoned : {false, true}) {
    if (!poisoned && !settings.clean_control) continue;
    if (poisoned && settings.poisoning_rate == 0.0) continue;
    const data::DatasetView train =
        poisoned ? data::DatasetView{material.dirty} : data::DatasetView{material.dirty.clean()};
    const Trial trial = attempt<Study>(settings, material, train, rule, poisoned, watcher);
    report::Cell cell = make_cell(settings, trial, poisoned);
    cell.rule = Study::RuleType::template label<Net>();
    cell.dataset = Dirty::name;
    cell.model = Net::notation();
    cell.neuron = Net::neuron_name();
    cell.trigger = material.dirty.ledger().trigger;
    if constexpr (requires { material.dirty.relabel().target; }) cell.target = settings.target;
    cell.extra.set("encoding", Study::EncodingType::name)
        .set("augmentation", detail::describe_augmentation(rule));
    if (!poisoned) clean_rate = trial.measurement.attack.all;
    cell.asr_clean_model = clean_rate;
    report.cells.push_back(std::move(cell));
    publish();
    if (trial.record.interrupted) throw Error{"interrupted"};
  }
}

}  // namespace detail

/// Runs experiments one after another: for each a clean control, if the settings ask for one, and
/// the backdoored model. After each model the whole report so far goes to every sink.
///
/// @tparam Studies `Experiment` types
/// @param sinks such as report::Console, report::Json, report::Csv
/// @returns the report
/// @throws Error if a setting is out of range, data are missing or damaged, or training was
///   interrupted
template <class... Studies, report::Sink... Sinks>
report::Report run(const Settings& settings, Sinks&&... sinks) {
  if (settings.threads > 0) set_thread_count(settings.threads);
  settings.check();
  report::Report report;
  report.experiment = settings.experiment;
  report.settings = settings.fields();
  report.manifest = report::describe_run();
  report.manifest.seed = settings.seed;
  detail::Watcher watcher{settings.progress};
  (detail::run_study<Studies>(settings, report, watcher,
                              [&] { (detail::publish_to(sinks, report, false), ...); }),
   ...);
  (detail::publish_to(sinks, report, true), ...);
  return report;
}

}  // namespace snnbd::inline SNNBD_ISA
