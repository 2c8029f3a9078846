#pragma once

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include <snnbd/core/file.hpp>
#include <snnbd/experiment/trial.hpp>
#include <snnbd/learn/conversion_report.hpp>
#include <snnbd/report/conversion.hpp>

/// What an artificial network is converted to, and what becomes of that when it is trained further.
namespace snnbd::inline SNNBD_ISA::detail {

/// Whether a rule trains the networks that it converts.
template <class Rule>
inline constexpr bool tunes = requires {
  typename Rule::Tuning;
};

/// Calls `use` with a part of the training set.
///
/// @param samples 0 for all
template <class Dirty, class Use>
void with_training_set(const Settings& settings, const Material<Dirty>& material, bool poisoned,
                       std::size_t samples, const Use& use) {
  const auto& clean = material.dirty.clean();
  if (poisoned) {
    use(limit(material.dirty, std::min(samples, material.dirty.size()), settings.seed));
  } else {
    use(limit(clean, std::min(samples, clean.size()), settings.seed));
  }
}

/// The conversions of one artificial network.
template <class Study>
class ConversionTrial {
 public:
  using Rule = typename Study::RuleType;
  using Encoding = typename Study::EncodingType;
  using Ann = TrainedIn<Study>;
  using Dirty = typename Study::DirtyType;

  ConversionTrial(const Settings& settings, const Rule& rule, const Material<Dirty>& material,
                  const TestSets& tests, Watcher& watcher)
      : settings_{settings}, rule_{rule}, material_{material}, tests_{tests}, watcher_{watcher} {}

  /// Converts by each normalizer, once for each kind of calibration, and measures what comes of it.
  /// A rule that tunes then trains what the first normalizer gave, once for each combination.
  ///
  /// @param combinations what is poisoned; all agree in whether the artificial network was
  /// @param poisoned whether any of them is
  /// @param publish called when there are new outcomes
  template <class Publish>
  void run(const Ann& ann, const std::vector<learn::PoisonedSteps>& combinations, bool poisoned,
           Trial& trial, const Publish& publish) {
    for (const bool calibration : {false, true}) {
      std::vector<learn::PoisonedSteps> group;
      std::copy_if(combinations.begin(), combinations.end(), std::back_inserter(group),
                   [&](const auto& steps) { return steps.calibration == calibration; });
      if (group.empty()) continue;
      with_training_set(
          settings_, material_, calibration, settings_.calibration_samples,
          [&](const auto& set) { convert(ann, set, group, poisoned, trial, publish); });
    }
  }

 private:
  template <class Publish>
  void convert(const Ann& ann, data::DatasetView set,
               const std::vector<learn::PoisonedSteps>& group, bool poisoned, Trial& trial,
               const Publish& publish) {
    bool first = true;
    auto begin = std::chrono::steady_clock::now();
    rule_.for_each_conversion(
        ann, set, Encoding{}, settings_.batch_size, [&](const auto& converted) {
          Outcome outcome = begun(trial);
          outcome.rule = "LR_C";
          outcome.neuron = converted.net.neuron_name();
          outcome.normalizer = converted.record.normalizer;
          outcome.seconds.conversion =
              std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
          for (const auto& layer : converted.record.layers)
            outcome.thresholds.push_back(layer.threshold);
          auto counts = step_counts(settings_, true);
          if constexpr (tunes<Rule>) {
            outcome.poisoned_steps = group.front();
            outcome.poisoned_steps->tuning = false;
            if (first && settings_.timesteps < counts.back()) add_step(settings_.timesteps, counts);
          }
          if (settings_.report_samples > 0)
            describe(ann, converted, group.front(), poisoned, counts.back());
          add_outcomes(view_of(converted.net, Encoding{}, counts.back()), tests_, counts, outcome,
                       watcher_, trial);
          publish();
          if constexpr (tunes<Rule>) {
            if (first)
              for (const auto& steps : group) {
                tune(rule_.tuning.begin(converted.net), outcome, steps, poisoned, trial);
                publish();
              }
          }
          first = false;
          begin = std::chrono::steady_clock::now();
        });
  }

  /// Writes why a converted network does what it does, layer by layer.
  template <class Net>
  void describe(const Ann& ann, const learn::ConversionResult<Net>& converted,
                const learn::PoisonedSteps& steps, bool poisoned, Index timesteps) const {
    const auto set = limit(
        material_.test, std::min(settings_.report_samples, material_.test.size()), settings_.seed);
    const learn::ConversionReport found =
        learn::conversion_report(ann, converted, set, Encoding{}, timesteps, settings_.batch_size);
    write_file_atomically(
        settings_.out + "/conversions/" +
            file_stem(steps.calibration ? "calibrated_on_poison" : "calibrated_clean",
                      converted.record.normalizer, poisoned ? settings_.poisoning_rate : 0.0) +
            ".txt",
        report::to_text(found));
  }

  /// An outcome that knows how long the artificial network was trained.
  static Outcome begun(const Trial& trial) {
    Outcome outcome;
    outcome.seconds.training = trial.outcomes.front().seconds.training;
    outcome.last_epoch = trial.outcomes.front().last_epoch;
    return outcome;
  }

  static void add_step(Index steps, std::vector<Index>& counts) {
    const auto place = std::lower_bound(counts.begin(), counts.end(), steps);
    if (*place != steps) counts.insert(place, steps);
  }

  /// Trains a converted network further and measures it.
  ///
  /// @param outcome of the conversion
  template <class Net>
  void tune(Net net, Outcome outcome, const learn::PoisonedSteps& steps, bool poisoned,
            Trial& trial) {
    outcome.rule = "LR_H";
    outcome.neuron = net.neuron_name();
    outcome.poisoned_steps = steps;
    outcome.tuned = true;
    learn::TrainSettings training = settings_.tuning();
    training.checkpoint =
        checkpoint_path(settings_, file_stem("lr_h-" + steps.name(), outcome.normalizer,
                                             poisoned ? settings_.poisoning_rate : 0.0));
    training.key.set("experiment",
                     tuning_fingerprint(settings_,
                                        describe_training<Net, Encoding>(rule_.tuning.training)
                                            .append(", reading ")
                                            .append(Rule::Tuning::name)
                                            .append(", surrogate ")
                                            .append(rule_.tuning.surrogate.name)
                                            .append(", conversion ")
                                            .append(outcome.normalizer),
                                        steps));
    with_training_set(settings_, material_, steps.tuning, 0, [&](const auto& set) {
      const auto record =
          train_network(rule_.tuning.training, net, Encoding{}, set, training,
                        steps.tuning ? settings_.tuning_objective : learn::Objective::mixture(),
                        "LR_H " + steps.name(), watcher_);
      add_record(record, outcome.seconds.tuning, outcome, trial);
    });
    const auto counts = step_counts(settings_, false);
    add_outcomes(view_of(net, Encoding{}, counts.back()), tests_, counts, outcome, watcher_, trial);
  }

  const Settings& settings_;
  const Rule& rule_;
  const Material<Dirty>& material_;
  const TestSets& tests_;
  Watcher& watcher_;
};

}  // namespace snnbd::inline SNNBD_ISA::detail
