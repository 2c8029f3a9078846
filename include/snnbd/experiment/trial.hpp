#pragma once

#include <algorithm>
#include <string>
#include <type_traits>

#include <snnbd/experiment/outcome.hpp>
#include <snnbd/network/checkpoint.hpp>
#include <snnbd/network/initialise.hpp>

/// What one run of training comes to: a network that was trained and measured.
namespace snnbd::inline SNNBD_ISA::detail {

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

/// Where the checkpoint of a run is kept; empty for none.
std::string checkpoint_path(const Settings& settings, const std::string& stem);

/// Trains a network and gives its record.
///
/// @param title for the progress
/// @param model the network and how images come to it, for the checkpoint
template <class Training, class Net, class Encoding>
learn::TrainRecord train_network(const Training& rule, Net& net, const Encoding& encoding,
                                 data::DatasetView set, const learn::TrainSettings& training,
                                 const learn::Objective& objective, const std::string& title,
                                 Watcher& watcher) {
  const learn::Observer observer =
      watcher.begin(title, rule.template estimate<Net, Encoding>(training),
                    rule.probe(net, encoding, set, training), training, set.size());
  learn::TrainRecord record = rule.fit(net, encoding, set, training, objective, observer);
  watcher.finish();
  return record;
}

/// Adds what training came to.
void add_record(const learn::TrainRecord& record, double& seconds, Outcome& outcome, Trial& trial);

/// How a network and its images are called in a checkpoint.
template <class Net, class Encoding, class Rule>
std::string describe_training(const Rule& rule) {
  return std::string{Net::notation()}
      .append(" of ")
      .append(Encoding::name)
      .append(" images, augmentation ")
      .append(describe_augmentation(rule));
}

/// A trained network and what was measured of it, and of those that it was converted to.
template <class Net>
struct Victim {
  Net net;
  Trial trial;
};

/// The network that a study trains.
template <class Study>
using TrainedIn = learn::TrainedBy<typename Study::RuleType, typename Study::NetType>;

/// Whether a study converts what it trains.
template <class Study>
inline constexpr bool converts = !std::is_same_v<TrainedIn<Study>, typename Study::NetType>;

/// Trains one network and measures it.
template <class Study>
Victim<TrainedIn<Study>> train_victim(const Settings& settings,
                                      const typename Study::RuleType& rule, data::DatasetView train,
                                      const TestSets& tests, bool poisoned, Watcher& watcher) {
  using Rule = typename Study::RuleType;
  using Net = TrainedIn<Study>;
  using Encoding =
      learn::TrainEncodingOf<Rule, typename Study::NetType, typename Study::EncodingType>;
  constexpr std::string_view label = converts<Study> ? "ANN" : Rule::template label<Net>();
  Victim<Net> victim{make_network<Net>(settings), {}};
  Outcome outcome;
  outcome.rule = label;
  outcome.neuron = victim.net.neuron_name();
  if (converts<Study> && poisoned && !settings.pretrained.empty()) {
    network::load(settings.pretrained, victim.net);
  } else {
    learn::TrainSettings training = settings.training();
    training.checkpoint = checkpoint_path(
        settings, file_stem(label, outcome.neuron, poisoned ? settings.poisoning_rate : 0.0));
    training.key.set("experiment",
                     fingerprint(settings, describe_training<Net, Encoding>(rule), poisoned));
    const auto record =
        train_network(rule, victim.net, Encoding{}, train, training,
                      poisoned ? settings.objective : learn::Objective::mixture(),
                      std::string{label} + (poisoned ? " backdoored" : " clean"), watcher);
    add_record(record, outcome.seconds.training, outcome, victim.trial);
  }
  const auto counts = converts<Study> ? std::vector<Index>{1} : step_counts(settings, false);
  add_outcomes(view_of(victim.net, Encoding{}, counts.back()), tests, counts, outcome, watcher,
               victim.trial);
  return victim;
}

}  // namespace snnbd::inline SNNBD_ISA::detail

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/trial.ipp>
#endif
