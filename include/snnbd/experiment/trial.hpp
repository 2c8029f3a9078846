#pragma once

#include <algorithm>
#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include <snnbd/experiment/experiment.hpp>
#include <snnbd/experiment/measure.hpp>
#include <snnbd/network/initialise.hpp>

/// What one run of training comes to: a network, or an artificial network and those that it was
/// converted to, each measured.
namespace snnbd::inline SNNBD_ISA::detail {

/// A network that was measured after a number of steps.
struct Outcome {
  std::string rule;
  std::string neuron;
  std::string normalizer;  ///< empty if the network was not converted
  Index timesteps = 0;
  Predictions predictions;
  Measurement measurement;
  double conversion_seconds = 0.0;
  std::vector<double> thresholds;  ///< of a converted network's layers
};

struct Trial {
  learn::TrainRecord record;
  std::vector<Outcome> outcomes;  ///< of a rule that converts, the artificial network's first
};

/// After how many steps a network is measured, the last of them its whole sequence.
std::vector<Index> step_counts(const Settings& settings, bool converted);

/// Measures a network after some numbers of steps and adds a copy of `outcome` for each of them.
void add_outcomes(const NetworkView& model, const TestSets& tests,
                  std::span<const Index> step_counts, const Outcome& outcome, Trial& trial);

/// The cell of outcome number `number` of a trial.
///
/// @param control the trial of the clean control, if there was one
report::Cell make_cell(const Settings& settings, const Trial& trial, std::size_t number,
                       bool poisoned, const std::optional<Trial>& control, const TestSets& tests);

/// A network of the settings' thresholds and time constants, with initial parameters.
template <class Net>
Net make_network(const Settings& settings) {
  Net net;
  if (settings.threshold) net.set_threshold(*settings.threshold);
  net.for_each_neuron([&](auto& neuron) {
    if constexpr (requires { neuron.tau; }) {
      if (settings.tau) neuron.tau = *settings.tau;
    }
  });
  network::initialise(net, settings.seed);
  return net;
}

/// Converts an artificial network and measures what comes of it.
///
/// @param calibration what the normalizers look at
template <class Encoding, class Rule, class Ann>
void convert_and_measure(const Settings& settings, const Rule& rule, const Ann& ann,
                         data::DatasetView calibration, const TestSets& tests, Trial& trial) {
  const auto counts = step_counts(settings, true);
  auto begin = std::chrono::steady_clock::now();
  rule.for_each_conversion(
      ann, calibration, Encoding{}, settings.batch_size, [&](const auto& converted) {
        Outcome outcome;
        outcome.rule = Rule::template label<Ann>();
        outcome.neuron = converted.net.neuron_name();
        outcome.normalizer = converted.record.normalizer;
        outcome.conversion_seconds =
            std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
        for (const auto& layer : converted.record.layers)
          outcome.thresholds.push_back(layer.threshold);
        add_outcomes(view_of(converted.net, Encoding{}, counts.back()), tests, counts, outcome,
                     trial);
        begin = std::chrono::steady_clock::now();
      });
}

/// Calls `use` with the set that conversions are calibrated on.
///
/// @param poisoned whether the training set is
template <class Dirty, class Use>
void with_calibration_set(const Settings& settings, const Material<Dirty>& material, bool poisoned,
                          const Use& use) {
  const auto& clean = material.dirty.clean();
  if (poisoned && settings.calibration == CalibrationSet::training) {
    use(limit(material.dirty, std::min(settings.calibration_samples, material.dirty.size()),
              settings.seed));
  } else {
    use(limit(clean, std::min(settings.calibration_samples, clean.size()), settings.seed));
  }
}

/// Trains one network and measures it, and what it is converted to.
template <class Study, class Rule, class Dirty>
Trial attempt(const Settings& settings, const Material<Dirty>& material, const TestSets& tests,
              data::DatasetView train, const Rule& rule, bool poisoned, Watcher& watcher) {
  using Net = learn::TrainedBy<Rule, typename Study::NetType>;
  using Encoding = typename Study::EncodingType;
  using TrainEncoding = learn::TrainEncodingOf<Rule, typename Study::NetType, Encoding>;
  const std::string_view label = Rule::template label<Net>();
  Net net = make_network<Net>(settings);

  learn::TrainSettings training = settings.training();
  if (settings.checkpoints && !settings.out.empty()) {
    training.checkpoint =
        settings.out + "/checkpoints/" +
        file_stem(label, net.neuron_name(), poisoned ? settings.poisoning_rate : 0.0) +
        ".safetensors";
    const std::string model = std::string{Net::notation()}
                                  .append(" of ")
                                  .append(TrainEncoding::name)
                                  .append(" images, augmentation ")
                                  .append(describe_augmentation(rule));
    training.fingerprint = fingerprint(settings, model, poisoned);
  }
  const learn::Observer observer =
      watcher.begin(std::string{label} + (poisoned ? " backdoored" : " clean"),
                    rule.template estimate<Net, TrainEncoding>(training),
                    rule.probe(net, TrainEncoding{}, train, training), training, train.size());
  Trial trial;
  trial.record = rule.fit(net, TrainEncoding{}, train, training,
                          poisoned ? settings.objective : learn::Objective::mixture(), observer);
  constexpr bool converts = !std::is_same_v<Net, typename Study::NetType>;
  Outcome outcome;
  outcome.rule = converts ? "ANN" : label;
  outcome.neuron = net.neuron_name();
  const auto counts = converts ? std::vector<Index>{1} : step_counts(settings, false);
  add_outcomes(view_of(net, TrainEncoding{}, counts.back()), tests, counts, outcome, trial);
  if constexpr (converts)
    with_calibration_set(settings, material, poisoned, [&](const auto& calibration) {
      convert_and_measure<Encoding>(settings, rule, net, calibration, tests, trial);
    });
  watcher.finish();
  return trial;
}

}  // namespace snnbd::inline SNNBD_ISA::detail

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/trial.ipp>
#endif
