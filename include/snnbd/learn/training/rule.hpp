#pragma once

#include <concepts>
#include <string_view>

#include <snnbd/learn/training/model.hpp>
#include <snnbd/learn/training/objective.hpp>
#include <snnbd/learn/training/trainer.hpp>

namespace snnbd::inline SNNBD_ISA::learn {

/// A way to train one network: `fit` trains `net`, which holds initial parameters, and gives its
/// record; `label<Net>()` is what reports call the rule with that network. An experiment also wants
/// a member `optimizer` with a `rate`, which `Settings::learning_rate` stands for, and reports a
/// member `augment` if there is one.
///
/// By itself it is a learning rule that comes to one network. A rule that comes to several, as
/// `ConversionBy` does, has a member function `learn(context, emit)`: `context` is an
/// `experiment::Context`, which trains networks and gives data; `emit(model)` hands a `Model` on
/// and gives its number, the `Facts::origin` of those that come from it. The rule by which it
/// trains, and whose `optimizer` and `augment` count, is then its member `training`.
template <class Type, class Net, class Encoding>
concept LearningRule = requires(const Type& rule, Net& net, const Encoding& encoding,
                                data::DatasetView set, const TrainSettings& settings,
                                const Objective& objective, const Observer& observer) {
  { Type::template label<Net>() } -> std::convertible_to<std::string_view>;
  { rule.fit(net, encoding, set, settings, objective, observer) } -> std::same_as<TrainRecord>;
  { rule.template estimate<Net, Encoding>(settings) } -> std::same_as<TrainEstimate>;
  { rule.probe(net, encoding, set, settings) } -> std::same_as<double>;
};

/// The rule whose optimizer and augmentation count.
template <class Rule>
auto& training_of(Rule& rule) {
  if constexpr (requires { rule.training; }) {
    return rule.training;
  } else {
    return rule;
  }
}

/// Comes to the one network that a rule trains.
template <class Rule, class Context, class Emit>
void learn_from_scratch(const Rule& rule, Context& context, const Emit& emit) {
  using Net = typename Context::Net;
  using Encoding = typename Context::Encoding;
  constexpr bool known = LearningRule<Rule, Net, Encoding>;
  static_assert(known,
                "snnbd: the rule of an experiment has fit, probe, estimate and label, or else "
                "learn(context, emit), see learn/rule.hpp");
  if constexpr (known) {
    const auto trained = context.train(rule, context.template initial<Net>(), context.encoding(),
                                       Rule::template label<Net>(), context.poisoned());
    emit(Model<Net, Encoding>{trained.net, context.encoding(),
                              context.step_counts(context.settings().timesteps), trained.facts});
  }
}

}  // namespace snnbd::inline SNNBD_ISA::learn
