#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <snnbd/experiment/experiment.hpp>
#include <snnbd/experiment/overrides.hpp>
#include <snnbd/experiment/study_run.hpp>
#include <snnbd/report/manifest.hpp>
#include <snnbd/report/settings.hpp>

namespace snnbd::inline SNNBD_ISA {

namespace experiment {

template <class Type>
inline constexpr bool is_experiment = false;
template <class Dirty, class Encoding, class Net, class Rule, class... Stages>
inline constexpr bool is_experiment<Experiment<Dirty, Encoding, Net, Rule, Stages...>> = true;

/// Whether nothing has been said of a part yet.
template <class Part>
inline constexpr bool is_whole = true;
template <class Dirty, class Encoding, class Net, class Rule, class... Stages>
inline constexpr bool is_whole<Experiment<Dirty, Encoding, Net, Rule, Stages...>> =
    is_poisoned<Dirty>;

template <class Sink>
void publish_to(Sink& sink, const report::Report& report, bool complete) {
  constexpr bool waits = requires {
    requires Sink::only_complete;
  };
  if (complete == waits) sink.write(report);
}

/// Adds the settings that members of a rule list; of several rules the last one's stay.
template <class Rule>
void add_rule_settings(const Rule& rule, report::Fields& fields) {
  members::for_each(rule, [&](std::string_view /*name*/, const auto& member) {
    if constexpr (SettingsList<std::remove_cvref_t<decltype(member)>>)
      report::add_settings(member, fields);
  });
}

/// Puts the steps that came from the frames of samples in the place of the settings' default; one
/// for each experiment, if they differ.
inline void report_timesteps(const std::vector<Index>& steps, report::Fields& settings) {
  if (std::ranges::all_of(steps, [&](Index each) { return each == steps.front(); }))
    settings.set("timesteps", steps.front());
  else
    settings.set("timesteps", std::vector<double>(steps.begin(), steps.end()));
}

/// Runs experiments one after another.
template <class... Studies, class... Sinks>
report::Report run_all(const Settings& settings, const std::vector<double>& rates,
                       std::tuple<Studies...> studies, const std::tuple<Sinks&...>& sinks) {
  if (settings.threads > 0) set_thread_count(settings.threads);
  for (const double rate : rates) {
    Settings one = settings;
    one.poisoning_rate = rate;
    one.check();
    if (rate == 0.0 && !settings.clean_control)
      reject("poisoning rate", "a rate above 0, or a clean control", rate);
  }
  Record record;
  report::Report& report = record.report;
  report.experiment = settings.experiment;
  report.settings = settings.fields();
  if (rates.size() != 1) report.settings.set("poisoning_rate", rates);
  report.manifest = report::describe_run();
  report.manifest.seed = settings.seed;
  record.publish = [&] {
    std::apply([&](auto&... sink) { (publish_to(sink, report, false), ...); }, sinks);
  };
  Overrides overrides{settings};
  std::apply([&](auto&... study) { (overrides.apply(study), ...); }, studies);
  overrides.check_used();

  Watcher watcher{settings.progress};
  TrainedNetworks networks;
  Key key;
  key.set("experiment", settings.experiment)
      .add("poisoning_rates", rates)
      .add("also_after", settings.also_after)
      .add("clean_control", settings.clean_control);
  std::apply(
      [&](const auto&... study) {
        (add_rule_settings(study.rule, report.settings), ...);
        std::tuple<StudyRun<std::remove_cvref_t<decltype(study)>>...> runs{
            StudyRun{settings, study, watcher, record, networks}...};
        std::apply(
            [&](auto&... one) {
              report_timesteps({one.timesteps()...}, report.settings);
              const Index longest = std::max({one.longest()...});
              for (const Index steps : settings.also_after)
                if (steps > longest)
                  reject("also after", "steps of at most " + std::to_string(longest), steps);
              std::size_t number = 0;
              (key.add("study." + std::to_string(number++), one.prepare()), ...);
              if (!settings.out.empty()) take_folder(settings.out, key, settings.overwrite);
              (one.run(rates), ...);
            },
            runs);
      },
      studies);
  std::apply([&](auto&... sink) { (publish_to(sink, report, true), ...); }, sinks);
  return std::move(report);
}

/// Refuses what cannot be a sink.
template <class Part>
consteval void check_sink() {
  static_assert(report::Sink<Part>,
                "snnbd: what run() takes behind settings and experiments is a sink, such as "
                "report::Console, and run<Study>() takes sinks alone behind the settings");
}

/// Parts experiments from sinks.
template <class... Parts>
report::Report run_parts(const Settings& settings, const std::vector<double>& rates,
                         Parts&&... parts) {
  constexpr bool any = (is_experiment<std::remove_cvref_t<Parts>> || ...);
  static_assert(any,
                "snnbd: run() takes at least one experiment: run(settings, study, sinks...), or "
                "run<Study>(settings, sinks...)");
  const auto study_of = [](auto& part) {
    if constexpr (is_experiment<std::remove_cvref_t<decltype(part)>>)
      return std::tuple{part};
    else
      return std::tuple<>{};
  };
  const auto sink_of = [](auto& part) {
    using Part = std::remove_reference_t<decltype(part)>;
    if constexpr (is_experiment<std::remove_cvref_t<Part>>) {
      return std::tuple<>{};
    } else {
      check_sink<Part>();
      if constexpr (report::Sink<Part>)
        return std::tuple<Part&>{part};
      else
        return std::tuple<>{};
    }
  };
  if constexpr (any && (is_whole<std::remove_cvref_t<Parts>> && ...))
    return run_all(settings, rates, std::tuple_cat(study_of(parts)...),
                   std::tuple_cat(sink_of(parts)...));
  else
    return {};
}

/// Runs experiments of defaults.
template <class... Studies, class... Sinks>
report::Report run_types(const Settings& settings, const std::vector<double>& rates,
                         Sinks&... sinks) {
  (check_sink<Sinks>(), ...);
  if constexpr ((report::Sink<Sinks> && ...) && (is_whole<Studies> && ...))
    return run_all(settings, rates, std::tuple<Studies...>{}, std::tuple<Sinks&...>{sinks...});
  else
    return {};
}

}  // namespace experiment

/// Runs experiments one after another, each at some poisoning rates: for each experiment a clean
/// control, if the settings ask for one, and what its rule comes to on the poisoned set for each
/// rate above 0. Each model goes through the experiment's stages, and then the whole report so far
/// goes to every sink.
///
/// ```cpp
/// Study study{.trigger = {.size = 3}};
/// run_over_rates({.epochs = 3}, {0.01, 0.05, 0.1}, study, console);
/// ```
///
/// @param rates poisoning rates, shares from 0 to 1, in place of the settings' own
/// @param parts `Experiment` values, and behind them sinks, such as report::Console, report::Json
/// @returns the report
/// @throws Error if a setting is out of range or set twice, data are missing or damaged, the folder
///   for results holds those of another run; learn::Interrupted if somebody asked for an end
template <class... Parts>
report::Report run_over_rates(const Settings& settings, const std::vector<double>& rates,
                              Parts&&... parts) {
  return experiment::run_parts(settings, rates, parts...);
}

/// The same for experiments whose parts have their defaults: `run_over_rates<Study>(...)`.
///
/// @tparam Studies `Experiment` types
template <class... Studies, class... Sinks>
requires(sizeof...(Studies) > 0 && (experiment::is_experiment<Studies> && ...)) report::Report
    run_over_rates(const Settings& settings, const std::vector<double>& rates, Sinks&&... sinks) {
  return experiment::run_types<Studies...>(settings, rates, sinks...);
}

/// Says what is wrong where the settings do not come first. Not for `run<Study>({}, sinks...)`.
template <class First, class... Others>
requires(!std::is_convertible_v<First, const Settings&> &&
         !experiment::is_experiment<First>) report::Report
    run_over_rates(First&& /*first*/, Others&&... /*others*/) {
  static_assert(std::is_void_v<First>,
                "snnbd: run_over_rates() takes settings, rates, experiments and then sinks, in "
                "this order");
  return {};
}

/// Runs experiments one after another at the settings' poisoning rate; see `run_over_rates`.
template <class... Parts>
report::Report run(const Settings& settings, Parts&&... parts) {
  return experiment::run_parts(settings, {settings.poisoning_rate}, parts...);
}

/// The same for experiments whose parts have their defaults: `run<Study>(settings, console)`.
template <class... Studies, class... Sinks>
requires(sizeof...(Studies) > 0 && (experiment::is_experiment<Studies> && ...)) report::Report
    run(const Settings& settings, Sinks&&... sinks) {
  return experiment::run_types<Studies...>(settings, {settings.poisoning_rate}, sinks...);
}

/// Says what is wrong where the settings do not come first. Not for `run<Study>({}, sinks...)`.
template <class First, class... Others>
requires(!std::is_convertible_v<First, const Settings&> &&
         !experiment::is_experiment<First>) report::Report
    run(First&& /*first*/, Others&&... /*others*/) {
  static_assert(std::is_void_v<First>,
                "snnbd: run() takes settings, experiments and then sinks, in this order");
  return {};
}

}  // namespace snnbd::inline SNNBD_ISA
