#pragma once

#include <concepts>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include <snnbd/data/augment.hpp>
#include <snnbd/data/subset.hpp>
#include <snnbd/experiment/settings.hpp>
#include <snnbd/learn/rule.hpp>
#include <snnbd/network/view.hpp>
#include <snnbd/poison/triggered.hpp>
#include <snnbd/report/record.hpp>

namespace snnbd::inline SNNBD_ISA {

/// One experiment in types: which data are poisoned how, how they are encoded, which network is the
/// victim and how it learns.
///
/// ```cpp
/// using Dirty = poison::Poisoned<data::Mnist, poison::PixelPatch<>, poison::AllToOne>;
/// using Study = Experiment<Dirty, encode::Direct, Net, learn::Bptt<>>;
/// report::Console console;
/// run<Study>({.epochs = 3, .poisoning_rate = 0.05}, console);
/// ```
///
/// @tparam Dirty a `poison::Poisoned<Set, Trigger, Relabel, Selector>`
template <class Dirty, encode::Encoder Encoding, class Net, class Rule>
struct Experiment {
  using DirtyType = Dirty;
  using EncodingType = Encoding;
  using NetType = Net;
  using RuleType = Rule;
};

namespace detail {

/// Told what goes on while experiments run: the title and size of the next piece of work, and then
/// how far it has come.
class Watcher {
 public:
  explicit Watcher(report::ProgressMode mode) : mode_{mode} {}

  /// @param seconds how long it is expected to take
  learn::Observer begin(const std::string& title, const learn::TrainEstimate& estimate,
                        double seconds, const learn::TrainSettings& settings, std::size_t samples);
  void finish();

  /// Shows how far a network is measured, if that takes more than a moment.
  ///
  /// @param samples of all sets together
  [[nodiscard]] NetworkView::Observer measuring(const std::string& title,
                                                std::size_t samples) const;

 private:
  report::ProgressMode mode_;
  std::shared_ptr<report::Progress> progress_;
};

/// Makes the folder for results, so that a run does not end with nowhere to put them.
///
/// @throws Error if it cannot be made
void prepare_folder(const std::string& path);

/// `lr_b-lif-clean` or, with the poisoning rate, `lr_b-lif-backdoored-0.1`, for file names.
std::string file_stem(std::string_view rule, std::string_view neuron, double poisoning_rate);

/// What a checkpoint must have been made with to go on from it.
///
/// @param model the network, and how images come to it
std::string fingerprint(const Settings& settings, const std::string& model, bool poisoned);

/// The same for a converted network that is trained further.
std::string tuning_fingerprint(const Settings& settings, const std::string& model,
                               const learn::PoisonedSteps& steps);

/// A summary of a ledger.
report::Fields summarise(const poison::Ledger& ledger);

template <class Set>
report::DataSource describe_source(const Set& set, std::string_view part) {
  report::DataSource source;
  source.name = std::string{Set::name} + ' ' + std::string{part};
  if constexpr (requires { set.checksum(); }) {
    char text[32];
    std::snprintf(text, sizeof(text), "crc32:%08x", static_cast<unsigned>(set.checksum()));
    source.checksum = text;
  }
  if constexpr (requires { std::string{set.source()}; }) source.source = set.source();
  if constexpr (requires { set.is_embedded(); }) {
    if (set.is_embedded()) source.source = "embedded";
  }
  return source;
}

/// How a rule varies images before it trains on them.
template <class Rule>
std::string describe_augmentation(const Rule& rule) {
  const auto& training = learn::training_of(rule);
  if constexpr (requires { data::describe(training.augment); })
    return data::describe(training.augment);
  else
    return std::string{data::NoAugmentation::name};
}

template <class Set>
Set load(data::Part part, const std::string& directory) {
  static_assert(std::constructible_from<Set, data::Part, std::string>,
                "snnbd: a data set for an experiment is made from (data::Part, directory)");
  return Set{part, directory};
}

template <data::Dataset Set>
data::Subset<Set> limit(const Set& set, std::size_t samples, std::uint64_t seed) {
  return samples == 0 ? data::first(set, set.size()) : data::take(set, samples, seed);
}

template <class>
struct PoisonedParts;
template <class Set, class Mark, class Rule, class Choice>
struct PoisonedParts<poison::Poisoned<Set, Mark, Rule, Choice>> {
  using Clean = Set;
  using Train = poison::Poisoned<data::Subset<Set>, Mark, Rule, Choice>;
  using Test = poison::Triggered<data::Subset<Set>, Mark, Rule>;

  static Mark trigger(const Settings& settings) {
    Mark mark{};
    if constexpr (requires { mark.size = 1; }) mark.size = settings.trigger_size;
    if constexpr (requires { mark.offset = poison::Offset{}; })
      mark.offset = settings.trigger_offset;
    if constexpr (requires { mark.seed = std::uint64_t{1}; }) mark.seed = settings.seed;
    return mark;
  }
  static Rule relabel(const Settings& settings) {
    Rule rule{};
    if constexpr (requires { rule.target = 1; }) rule.target = settings.target;
    return rule;
  }
};

/// The data of one experiment, loaded and poisoned.
template <class Dirty>
struct Material {
  using Parts = PoisonedParts<Dirty>;
  typename Parts::Clean train_source;
  typename Parts::Clean test_source;
  typename Parts::Train dirty;
  data::Subset<typename Parts::Clean> test;
  typename Parts::Test triggered;

  static Material load(const Settings& settings) {
    using Set = typename Parts::Clean;
    const Set train = detail::load<Set>(data::Part::train, settings.data);
    const Set test = detail::load<Set>(data::Part::test, settings.data);
    const auto mark = Parts::trigger(settings);
    const auto rule = Parts::relabel(settings);
    const auto tested = limit(test, settings.test_samples, settings.seed);
    return {train, test,
            typename Parts::Train{limit(train, settings.samples, settings.seed),
                                  {settings.poisoning_rate, settings.mode, settings.seed},
                                  mark,
                                  rule},
            tested, typename Parts::Test{tested, mark, rule}};
  }
};

}  // namespace detail
}  // namespace snnbd::inline SNNBD_ISA

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/experiment.ipp>
#endif
