#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <snnbd/core/key.hpp>
#include <snnbd/data/content.hpp>
#include <snnbd/experiment/material.hpp>
#include <snnbd/experiment/trained_networks.hpp>
#include <snnbd/experiment/watcher.hpp>
#include <snnbd/learn/training/interrupt.hpp>
#include <snnbd/network/checkpoint.hpp>
#include <snnbd/network/initialize.hpp>
#include <snnbd/network/map_layers.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

/// `lr_b-lif-clean` or, with the poisoning rate, `lr_b-lif-backdoored-0.1`, for names of files.
///
/// @param poisoning_rate 0 for what is clean
std::string file_stem(std::string_view rule, std::string_view neuron, double poisoning_rate);

/// What a learning rule is given: the training data, clean and poisoned, the encoding and the
/// network of its experiment, and whatever trains networks, keeps their checkpoints and shows
/// progress.
///
/// @tparam Study an `Experiment`
template <class Study>
class Context {
 public:
  using Net = typename Study::NetType;
  using Encoding = typename Study::EncodingType;

  /// What a context looks at; all of it must outlive it.
  struct Parts {
    const Settings& settings;
    const Study& study;
    const Material<Study>& material;
    const std::string& clean_content;  ///< see `data::content_checksum`
    const std::string& poisoned_content;
    Watcher& watcher;
    TrainedNetworks& networks;
  };

  /// @param poisoned whether the attacker is at work, or the clean control is wanted
  Context(const Parts& parts, bool poisoned)
      : parts_{parts}, poisoned_{poisoned}, training_{parts.settings.training()} {}

  /// Whether models with poison are wanted, or the clean control.
  [[nodiscard]] bool poisoned() const { return poisoned_; }
  /// Whether there is a clean control in this experiment.
  [[nodiscard]] bool has_clean_control() const { return parts_.settings.clean_control; }
  [[nodiscard]] const Encoding& encoding() const { return parts_.study.encoding; }
  [[nodiscard]] const Net& network() const { return parts_.study.network; }
  /// What training of every network begins with.
  [[nodiscard]] const learn::TrainSettings& settings() const { return training_; }

  /// How poisoned and clean samples count in the loss of a network that is trained on poison.
  [[nodiscard]] const learn::Objective& objective() const { return parts_.settings.objective; }

  /// The training set. It lives as long as the context.
  [[nodiscard]] data::DatasetView training_set(bool poisoned) const {
    if (poisoned) return parts_.material.dirty;
    return parts_.material.dirty.clean();
  }

  /// Calls `use` with a part of the training set, even over its classes.
  ///
  /// @param samples 0 for all
  template <class Use>
  void with_calibration(bool poisoned, std::size_t samples, const Use& use) const {
    parts_.material.with_training(poisoned, samples, parts_.settings.seed, use);
  }

  /// The step counts after which a model is measured, the last of them its whole sequence.
  [[nodiscard]] std::vector<Index> step_counts(Index whole) const {
    std::vector<Index> counts;
    for (const Index steps : parts_.settings.also_after)
      if (steps < whole) counts.push_back(steps);
    std::sort(counts.begin(), counts.end());
    counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
    counts.push_back(whole);
    return counts;
  }

  /// A network of the settings of the experiment's own, with initial parameters: those that it was
  /// given, or drawn from the seed if it was given none.
  ///
  /// @tparam Wanted the experiment's type of network, or one of the same layout, as its `AnnTwin`
  template <class Wanted>
  [[nodiscard]] Wanted initial() const {
    const Net& own = network();
    if (!std::ranges::equal(own.parameters(), Net{}.parameters())) {
      if constexpr (std::is_same_v<Wanted, Net>)
        return own;
      else
        return network::transfer<Wanted>(own);
    }
    Wanted net;
    network::copy_settings(own, net);
    network::initialize(net, parts_.settings.seed);
    return net;
  }

  /// Trains a network, or takes the one that was trained under the same key before: in this run, or
  /// in an earlier one that kept a checkpoint.
  ///
  /// @param rule as `learn::LearningRule`
  /// @param label what progress, reports and files call it
  /// @param poisoned whether it is trained on the poisoned set
  /// @throws learn::Interrupted that says where it stands
  template <class Training, class Subject, class Code>
  [[nodiscard]] Trained<Subject> train(const Training& rule, Subject net, const Code& code,
                                       std::string_view label, bool poisoned) const {
    return train(rule, std::move(net), code, label, poisoned, parts_.settings.epochs,
                 parts_.settings.objective);
  }

  /// The same with epochs and an objective of its own.
  ///
  /// @param objective of training with poison; without, every sample counts the same
  template <class Training, class Subject, class Code>
  [[nodiscard]] Trained<Subject> train(const Training& rule, Subject net, const Code& code,
                                       std::string_view label, bool poisoned, int epochs,
                                       const learn::Objective& objective) const {
    const learn::Objective counted = poisoned ? objective : learn::Objective::mixture();
    learn::TrainSettings training = training_;
    training.epochs = epochs;
    Key key;
    key.set("version", SNNBD_VERSION_STRING)
        .add("rule", rule)
        .add("objective", counted)
        .add("network", net)
        .add("encoding", code)
        .add("epochs", training.epochs)
        .add("batch_size", training.batch_size)
        .add("timesteps", training.timesteps)
        .add("seed", training.seed)
        .add("memory_budget", training.memory_budget)
        .set("training_set", poisoned ? parts_.poisoned_content : parts_.clean_content);
    if (const auto* known = parts_.networks.template find<Subject>(key)) return *known;

    const double rate = poisoned ? parts_.settings.poisoning_rate : 0.0;
    if (parts_.settings.checkpoints && !parts_.settings.out.empty())
      training.checkpoint = parts_.settings.out + "/checkpoints/" +
                            file_stem(label, net.neuron_name(), rate) + '-' + key.digest() +
                            ".safetensors";
    training.key.add("rule", rule);
    const data::DatasetView set = training_set(poisoned);
    std::string title{label};
    title.append(" of ").append(short_notation<Subject>());
    title += poisoned ? ", poisoning rate " + value_text(rate) : std::string{", clean"};
    learn::TrainRecord record;
    {
      const learn::Observer observer =
          parts_.watcher.begin(title, rule.template estimate<Subject, Code>(training),
                               rule.probe(net, code, set, training), training, set.size());
      record = rule.fit(net, code, set, training, counted, observer);
    }
    if (record.interrupted) {
      parts_.watcher.stop();
      end_interrupted(title, record, training);
    }
    parts_.watcher.finish();

    Trained<Subject> trained{std::move(net), {}};
    learn::Facts& facts = trained.facts;
    facts.rule = label;
    facts.neuron = trained.net.neuron_name();
    facts.poisoned = poisoned;
    for (const learn::EpochRecord& epoch : record.epochs) facts.seconds.training += epoch.seconds;
    if (!record.epochs.empty()) facts.last_epoch = record.epochs.back();
    if (!record.warning.empty()) facts.warnings.push_back(record.warning);
    facts.key.add("training", rule);
    if (poisoned) facts.key.add("poison.training", true).add("poison.objective", counted);
    parts_.networks.keep(key, trained, !poisoned);
    return trained;
  }

  /// A network from a file in place of one that is trained on poison.
  ///
  /// @throws Error if the file is missing, damaged or of another network
  template <class Subject>
  [[nodiscard]] Trained<Subject> load(const std::string& path) const {
    Trained<Subject> loaded{initial<Subject>(), {}};
    network::load(path, loaded.net);
    learn::Facts& facts = loaded.facts;
    facts.neuron = loaded.net.neuron_name();
    facts.poisoned = true;
    facts.key.add("poison.training", true).add("poison.pretrained", loaded.net);
    return loaded;
  }

 private:
  /// A network's notation, cut so that a line of progress stays one.
  template <class Subject>
  static std::string short_notation() {
    constexpr std::size_t most = 40;
    std::string notation = Subject::notation();
    if (notation.size() > most) notation = notation.substr(0, most - 3) + "...";
    return notation;
  }

  [[noreturn]] static void end_interrupted(const std::string& title,
                                           const learn::TrainRecord& record,
                                           const learn::TrainSettings& training) {
    const std::string kept =
        training.checkpoint.empty()
            ? "nothing of it is kept, as there are no checkpoints (Settings::checkpoints, "
              "--checkpoints)"
            : "what is finished is kept in '" + training.checkpoint + "'";
    throw learn::Interrupted{"interrupted: " + title + ", " + std::to_string(record.epochs.size()) +
                             " of " + std::to_string(training.epochs) + " epochs finished; " +
                             kept};
  }

  Parts parts_;
  bool poisoned_;
  learn::TrainSettings training_;
};

}  // namespace snnbd::inline SNNBD_ISA::experiment

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/context.ipp>
#endif
