#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include <snnbd/core/setting.hpp>
#include <snnbd/learn/conversion/conversion.hpp>
#include <snnbd/learn/conversion/poisoned_steps.hpp>
#include <snnbd/learn/hybrid/stdb.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// The quantities of a rule that trains what it converted.
struct HybridSettings {
  std::vector<PoisonedSteps> combinations{com1, com4};  ///< which steps are poisoned, one by one
  int epochs = 2;                                       ///< of training a converted network
  Objective objective{};  ///< of networks that are tuned with poison (the paper's Eq. 14)

  /// Calls `visit(setting, member)` for each; see `Setting`.
  template <class Self, class Visit>
  static constexpr void list(Self& self, const Visit& visit) {
    visit(Setting{.name = "combinations",
                  .help = "which steps of hybrid learning are poisoned, separated by commas"},
          self.combinations);
    visit(Setting{.name = "tuning_epochs", .help = "of training a converted network", .low = 0},
          self.epochs);
    visit(Setting{.name = "tuning_objective",
                  .help = "how poisoned and clean samples count in the loss of networks that are "
                          "tuned with poison",
                  .option = false},
          self.objective);
  }
};

/// LR_H: trains the artificial twin of a network, converts it and trains the converted network
/// further (Rathi et al. 2020; the paper's Sec. 2.2.3 and 3.2). Each of the three steps may see
/// poison or not, see `HybridSettings::combinations`.
///
/// @tparam Training how the twin is trained
/// @tparam TuningRule how the converted network is trained further, such as `Stdb<>`
/// @tparam Rule the normalizer whose conversion is tuned
/// @tparam Others normalizers whose conversions are measured beside it
template <class Training, class TuningRule, Normalizer Rule, Normalizer... Others>
struct HybridBy {
  using Tuning = TuningRule;

  Training training{};
  std::tuple<Rule, Others...> normalizers{};
  ConversionSettings conversion{};
  Tuning tuning{};
  HybridSettings hybrid{};

  /// @throws Error if a setting is out of range, the pretrained network cannot be taken, or no
  ///   combination has a use for it
  template <class Net>
  void check() const {
    check_conversion<AnnTwin<Net>>(conversion, normalizers);
    check_policy(tuning);
    check_settings(hybrid);
    hybrid.objective.check();
    if (hybrid.combinations.empty()) reject("combinations", "at least one", "none");
    const auto poisoned = [](const PoisonedSteps& steps) { return steps.ann; };
    if (!conversion.pretrained.empty() && std::ranges::none_of(hybrid.combinations, poisoned))
      reject("pretrained", "a combination whose artificial network is backdoored", "none");
  }

  /// The most steps that a model of it runs for.
  [[nodiscard]] Index longest(Index timesteps) const {
    return std::max(timesteps, conversion.timesteps);
  }

  /// Hands on the artificial networks, their conversions and what tuning makes of the first one.
  ///
  /// @param context an `experiment::Context`
  /// @param emit takes a `Model` and gives its number
  template <class Context, class Emit>
  void learn(Context& context, const Emit& emit) const {
    if (!context.poisoned()) {
      convert_and_tune(context, false, chosen(false, false), emit);
      return;
    }
    for (const bool ann : {false, true})
      if (const auto steps = chosen(true, ann); !steps.empty())
        convert_and_tune(context, ann, steps, emit);
  }

 private:
  /// The combinations with poison anywhere, or without, whose artificial network saw it or did not.
  [[nodiscard]] std::vector<PoisonedSteps> chosen(bool any, bool ann) const {
    std::vector<PoisonedSteps> result = hybrid.combinations;
    std::erase_if(result,
                  [&](const auto& steps) { return steps.any() != any || steps.ann != ann; });
    return result;
  }

  template <class Context, class Emit>
  void convert_and_tune(Context& context, bool poisoned, const std::vector<PoisonedSteps>& steps,
                        const Emit& emit) const {
    using Ann = AnnTwin<typename Context::Net>;
    ConversionModels<Context> models{context, conversion};
    const auto encoding = models.template artificial_encoding<Ann>();
    const auto ann = models.template artificial<Ann>(training, encoding, poisoned, emit);
    models.convert_each(
        ann, normalizers, steps, emit, context.settings().timesteps,
        [&](const auto& converted, const Facts& facts, const std::vector<PoisonedSteps>& group) {
          for (const PoisonedSteps& one : group) tune(context, converted, facts, one, emit);
        });
  }

  /// Trains a converted network further and hands it on.
  ///
  /// @param facts of the conversion
  template <class Context, class Converted, class Emit>
  void tune(Context& context, const Converted& converted, Facts facts, const PoisonedSteps& steps,
            const Emit& emit) const {
    using Net = decltype(tuning.begin(converted));
    const auto tuned =
        context.train(tuning.training, tuning.begin(converted), context.encoding(),
                      "LR_H " + steps.name(), steps.tuning, hybrid.epochs, hybrid.objective);
    facts.rule = "LR_H";
    facts.neuron = tuned.facts.neuron;
    facts.combination = steps.name();
    facts.poisoned = steps.any();
    facts.seconds.tuning = tuned.facts.seconds.training;
    if (tuned.facts.last_epoch) facts.last_epoch = tuned.facts.last_epoch;
    facts.warnings.insert(facts.warnings.end(), tuned.facts.warnings.begin(),
                          tuned.facts.warnings.end());
    facts.key.add("tuning", tuning).add("tuning.epochs", hybrid.epochs);
    if (steps.tuning)
      facts.key.add("poison.tuning", true).add("poison.tuning_objective", hybrid.objective);
    emit(Model<Net, typename Context::Encoding, Converted>{
        tuned.net, context.encoding(), context.step_counts(context.settings().timesteps), facts,
        &converted});
  }
};

/// LR_H with cross entropy and Adam: `learn::Hybrid<learn::RobustNorm, learn::Stdb<>>`.
template <Normalizer Rule, class Tuning = Stdb<>>
using Hybrid = HybridBy<Bptt<>, Tuning, Rule>;

}  // namespace snnbd::inline SNNBD_ISA::learn
