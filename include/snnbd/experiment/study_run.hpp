#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <snnbd/data/augment.hpp>
#include <snnbd/experiment/context.hpp>
#include <snnbd/experiment/keys.hpp>
#include <snnbd/learn/training/model.hpp>
#include <snnbd/learn/training/rule.hpp>
#include <snnbd/poison/train_test.hpp>
#include <snnbd/report/record.hpp>
#include <snnbd/stage/concepts.hpp>

namespace snnbd::inline SNNBD_ISA::experiment {

/// Where a run leaves what it finds.
struct Record {
  report::Report report;
  std::function<void()> publish;  ///< gives the report so far to whoever reads it along the way
};

/// A cell that knows what is known of a model before it is measured.
report::Cell begin_cell(const learn::Facts& facts, Index steps);

/// Adds a sentence to what is odd about a cell.
void add_warning(report::Cell& cell, const std::string& warning);

/// Notes the poisoning rate that was asked for and what came of it.
void add_rates(report::Cell& cell, double asked, const poison::Ledger& ledger);

/// One experiment at some poisoning rates: hands each model that its rule comes to through its
/// stages. A model that comes again is known by its key and not looked at twice, so that one clean
/// control serves all rates.
///
/// @tparam Study an `Experiment`
template <class Study>
class StudyRun {
 public:
  using Net = typename Study::NetType;

  /// @param study with the overrides of the settings
  /// @param networks that this run has trained, whichever of its experiments did
  StudyRun(const Settings& settings, const Study& study, Watcher& watcher, Record& record,
           TrainedNetworks& networks)
      : settings_{settings},
        study_{study},
        watcher_{watcher},
        record_{record},
        networks_{networks} {
    using Set = typename Study::Parts::Clean;
    settings_.timesteps = settings.training().template steps_of<typename Study::EncodingType>(
        Set::name, data::frames_of<Set>());
    if constexpr (requires { study.rule.template check<Net>(); })
      study.rule.template check<Net>();
    else if constexpr (requires { study.rule.check(); })
      study.rule.check();
  }

  /// The steps of a sequence: those of the settings, or the frames of a sample.
  [[nodiscard]] Index timesteps() const { return settings_.timesteps; }

  /// The most steps that one of its models runs for.
  [[nodiscard]] Index longest() const {
    if constexpr (requires { study_.rule.longest(settings_.timesteps); })
      return study_.rule.longest(settings_.timesteps);
    else
      return settings_.timesteps;
  }

  /// Everything that a user can set and that a result may depend on, and what the data hold.
  Key prepare() {
    fit_trigger(settings_, study_);
    const auto material = load(0.0);
    clean_content_ = content(material.dirty.clean());
    common_ = common_key(settings_, study_);
    common_.set("training_set", clean_content_).set("test_set", content(material.test));
    if (material.held_out.size() > 0) common_.set("held_out_set", content(material.held_out));
    Key key = study_key(settings_, study_);
    key.set("training_set", clean_content_).set("test_set", *common_.find("test_set"));
    return key;
  }

  void run(const std::vector<double>& rates) {
    bool first = true;
    for (const double rate : rates) {
      const auto material = load(rate);
      if (record_.report.cells.empty()) {
        record_.report.manifest.data = {describe_source(material.train_source, "train"),
                                        describe_source(material.test_source, "test")};
        record_.report.ledger = summarize(material.dirty.ledger());
      }
      const TestSets tests{material.test, material.triggered};
      if (first && settings_.clean_control) learn(material, tests, false);
      if (rate > 0.0) learn(material, tests, true);
      if (rates.size() > 1) networks_.drop_passing();
      first = false;
    }
  }

 private:
  using Stages = typename Study::StagesType;

  template <class>
  struct MemoriesOf;
  template <class... Stage>
  struct MemoriesOf<std::tuple<Stage...>> {
    using type = std::tuple<stage::MemoryOf<Stage>...>;
  };

  /// What the models of one rate have in common.
  struct Round {
    const Material<Study>& material;
    const TestSets& tests;
    std::string poisoned_content;
    Key poison;
  };

  static std::string content(data::DatasetView set) {
    return crc32_text(data::content_checksum(set));
  }

  Material<Study> load(double rate) {
    settings_.poisoning_rate = rate;
    return Material<Study>::load(settings_, study_);
  }

  void learn(const Material<Study>& material, const TestSets& tests, bool poisoned) {
    Round round{material, tests, {}, {}};
    if (poisoned) {
      round.poisoned_content = content(material.dirty);
      round.poison = poison_key(settings_, study_);
      round.poison.set("poison.training_set", round.poisoned_content)
          .set("poison.test_set", content(material.triggered));
    }
    Context<Study> context{
        {settings_, study_, material, clean_content_, round.poisoned_content, watcher_, networks_},
        poisoned};
    const auto emit = [&](const auto& model) { return take<false>(model, round); };
    if constexpr (requires { study_.rule.learn(context, emit); })
      study_.rule.learn(context, emit);
    else
      learn::learn_from_scratch(study_.rule, context, emit);
  }

  /// Gives a model its number and, if it is new, sends it through the stages.
  template <bool repaired, class Model>
  std::size_t take(const Model& model, const Round& round) {
    const learn::Facts& facts = model.facts;
    Key key = common_;
    key.set("model", facts.rule);
    for (const auto& [name, value] : facts.key.lines())
      if (!name.starts_with("poison.")) key.set("rule." + name, value);
    if (facts.poisoned) {
      key.append(round.poison);
      for (const auto& [name, value] : facts.key.lines())
        if (name.starts_with("poison.")) key.set(name, value);
    }
    const auto [known, is_new] = numbers_.try_emplace(key.text(), roots_.size());
    const std::size_t number = known->second;
    if (!is_new) return number;
    roots_.push_back(facts.origin ? roots_[*facts.origin] : number);

    std::vector<report::Cell> cells;
    for (const Index steps : model.step_counts) {
      report::Cell& cell = cells.emplace_back(begin_cell(facts, steps));
      describe(round, facts, cell);
      cell.extra.set("key", key.digest());
    }
    stage::Context context = stage_context(round, facts, number, cells);
    if (const auto control = numbers_.find(key.without("poison.").text());
        facts.poisoned && control != numbers_.end())
      context.control = control->second;
    inspect(model, context, std::make_index_sequence<std::tuple_size_v<Stages>>{});
    auto& report = record_.report;
    report.cells.insert(report.cells.end(), cells.begin(), cells.end());
    report.keys.push_back(std::move(key));
    record_.publish();
    if constexpr (!repaired)
      std::apply([&](const auto&... one) { (repair(one, model, context, round), ...); },
                 study_.stages);
    return number;
  }

  template <class Model, std::size_t... number>
  void inspect(const Model& model, stage::Context& context,
               std::index_sequence<number...> /*numbers*/) {
    (stage::inspect(std::get<number>(study_.stages), model, context, std::get<number>(memories_)),
     ...);
  }

  template <class Stage, class Model>
  void repair(const Stage& one, const Model& model, stage::Context& context, const Round& round) {
    if constexpr (stage::Repairs<Stage, Model>) {
      const auto begin = std::chrono::steady_clock::now();
      const auto net = stage::repair(one, model, context);
      learn::Facts facts = model.facts;
      facts.origin = context.number;
      facts.repair = Stage::name;
      facts.seconds.repair =
          std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
      facts.key.add("repair", one);
      take<true>(learn::Model<std::remove_cvref_t<decltype(net)>, typename Model::Encoding,
                              typename Model::Net>{net, model.encoding, model.step_counts, facts,
                                                   &model.net},
                 round);
    }
  }

  /// Fills in what a cell has from the experiment.
  void describe(const Round& round, const learn::Facts& facts, report::Cell& cell) const {
    const poison::Ledger& ledger = round.material.dirty.ledger();
    cell.dataset = Study::DirtyType::name;
    cell.model = Net::notation();
    cell.trigger = ledger.trigger;
    using Tested = poison::TestingTrigger<typename Study::Parts::Trigger>;
    if constexpr (!std::is_same_v<Tested, typename Study::Parts::Trigger>)
      cell.trigger +=
          "; tested with " +
          poison::describe(poison::testing_trigger(study_.trigger),
                           poison::detail::stamped_shape<typename Study::Parts::Clean, Tested>());
    if constexpr (requires { study_.relabel.target; }) cell.target = study_.relabel.target;
    if (facts.poisoned)
      add_rates(cell, settings_.poisoning_rate, ledger);
    else
      cell.extra.set("poisoning_rate_achieved", 0.0);
    if (round.material.held_out.size() > 0)
      cell.extra.set("held_out_samples", round.material.held_out.size());
    cell.extra.set("encoding", Study::EncodingType::name);
    if constexpr (Study::DirtyType::frames > 1) cell.extra.set("frames", Study::DirtyType::frames);
    const auto& training = learn::training_of(study_.rule);
    if constexpr (requires { data::describe(training.augment); })
      cell.extra.set("augmentation", data::describe(training.augment));
    else
      cell.extra.set("augmentation", data::NoAugmentation::name);
  }

  stage::Context stage_context(const Round& round, const learn::Facts& facts, std::size_t number,
                               std::vector<report::Cell>& cells) const {
    const auto& dirty = round.material.dirty;
    stage::Context context{
        .cells = cells, .tests = round.tests, .clean = dirty.clean(), .training = dirty.clean()};
    if (facts.poisoned) context.training = dirty;
    if (round.material.held_out.size() > 0) context.held_out = round.material.held_out;
    context.number = number;
    context.root = roots_[number];
    context.seed = settings_.seed;
    context.batch_size = settings_.batch_size;
    context.out = settings_.out;
    context.stem = file_stem(facts.normalizer.empty() ? facts.rule : facts.normalizer, facts.neuron,
                             facts.poisoned ? settings_.poisoning_rate : 0.0);
    context.with_test_samples = [&](std::size_t samples, const auto& use) {
      const auto& test = round.material.test;
      const auto set = limit(test, std::min(samples, test.size()), settings_.seed);
      use(set);
    };
    context.watch = [&](const std::string& title, std::size_t samples) {
      return watcher_.measuring(title, samples);
    };
    return context;
  }

  Settings settings_;
  Study study_;
  Watcher& watcher_;
  Record& record_;
  TrainedNetworks& networks_;
  std::string clean_content_;
  Key common_;
  std::map<std::string, std::size_t> numbers_;  ///< of models, by their keys
  std::vector<std::size_t> roots_;              ///< for each model the first that it came from
  typename MemoriesOf<Stages>::type memories_{};
};

}  // namespace snnbd::inline SNNBD_ISA::experiment

#if !defined(SNNBD_COMPILED)
#include <snnbd/experiment/study_run.ipp>
#endif
